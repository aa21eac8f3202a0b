"""A sentence of which the disposition names a part that is not there is in doubt, not over."""

import pytest

from reliefstream_contracts.vocabulary.offense import Doubt, SentencePart
from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.rap_sheet.sentence import read_sentence

MISSING = (Doubt(field="sentence", kind="missing"),)


def parts(disposition: str, *written: tuple[str, str, str]) -> list[DojRow]:
    return [
        DojRow(
            cnt_order=f"001001001{place:03d}",
            disp_descr="" if place else disposition,
            sent_loc_descr=where,
            sent_length=length,
            sent_time_code=code,
        )
        for place, (where, length, code) in enumerate(written)
    ]


@pytest.mark.parametrize(
    ("disposition", "written"),
    [
        ("CONVICTED-PRISON", [("FINE", "", "")]),
        ("CONVICTED-PROBATION", [("FINE", "", "")]),
        ("CONVICTED-PROBATION", [("RESTN", "", "")]),
        ("CONVICTED-PROBATION", [("JAIL", "1", "D")]),
        ("CONVICTED-PROBATION", [("IMP SEN SS", "3", "Y")]),
        ("CONVICTED-PROBATION", [("PROBATION", "", ""), ("JAIL", "1", "D")]),
        ("CONVICTED-PROB/JAIL", [("JAIL", "30", "D")]),
        ("CONVICTED-PROB/JAIL", [("PROBATION", "36", "M")]),
        ("CONVICTED-PROB/JAIL", [("PROBATION", "36", "M"), ("JAIL", "0", "D")]),
        ("CONVICTED-FINE/JAIL", [("FINE", "500", "")]),
        ("CONVICTED-PRISON", [("JAIL", "1", "Y")]),
    ],
)
def test_a_part_that_the_disposition_names_and_no_row_gives_a_length_is_missing(
    disposition: str, written: list[tuple[str, str, str]]
) -> None:
    assert read_sentence(parts(disposition, *written))[1] == MISSING


@pytest.mark.parametrize(
    ("disposition", "written"),
    [
        ("CONVICTED-PROB/JAIL", [("PROBATION", "36", "M"), ("JAIL", "30", "D")]),
        ("CONVICTED-PROB/JAIL", [("JAIL", "30", "D"), ("PROB", "3", "Y"), ("FINE", "", "")]),
        ("CONVICTED-PROBATION", [("", "36", "M")]),
        ("CONVICTED-PROB", [("", "36", "M")]),
        ("CONVICTED-PRISON", [("PRISON", "LIFE", "")]),
        ("CONVICTED", [("JAIL", "30", "D")]),
        ("CONVICTED-JAIL", [("JAIL", "30", "D"), ("FINE SS", "", "")]),
        ("CONVICTED-FINE", [("FINE", "", "")]),
        ("CONVICTED-PROBATION", [("", "", "")]),  # nothing on record at all is known to be unknown
    ],
)
def test_a_sentence_with_all_that_its_disposition_names_is_in_no_doubt(
    disposition: str, written: list[tuple[str, str, str]]
) -> None:
    assert read_sentence(parts(disposition, *written))[1] == ()


def test_a_fine_alone_needs_no_part() -> None:
    assert read_sentence(parts("CONVICTED-FINE", ("", "", ""))) == ((SentencePart(kind="fine"),), ())
    assert read_sentence(parts("CONVICTED-FINE/JAIL", ("", "", ""))) == ((), ())


def test_a_fines_number_without_a_unit_is_its_amount() -> None:
    assert read_sentence(parts("CONVICTED-FINE", ("FINE", "500", ""))) == ((SentencePart(kind="fine"),), ())
    days = (SentencePart(kind="fine", length=10, unit="days"),)
    assert read_sentence(parts("CONVICTED-FINE", ("FINE", "10", "D"))) == (days, ())
