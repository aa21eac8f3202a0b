"""What holds identifiers of people is its owner's alone to read."""

import errno
import os
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.chassis.runtime.private_file import check_writable, private_file
from services.cli.evaluate import evaluate
from services.cli.export import export
from services.cli.policy_compare import compare
from services.cli.terminal.exit import WrongUsage
from tests.evaluation.doj_rows import a_file, a_row

AS_OF = date(2019, 11, 11)


@pytest.fixture(autouse=True)
def everybody_may_read_what_says_nothing() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_its_owners_alone_whatever_stood_there(tmp_path: Path) -> None:
    for name in ("new", "old"):
        path = tmp_path / name
        if name == "old":
            path.write_text("before")
            path.chmod(0o644)
        with private_file(path) as file:
            file.write("now")
        assert (mode(path), path.read_text()) == (0o600, "now")


def test_a_file_that_is_not_written_whole_leaves_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "determinations.csv"
    path.write_text("before")
    with (
        pytest.raises(OSError, match=r"No space left on device: '.*determinations\.csv'"),
        private_file(path) as file,
    ):
        file.write("half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_written_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with private_file(tmp_path / "link") as file:
        file.write("now")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "now"


def test_what_evaluate_reads_is_not_written_over(tmp_path: Path) -> None:
    taken = tmp_path / "determinations.csv"
    taken.write_text(of_doj(tmp_path).read_text())
    with pytest.raises(WrongUsage, match="is read and would be written over"):
        evaluate(taken, county="los-angeles", policy="statute", as_of=AS_OF, out=tmp_path)


def test_a_pipe_stays_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o640)
    before, reader = mode(pipe), os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with private_file(pipe) as file:
            file.write("now")
        assert (os.read(reader, 10), mode(pipe)) == (b"now", before)
    finally:
        os.close(reader)


def of_doj(folder: Path) -> Path:
    path = folder / "doj.csv"
    path.write_text(a_file(a_row()) + "only,three,fields\n")
    return path


def test_everything_that_evaluate_writes_is_its_owners_alone(tmp_path: Path) -> None:
    evaluate(
        of_doj(tmp_path),
        county="los-angeles",
        policy="statute",
        as_of=AS_OF,
        out=tmp_path / "out",
        reports="peer",
    )
    modes = {path.name: oct(mode(path)) for path in (tmp_path / "out").iterdir()}
    assert {"determinations.csv", "refused.csv", "All_Results.csv"} <= modes.keys()
    assert set(modes.values()) == {"0o600"}, modes


def test_whom_a_comparison_lists_is_its_owners_alone(tmp_path: Path) -> None:
    policies = ("los-angeles-2020", "los-angeles-2021")
    compare(*policies, str(of_doj(tmp_path)), county="los-angeles", as_of=AS_OF, out=tmp_path / "out")
    for name in ("changes.csv", "refused.csv"):
        assert mode(tmp_path / "out" / name) == 0o600, name


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_an_export_is_its_owners_alone_while_it_is_asked_for(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / f"subjects.{ending}"

    def asked(*_: Any, **__: Any) -> Iterator[dict[str, Any]]:
        assert mode(out) == 0o600
        yield {"cii_number": "A1"}

    monkeypatch.setattr("services.cli.export.exported", asked)
    export("subjects", out=out)
    assert mode(out) == 0o600
    assert "A1" in out.read_text()


def test_whether_a_file_can_be_written_is_asked_without_showing_or_losing_it(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    old.write_text("before")
    for path in (new, old):
        check_writable(path)
        assert mode(path) == 0o600
    assert (new.read_text(), old.read_text()) == ("", "before")
    with pytest.raises(OSError, match="No such file"):
        check_writable(tmp_path / "nowhere" / "file")
