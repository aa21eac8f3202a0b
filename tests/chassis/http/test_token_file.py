from pathlib import Path

import pytest

from services.chassis.http.token_file import TokensUnusable, read_tokens


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"a": ""}', '{"a": 1}', '{"operator": "x"}', '{"a": "same", "b": "same"}', "\xff"],
)
def test_a_tokens_file_that_cannot_be_meant_is_refused_without_repeating_a_token(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "tokens.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(TokensUnusable) as refused:
        read_tokens(path)
    assert "same" not in str(refused.value)


def test_a_tokens_file_is_names_and_tokens(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    path.write_text('{"case-system": "one"}')
    assert read_tokens(path) == {"case-system": "one"}
    assert read_tokens(None) == {}
