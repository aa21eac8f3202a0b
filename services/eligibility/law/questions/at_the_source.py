"""Doubts that no statement of a fact settles: a record, or a decision on whose it is, has to come."""

from collections.abc import Iterator
from typing import NamedTuple

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.vocabulary.stated_facts import Fact
from services.eligibility.law.engine.in_doubt import OF_A_PERSON
from services.eligibility.law.input.judged_conviction import Case

IDENTITY = Fact("Are all of these records one person's?", {}, ("records_unit",))
NUMBER = Fact("What is the number of the case?", {}, ("clerk", "records_unit"))
REST_OF_HISTORY = Fact(
    "What does the complete state rap sheet show beside what is on record here?", {}, ("records_unit",)
)


class Settled(NamedTuple):
    """One doubt, its question with the one answer of which the consequence can be told, and the history without it."""

    code: str
    fact: Fact
    value: str
    words: str
    history: HistoryChanged


def at_the_source(case: Case, missing: tuple[str, ...]) -> Iterator[Settled]:
    """The doubts among what tests name as missing, each as if its source had settled it."""
    history, own = case.history, case.conviction
    if "identity" in missing:
        kept = tuple(doubt for doubt in history.doubts if doubt.field not in OF_A_PERSON)
        clear = history.replace(doubts=kept)
        yield Settled("identity", IDENTITY, "one_person", "one person's", clear)
    if "case_number" in missing:
        kept = tuple(doubt for doubt in own.doubts if doubt.field != "case_number")
        others = tuple(one.replace(doubts=kept) if one is own else one for one in history.convictions)
        clear = history.replace(convictions=others)
        yield Settled("case_number", NUMBER, "a_number", "a number that can be read", clear)
    if "rap_sheet" in missing:
        complete = history.replace(rap_sheet="complete")
        yield Settled("rap_sheet", REST_OF_HISTORY, "nothing_more", "nothing more", complete)
