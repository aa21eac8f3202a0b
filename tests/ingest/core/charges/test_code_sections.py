"""Charges as courts and DOJ write them."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliefstream_contracts.vocabulary.california_codes import PROPOSITION_64
from services.ingest.core.charges.code_sections import read_offense

READ = {
    "11357(C) HS": "HS 11357(c)",
    "HS11357C": "HS 11357(c)",
    "H.S. 11357(C)": "HS 11357(c)",
    "11357CHS": "HS 11357(c)",
    "11357 C HS": "HS 11357(c)",
    "11360 C": "11360",
    "459.PC": "PC 459",
    "1359 WI": "WI 1359",
    "470 PC-PASS BILLS": "PC 470",
    "11361(A)-SELL MARIJUANA TO MINOR": "11361(a)",
    "664/11357(c) HS": "attempt HS 11357(c)",
    "664.11357(c) HS": "attempt HS 11357(c)",
    "664-11357(c) HS": "attempt HS 11357(c)",
    "664 PC/11359 HS": "attempt HS 11359",
    "11359/664 HS": "attempt HS 11359",
    "ATTEMPT 11359 HS": "attempt HS 11359",
    "182/11360 HS": "conspiracy HS 11360",
    "182(A)(1) PC/11360(A) HS": "conspiracy HS 11360(a)",
    "32 PC/11359 HS": "accessory HS 11359",
    "182(A)(1) PC-CONSPIRACY": "PC 182(a)(1)",
    "32 PC-ACCESSORY": "PC 32",
    "11357(A)(1)": "11357(a)(1)",
    "11359 (A) H&S": "HS 11359(a)",
    "/11357 HS": "HS 11357",
    "11359HS-INTENT": "HS 11359",
    "11357(C)HS-POSSESS MARIJUANA": "HS 11357(c)",
    "--40508 VC--": "VC 40508",
    "4060    BP": "BP 4060",
    "11357.5 HS": "HS 11357.5",
    "11357.5 HS-SYNTHETIC CANNABIS": "HS 11357.5",
    "113599 HS": "HS 113599",
    "537 PC": "PC 537",
    "187(A) PC": "PC 187(a)",
    "314(1) PC-INDECENT EXPOSURE": "PC 314(1)",
    "667(E)(2)(C)(IV) PC": "PC 667(e)(2)(c)(iv)",
    "273AB PC": "PC 273ab",
    "647A PC": "PC 647a",
    "647(A) PC": "PC 647(a)",
    "653F(C) PC": "PC 653f(c)",
    "311.10 PC": "PC 311.10",
    "286(C)(2)(A) PC": "PC 286(c)(2)(a)",
    "236.1(B)(1) PC": "PC 236.1(b)(1)",
    "273A(B)": "273a(b)",
    "11357(A) HS/148 PC": "HS 11357(a), PC 148",
    "HS 11357(B) PC 148": "HS 11357(b), PC 148",
    "148/11357 HS": "148, HS 11357",
    "246/186.22(B)(4) PC": "PC 246, PC 186.22(b)(4)",
    "12022.55 + 186.22(B)(4) PC": "PC 12022.55, PC 186.22(b)(4)",
    "11358 HS/11357(C) HS-POSS; 459 PC-BURG": "HS 11358, HS 11357(c), PC 459",
    "COUNT 2: 11359 HS": "HS 11359",
    "11357(C) AND 11359 HS": "HS 11357(c), HS 11359",
    "11357(C) WITH 11359 HS": "11357(c), HS 11359",
    "PC 459/484 AND 496": "PC 459, PC 484, PC 496",
    "187 P.C.": "PC 187",
    "187 P.C. A.B. 109": "PC 187",
    "11357(B) HS-28.5 GRAMS OR LESS": "HS 11357(b)",
    "11360(A) HS-SALE MARIJUANA/OVER 28.5 GRAMS": "HS 11360(a)",
    "23222(B) VC-POSS MARIJ": "VC 23222(b)",
    "4573.6 PC-MARIJUANA IN JAIL": "PC 4573.6",
    "11357 HS (F)": "HS 11357",
    "664187 PC-ATT MURDER": "attempt PC 187",
    "664187(A) PC": "attempt PC 187(a)",
    "664.187 PC": "attempt PC 187",
    "664.187(A) PC-ATT MURDER": "attempt PC 187(a)",
    "664211 PC": "attempt PC 211",
    "261.2 PC-RAPE": "PC 261(2)",
    "261.3 PC-RAPE": "PC 261(3)",
    "261.5 PC": "PC 261.5",
    "18 USC 1111-MURDER": "US 1111",
    "18 U.S.C. 1111": "US 1111",
    "18 USC SEC 2241(C)": "US 2241(c)",
    "18 2241(C) US": "US 2241(c)",
    "21 USC 841(A)(1)-MARIJUANA": "US 841(a)(1)",
    "120 UCMJ-RAPE": "US 120",
    "266I PC": "PC 266i",
    "653O PC": "PC 653o",
    "11361.5 HS": "HS 11361.5",
    "11362.3 HS": "HS 11362.3",
    "11362.1(A)(1) HS-POSSESS MARIJUANA": "HS 11362.1(a)(1)",
    "182/11360 HS-CONSPIRACY TO SELL": "conspiracy HS 11360",
    "32/11359 HS-ACCESSORY": "accessory HS 11359",
    "459 PC-CONSPIRACY": "PC 459",
}

UNREADABLE = [
    "",
    "MARIJUANA",
    "28.5 GRAMS MARIJUANA",
    "11357(C HS",
    "11357C) HS",
    "11357-C HS",
    "11357 HS (C)",  # a subdivision, or a mark of the level?
    "11357(B)/(C) HS",
    "11358 PC",  # no such crime in the Penal Code
    "1136O HS-SELL",
    "II357 HS",
    "1135 7 HS",
    "1135B HS",
    "11E58 HS",
    "11375 HS-POSS MARIJUANA",
    "I87 PC-MURDER",
    "26I PC-RAPE",
    "18O PC",
    "1202I PC",
    "L87(A) PC",
    "11-359 HS",
    "1.14E+04",
    "1,14E+04 HS",
    "11,359 HS",
    "11.359 HS",
    "113-58 HS",
    "664/1135 9 HS",
    "66411359 HS",
    "1135 HS",
    "1359 HS",
    "1135.9 HS",
    "11358.5 HS",
    "11360.5 HS",
    "11530.2 HS",
    "664.18 PC",
    "1111111 PC",
    "11359 HS-CONSPIRACY TO POSS",
    "11360(A) HS-CONSPIRE TO TRANSPORT",
    "11359 HS (CONSP)",
    "11359 HS-ACCESSORY",
    "11358 HS-CULTIVATE PSILOCYBIN",
    "11359 HS-POSS COCAINE FOR SALE",
    "11358 HS ATTEMPTED MURDER",
    "11360(A) HS-ROBBERY",
]


def said(text: str, comment: str = "") -> str:
    offense = read_offense(text, comment)
    how = [name for name in ("attempt", "conspiracy", "accessory") if getattr(offense, name)]
    return " ".join([*how, ", ".join(map(str, offense.sections))])


@pytest.mark.parametrize(("text", "expected"), READ.items())
def test_a_charge_is_read_exactly(text: str, expected: str) -> None:
    assert said(text) == expected
    assert said(text.lower()) == expected


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_cannot_be_read_is_never_guessed(text: str) -> None:
    assert read_offense(text).sections == ()


@pytest.mark.parametrize("pointer", ["", "   ", "SEE COMMENT FOR CHARGE", "See comments"])
def test_the_comment_is_the_charge_when_the_description_says_nothing(pointer: str) -> None:
    offense = read_offense(pointer, "11358 HS-CULTIVATE CANNABIS")
    assert offense.from_comment
    assert (str(offense), offense.as_written) == ("HS 11358", "11358 HS-CULTIVATE CANNABIS")


@pytest.mark.parametrize("comment", ["Conspiracy to possess marijuana for sale", "ACCESSORY AFTER THE FACT"])
def test_a_comment_that_calls_a_cannabis_charge_something_else_leaves_it_unread(comment: str) -> None:
    assert read_offense("11359 HS", comment).sections == ()
    assert said("182/11359 HS", "CONSPIRACY") == "conspiracy HS 11359"
    assert said("459 PC", "CONSPIRACY") == "PC 459"


def test_a_comment_beside_a_charge_is_a_flag_and_never_the_charge() -> None:
    offense = read_offense("11358 HS-CULTIVATE", "11359 - NOT 11358, 365 DAYS JAIL")
    assert str(offense) == "HS 11358"
    assert [str(s) for s in offense.comment_sections] == ["11359"]
    assert read_offense("11358 HS-CULTIVATE", "11358 - the same").comment_sections == ()


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    read_offense(text, text)


@given(st.text(alphabet="0123456789()ABCHSPV/-. ", max_size=25))
def test_every_cannabis_section_that_is_read_stands_in_the_text(text: str) -> None:
    for section in read_offense(text).sections:
        assert section.section not in PROPOSITION_64 or section.section in text


def peer_rows(peer: Path, function: str) -> list[tuple[str, str]]:
    with (peer / "code_sections.csv").open() as file:
        return [(r["input"], r["expected"]) for r in csv.DictReader(file) if r["function"] == function]


def test_every_section_of_the_peer_is_read_as_written(peer: Path) -> None:
    for function in ("IsSuperstrike", "IsPC290"):
        for text, _ in peer_rows(peer, function):
            found = read_offense(text).sections
            numbers = re.findall(r"\d+(?:\.\d+)?[a-z]*(?:\([a-z0-9]+\))*", text.lower().replace(" ", ""))
            expected = [n.removesuffix("pc") for n in numbers]
            assert [str(s).removeprefix("PC ") for s in found] == expected, text


def test_cannabis_is_found_where_the_peer_finds_it(peer: Path) -> None:
    for text, expected in peer_rows(peer, "ExtractProp64Section"):
        found = [s.section for s in read_offense(text).sections if s.section in PROPOSITION_64]
        assert found == ([expected] if expected else []), text
    for text, expected in peer_rows(peer, "Extract11357SubSection"):
        (section,) = read_offense(text).sections
        assert "".join(section.subdivisions).upper() == expected


# The peer takes (a) and (b), and (c) and (d), for the same; and says nothing of a blank description.
COMMENT_DIFFERENCES = {"11357(D)|11357(C)": "11357(c)", "|11357(A)": ""}


def test_a_charge_that_only_a_comment_names_is_flagged_as_by_the_peer(peer: Path) -> None:
    for pair, expected in peer_rows(peer, "PossibleP64ChargeOnlyInComment"):
        description, comment = pair.split("|")
        found = ", ".join(str(s) for s in read_offense(description, comment).comment_sections)
        assert found == COMMENT_DIFFERENCES.get(pair, expected.lower()), pair
