"""A misspelt county is wrong usage at every command that takes one, before a server is asked or a file is written."""

from pathlib import Path

import pytest

from services.cli.main import run

FEED = Path(__file__).resolve().parents[3] / "contracts" / "examples" / "court-case.json"
CALLS = {
    "submit": ["submit", str(FEED), "--format", "court"],
    "profile try": ["profile", "try", str(FEED), "--profile", "odyssey"],
    "export": ["export", "relief", "--out", "relief.csv"],
    "quarantine list": ["quarantine", "list"],
    "quarantine discard": ["quarantine", "discard", "--all", "--why", "B"],
    "dead-letters list": ["dead-letters", "list"],
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_misspelt_county_is_wrong_usage_and_the_known_ones_are_named(
    call: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run([*call, "--county", "los-angelos"]) == 2
    printed = capsys.readouterr()
    said = " ".join((printed.out + printed.err).replace("│", " ").split())
    assert 'Invalid value "los-angelos" for --county.' in said
    assert "known: contra-costa, los-angeles, sacramento, san-joaquin" in said
    assert not list(tmp_path.iterdir())
