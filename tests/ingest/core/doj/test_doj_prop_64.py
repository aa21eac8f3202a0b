"""Proposition 64 in a rap sheet's words: only a grant that is said as done is one."""

import pytest

from services.ingest.core.doj.rap_sheet.later.relief import read_relief
from tests.ingest.rows import row, sheet

GRANTED = {
    "DISMISSED AND SEALED PER 11361.8 HS": "hs_11361_8_dismissal",
    "DISMISSED/SEALED PER 11361.8 HS": "hs_11361_8_dismissal",
    "DISM AND SEALED PER 11361.8 HS": "hs_11361_8_dismissal",
    "DISM PURS TO 11361.8(F) HS": "hs_11361_8_dismissal",
    "PROP 64 - CONVICTION DISMISSED": "hs_11361_8_dismissal",
    "CONVICTION SET ASIDE PER PROP 64": "hs_11361_8_dismissal",
    "P64 DISMISSED": "hs_11361_8_dismissal",
    "DISMISSED PER PROP 64; ORIG MISDEMEANOR": "hs_11361_8_dismissal",
    "SEALED PER PROP 64, CASE NO BA012345": "hs_11361_8_dismissal",
    "REDESIGNATED AS MISDEMEANOR PER HS 11361.8(F)": "hs_11361_8_redesignation",
    "RESENTENCED PER PROPOSITION 64": "hs_11361_8_redesignation",
}
UNCLEAR = [
    "PETITION FOR DISMISSAL PER 11361.8(E) HS FILED",
    "PETITION FOR DISMISSAL PER 11361.8(E) HEARING SET",
    "11361.8 HS DISMISSAL HEARING SET",
    "NOT ELIGIBLE FOR DISMISSAL PER PROP 64",
    "MTN TO DISMISS 11361.8 DEN",
    "PROP 64 DISMISSAL OPPOSED BY DA",
    "PROP 64 DISMISSAL CHALLENGED",
    "PROP 64 DISMISSAL VACATED",
    "PROP 64 ORDER SET ASIDE",
    "PROP 64 PETITION DISMISSED WITHOUT PREJUDICE",
    "MAY BE ELIGIBLE FOR DISMISSAL UNDER PROP 64",
    "PROPOSITION 64 RELIEF GRANTED",
    "REDUCED TO MISD AND DISMISSED PER 11361.8 HS",
    "DISMISSED PER 1203.4 PC AND PROP 64",
    "DISMISSED; PROP 64",
    "SENTENCE RECALLED PER PROP 64",
    "PROP 64",
]


@pytest.mark.parametrize(("text", "kind"), GRANTED.items())
def test_a_grant_that_is_said_as_done_is_read(text: str, kind: str) -> None:
    assert read_relief(text) == ((kind,), ())


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_only_speaks_of_it_is_no_relief_and_in_doubt(text: str) -> None:
    read = read_relief(text)
    assert not [kind for kind in read.kinds if kind.startswith("hs_")]
    assert read.unclear == (text,)


@pytest.mark.parametrize("text", UNCLEAR)
@pytest.mark.parametrize("order", ["001002001001", "001005001000"], ids=["same count", "step of its own"])
def test_what_only_speaks_of_it_is_a_doubt_on_the_conviction(text: str, order: str) -> None:
    first = sheet(row(), row(CNT_ORDER=order, DISP_DESCR=text, STP_EVENT_DATE="20190301")).counts[0]
    assert not [relief for relief in first.later_relief if relief.kind.startswith("hs_")]
    assert [(d.field, d.kind) for d in first.doubts] == [("later_relief", "unparsed")]


@pytest.mark.parametrize("orders", [("001005001000", "001006001000"), ("001002001001", "001002001002")])
def test_a_grant_that_another_row_takes_back_is_a_doubt_only(orders: tuple[str, str]) -> None:
    granted = row(CNT_ORDER=orders[0], DISP_DESCR="DISMISSED AND SEALED PER 11361.8 HS")
    undone = row(CNT_ORDER=orders[1], DISP_DESCR="PROP 64 DISMISSAL VACATED")
    (count,) = sheet(row(), granted, undone).counts
    assert count.later_relief == ()
    assert [(d.field, d.kind) for d in count.doubts] == [("later_relief", "unparsed")]


@pytest.mark.parametrize(
    ("comment", "kinds", "doubtful"),
    [
        ("DISMISSED AND SEALED PER 11361.8 HS", ["hs_11361_8_dismissal"], False),
        ("PROP 64 DISMISSAL GRANTED", ["hs_11361_8_dismissal"], False),
        ("DISMISSED PER PROP 64", [], True),
        ("MAY BE ELIGIBLE FOR DISMISSAL UNDER PROP 64", [], True),
        ("SENTENCE MODIFIED", ["sentence_modified"], False),
    ],
)
def test_a_comment_on_a_conviction_grants_it_in_plain_words_only(
    comment: str, kinds: list[str], doubtful: bool
) -> None:
    (count,) = sheet(row(COMMENT_TEXT=comment)).counts
    assert [relief.kind for relief in count.later_relief] == kinds
    assert [d.field for d in count.doubts] == (["later_relief"] if doubtful else [])


def test_a_grant_without_a_case_number_is_a_doubt_on_whom_it_may_fit() -> None:
    grant = row(CNT_ORDER="001005001000", OFN="", DISP_DESCR="DISM AND SEALED PER 11361.8 HS",
                STP_EVENT_DATE="20200213")  # fmt: skip
    other = row(CNT_ORDER="001002002000", OFFENSE_DESCR="459 PC-BURGLARY")
    found = sheet(row(), other, grant)
    assert [[(d.field, d.kind) for d in count.doubts] for count in found.counts] == [
        [("later_relief", "unparsed")], [], [],
    ]  # fmt: skip
    assert all(count.later_relief == () for count in found.counts if count.outcome == "convicted")


def test_a_step_that_may_be_relief_under_proposition_64_shows_a_conviction_though_it_names_1385() -> None:
    (count,) = sheet(row(DISP_DESCR="DISMISSED PER 1385 PC; PROP 64", CONV_STAT_DESCR="")).counts
    assert count.outcome == "convicted"


def test_relief_that_fits_two_counts_takes_from_neither_what_its_own_row_grants() -> None:
    granted = row(OFFENSE_DESCR="11359 HS", SENT_LOC_DESCR="DISMISSED AND SEALED PER 11361.8 HS")
    beside = row(OFFENSE_DESCR="11359 HS", CNT_ORDER="001002002000")
    step = row(OFFENSE_DESCR="11359 HS", CNT_ORDER="001003001000", DISP_DESCR="DISMISSED PER PROP 64")
    first, second, *_ = sheet(granted, beside, step).counts
    assert [one.kind for one in first.later_relief] == ["hs_11361_8_dismissal"] and not second.later_relief
    assert [(doubt.field, doubt.kind) for doubt in second.doubts] == [("later_relief", "contradictory")]
