"""Fixed columns by a profile, in the manner of a mainframe."""

import io
from pathlib import Path

import pytest

from services.ingest.core.profile.feed_units import units
from services.ingest.core.profile.sent_case import SentCase, read_sent_case
from tests.ingest.small_profiles import SACRAMENTO_FOLDER, TODAY, a_profile, read, refused, sacramento, sent

KEY = f"{'94-F0001':<14}0001"
CASE = f"10{KEY}{'SACRAMENTO':<18}SAC{'BA-1012345':<16}DA A".encode()
PERSON = f"11{KEY}{'GARCIA LOPEZ/JOSE L JR':<35}010270MH{'A12345678':<11}{'P77':<9}000123456".encode()
CHARGE = f"20{KEY}1  {'11357(C) HS':<24}FF981130NC".encode()
OUTCOME = f"21{KEY}02 990115".encode()
JAIL = f"30{KEY}JL0090D".encode()
RELIEF = f"40{KEY}1203030405".encode()
ROWS = [CASE, PERSON, CHARGE, JAIL, JAIL.replace(b"JL0090D", b"PB0003Y"), RELIEF, OUTCOME]
PROFILE = sacramento("mainframe")


def test_rows_of_several_types_are_a_case() -> None:
    case = read(PROFILE, *ROWS, header=b"")

    assert (case.record_id, case.revision, case.case_number) == ("94-F0001", 1, "BA1012345")
    person = case.defendant
    assert (person.surname, person.given_name, person.middle_name, person.name_suffix) == (
        "GARCIA LOPEZ", "JOSE", "L", "JR",
    )  # fmt: skip
    assert (str(person.birth_date), person.race, person.cii_number) == ("1970-01-02", "HISPANIC", "A12345678")
    (charge,) = case.charges
    assert (charge.level_charged, charge.level_convicted, charge.plea) == (
        "felony",
        "felony",
        "nolo contendere",
    )
    assert (str(charge.offense_date), str(charge.disposition_date)) == ("1998-11-30", "1999-01-15")
    assert [(part.kind, part.length, part.unit) for part in charge.sentence] == [
        ("jail", 90, "days"), ("probation", 3, "years"),
    ]  # fmt: skip
    assert [(str(relief.relief_date), relief.kind) for relief in charge.later_relief] == [
        ("2003-04-05", "pc_1203_4")
    ]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([PERSON, *ROWS], ("row_out_of_order", "row 1")),
        ([CASE, JAIL], ("row_out_of_order", "row 2")),
        ([CHARGE], ("row_out_of_order", "row 1")),
        ([*ROWS, CASE], ("row_out_of_order", "row 8")),
        ([*ROWS, b"55" + CASE[2:]], ("unknown_record_type", "row 8, positions 1 to 2")),
        ([*ROWS, OUTCOME.replace(b"02 ", b"11 ")], ("rows_disagree", "row 8, column DISP")),
        ([CASE, PERSON.ljust(100) + b"X", *ROWS[2:]], ("row_too_long", "row 2, position 101")),
        ([*ROWS[:3], JAIL + b" X"], ("unexpected_text", "row 4, position 29")),
        ([CASE, PERSON, CHARGE, OUTCOME[:-1]], ("row_truncated", "row 4, column DISP-ON")),
        ([CASE, PERSON, CHARGE, JAIL[:-2], OUTCOME], ("row_truncated", "row 4, column LENGTH")),
        ([CASE, PERSON, CHARGE, OUTCOME[:12]], ("row_truncated", "row 4")),
        ([CASE, PERSON, CHARGE], ("missing_field", "row 3, column DISP")),
        ([CASE, PERSON.replace(b"010270", b"130270"), *ROWS[2:]], None),
        ([CASE, PERSON, CHARGE.replace(b"981130", b"981131"), OUTCOME], ("invalid_date", "row 3, column OFFENSE-ON")),
        ([CASE.replace(b"SAC", b"LAX", 2), *ROWS[1:]], ("unknown_code", "row 1, column COURT")),
        ([CASE[:30] + b"\x00" + CASE[31:], *ROWS[1:]], ("row_not_text", "row 1")),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_with_its_column(rows: list[bytes], problem: tuple[str, str] | None) -> None:
    found = read_sent_case(PROFILE, sent(*rows, header=b""), TODAY)

    if problem is None:
        assert isinstance(found, SentCase)
        assert [unread.field for unread in found.unread] == ["birth_date"]
        assert found.unread[0].as_written is None  # a person's own
    else:
        assert not isinstance(found, SentCase)
        assert problem in [(each.code, each.where) for each in found]


def test_a_short_row_is_refused_where_rows_are_whole(tmp_path: Path) -> None:
    text = (SACRAMENTO_FOLDER / "profiles" / "mainframe.yaml").read_text()
    profile = a_profile(
        tmp_path, text.replace("profile: mainframe", "profile: trial").replace("padded ", "refuse ")
    )
    whole = [row.ljust(100) for row in ROWS]

    assert read(profile, *whole, header=b"").record_id == "94-F0001"
    assert refused(profile, *whole[:-1], whole[-1][:99], header=b"") == [("row_truncated", "row 7")]


def test_the_same_case_right_behind_itself_is_sent_twice() -> None:
    text = b"00BEGIN\r\n" + b"\r\n".join([*ROWS, *ROWS]) + b"\r\n99END\r\n\x1a"

    found = list(units(PROFILE, io.BytesIO(text)))

    assert [unit.numbers for unit in found] == [tuple(range(2, 9)), tuple(range(9, 16))]
    assert found[0].value == found[1].value
    assert b"000123456" not in found[0].value


def test_a_row_cut_off_before_its_key_belongs_to_the_case_around_it() -> None:
    other = [row.replace(b"94-F0001", b"94-F0002") for row in ROWS]
    rows = [*ROWS[:3], b"30", *ROWS[3:], *other, b"21"]

    found = list(units(PROFILE, io.BytesIO(b"\n".join(rows))))

    assert [unit.numbers for unit in found] == [tuple(range(1, 9)), tuple(range(9, 16)), (16,)]
