"""``reliefstream sample`` at the command line."""

from pathlib import Path

import pytest
from cyclopts import App

from services.cli.sample import sample
from services.cli.terminal.exit import WrongUsage


def called(*arguments: str) -> None:
    app = App(result_action="return_value")
    app.command(sample)
    app(["sample", *arguments])


def test_it_writes_four_files_and_says_what_is_in_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "folder"
    called("--county", "Los Angeles", "--scale", "0.001", "--seed", "3", "--out", str(out))
    assert sorted(path.name for path in out.iterdir()) == [
        "court.jsonl", "doj.csv", "truth.json", "truth.jsonl",
    ]  # fmt: skip
    shown = capsys.readouterr()
    assert "relief is due on 120 convictions" in shown.out
    assert shown.err == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--scale", "much"), "is no number"),
        (("--scale", "1/0"), "is no number"),
        (("--scale", "nan"), "is no number"),
        (("--scale", "0"), "at least 1/1000"),
        (("--scale", "-1"), "at least 1/1000"),
        (("--seed", "-1"), "0 or more"),
        (("--county", "gotham"), "no county of California"),
    ],
)
def test_a_wrong_call_is_told_what_to_write(tmp_path: Path, arguments: tuple[str, str], says: str) -> None:
    with pytest.raises(WrongUsage, match=says):
        called("--out", str(tmp_path), *arguments)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongUsage, match="Choose another --out"):
        called("--out", str(tmp_path / "file"))
