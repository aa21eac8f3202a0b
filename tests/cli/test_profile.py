"""A profile tried on a feed, at the command line."""

import io
from pathlib import Path

import pytest

from services.cli.profile import app
from services.cli.submission.file_messages import submitted_file
from services.cli.submit import profile_of
from services.cli.terminal.exit import Refused, WrongUsage
from services.evaluation.files.court_feed import CourtFeed
from services.evaluation.files.doj_file import UnreadableFile
from services.ingest.core.profile.feed_units import units
from tests.ingest.small_profiles import CSV, HEADER, SACRAMENTO_FOLDER, a_profile, csv_row, sacramento

FIXED = sacramento("mainframe")


def feed_of(folder: Path, *rows: bytes) -> Path:
    path = folder / "feed.csv"
    path.write_bytes(b"\r\n".join([HEADER, *rows]))
    return path


def trial(folder: Path, feed: Path, *arguments: str, text: str = CSV) -> None:
    (folder / "trial.yaml").write_text(text)
    call = ["try", str(feed), "--county", "sacramento", "--profile", str(folder / "trial.yaml"), *arguments]
    app(call, result_action="return_value")


def test_it_shows_what_each_column_is_understood_as(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trial(tmp_path, feed_of(tmp_path, csv_row(), csv_row(Count="2", Outcome="DISM"), csv_row(Case="c2")))

    shown = capsys.readouterr().out
    assert "2 cases read: 2 understood, 0 refused" in shown
    rows = {line.split()[0]: " ".join(line.split()[1:]) for line in shown.splitlines() if "." in line}
    assert rows["charges.disposition"] == "Outcome 3 of 3 CONV -> convicted; DISM -> dismissed"
    assert rows["defendant.name"] == "Name 3 of 3 xxx, xxxx x -> surname xxx, given xxxx, middle x"
    assert rows["defendant.birth_date"] == "Born 3 of 3 99/99/9999 -> 9999-99-99"
    assert "SSN: dropped (never sent)" in shown
    assert "Judge: ignored" in shown
    assert "DOE" not in shown


def test_names_are_shown_to_who_asks_for_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trial(tmp_path, feed_of(tmp_path, csv_row()), "--show-names")

    assert "DOE, JANE Q -> surname DOE, given JANE, middle Q" in capsys.readouterr().out


def test_what_is_refused_is_counted_with_its_reason_and_its_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [csv_row(Case=f"c{n}", Outcome="CJT") for n in range(3)] + [
        csv_row(Case="w", Level="WOBBLER"),
        csv_row(Case="x")[:40],
    ]

    with pytest.raises(Refused, match="4 of 5 cases are refused"):
        trial(tmp_path, feed_of(tmp_path, *rows))

    shown = capsys.readouterr().out
    assert (
        "3 x unknown_code: this code is not in the profile's table; column Outcome, first at row 1" in shown
    )
    assert "3 x CJT in Outcome (charges.disposition)\n" in shown
    assert "1 x WOBBLER in Level (charges.level_convicted): unknown to the law" in shown
    assert "1 x column_count" in shown


def test_only_so_many_cases_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feed = feed_of(tmp_path, *[csv_row(Case=str(n), Outcome="X" if n > 3 else "CONV") for n in range(9)])

    trial(tmp_path, feed, "--rows", "4")

    assert "4 cases read: 4 understood" in capsys.readouterr().out
    with pytest.raises(Refused, match="5 of 9"):
        trial(tmp_path, feed, "--rows", "0")


def test_a_wrong_call_is_told_what_is_there(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, csv_row())
    for arguments, says in (
        (
            ["try", str(feed), "--county", "sacramento", "--profile", "x"],
            "there are: ecourt, mainframe, odyssey",
        ),
        (["try", "nowhere", "--county", "sacramento", "--profile", "odyssey"], "no such file"),
        (["try", str(feed), "--county", "sacramento", "--profile", str(feed)], "line 1"),
    ):
        with pytest.raises(WrongUsage, match=says):
            app(arguments, result_action="return_value")
    with pytest.raises(Refused, match="none of the profile's columns"):
        app(
            ["try", str(feed), "--county", "sacramento", "--profile", "odyssey"], result_action="return_value"
        )


def test_check_names_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, wrong = SACRAMENTO_FOLDER / "profiles" / "odyssey.yaml", tmp_path / "trial.yaml"
    wrong.write_text(CSV.replace("record_id", "recordid"))

    with pytest.raises(Refused, match="1 of 2 profiles are wrong"):
        app(["check", str(good), str(wrong)], result_action="return_value")

    shown = capsys.readouterr().out
    assert "odyssey.yaml: good; CSV" in shown
    assert "trial.yaml, line 12: unknown key 'recordid'" in shown


@pytest.mark.parametrize("rows", ["anywhere", "together"])
def test_a_feed_on_disk_gives_the_same_cases_as_one_in_memory(tmp_path: Path, rows: str) -> None:
    profile = a_profile(tmp_path, CSV.replace("rows: anywhere", f"rows: {rows}"))
    found = [csv_row(Case=f"c{n * 7 % 13}" if n % 5 else "", Count=str(n)) for n in range(100)]
    feed = feed_of(tmp_path, *found, b"?", csv_row()[:30])

    with CourtFeed(feed, profile) as opened:
        on_disk, again = list(opened.units()), list(opened.units())

    assert on_disk == again == list(units(profile, io.BytesIO(feed.read_bytes())))


def test_a_case_is_a_message_with_its_rows_under_its_record(tmp_path: Path) -> None:
    profile = a_profile(tmp_path)
    file = submitted_file(
        feed_of(tmp_path, csv_row(), csv_row(Case="c2"), csv_row(Count="2")), "court", profile
    )

    with file.open():
        sent = [(m.key, m.metadata) for m in file.messages()]

    assert [(key, said.rows, said.profile, said.format) for key, said in sent] == [
        (b"c1", (1, 3), "trial", "court"), (b"c2", (2,), "trial", "court"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "empty_file"), (HEADER + b"\n\n", "no_rows"), (b"PK\x03\x04", "not_csv")]
)
def test_a_file_that_cannot_be_the_feed_is_refused_whole(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "feed.csv").write_bytes(data)

    with pytest.raises(UnreadableFile) as refused:
        CourtFeed(tmp_path / "feed.csv", a_profile(tmp_path))

    assert refused.value.problem.code == code


def test_a_countys_files_have_the_profile_that_its_file_names() -> None:
    found = profile_of("sacramento", "court", None)
    assert found is not None
    assert found.name == "odyssey"
    assert profile_of("sacramento", "court", "none") is None
    assert profile_of("los-angeles", "court", None) is None
    assert profile_of("sacramento", "doj", None) is None
    with pytest.raises(WrongUsage, match="there are: ecourt, mainframe, odyssey"):
        profile_of("sacramento", "court", "tyler")
