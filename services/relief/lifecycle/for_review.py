"""What people are shown of a determination that needs their review, and how it is told whether that changed."""

import hashlib
import json
from typing import Any

from reliefstream_contracts.determinations import Determination, Ground, OpenQuestion, Outcome
from reliefstream_contracts.frozen import Frozen
from reliefstream_contracts.relief import ReliefGranted, ReviewOffice
from reliefstream_contracts.vocabulary.stated_facts import Office
from services.relief.lifecycle.authority import has_authority

PARTS = ("finding", "office", "conviction", "dates", "case_number", "grounds", "questions", "policy")
"""What a digest tells apart, in its order."""
PROSECUTORS: frozenset[Office] = frozenset({"district_attorney", "city_attorney"})
WIDTH = 8
"""Hexadecimal digits of a part."""


class ForReview(Frozen):
    """A determination as its review shows it. ``at_stake``: the relief that a challenge would be against."""

    digest: str
    office: ReviewOffice
    city: str | None
    at_stake: ReliefGranted
    legal_minimum: Outcome | None
    determination_label: str
    reason_label: str
    grounds: tuple[Ground, ...]
    questions: tuple[OpenQuestion, ...]


def for_review(determination: Determination) -> ForReview | None:
    """None where nobody has to review the determination.

    Relief that is a city attorney's to ask for is reviewed there, as no other office moves for it.
    """
    if determination.outcome != "needs_review" and not _asked_of_city(determination):
        return None
    reached = {answer.outcome for each in determination.open_questions for answer in each.answers}
    less = determination.outcome == "redesignation" or (
        determination.outcome == "needs_review"
        and "redesignation" in {determination.legal_minimum, *reached}
        and "dismissal" not in reached
    )
    return ForReview(
        digest=digest(determination),
        office=_office(determination),
        city=determination.city,
        at_stake="redesignation" if less else "dismissal",
        legal_minimum=determination.legal_minimum,
        determination_label=determination.determination_label,
        reason_label=determination.reason_label,
        grounds=determination.grounds,
        questions=determination.open_questions,
    )


def digest(one: Determination) -> str:
    """Hexadecimal, of all that a person decides on: unchanged by ids, versions, and a day on which nothing turns."""
    grounds = [(each.rule, each.citation, each.finding, each.facts) for each in one.grounds]
    questions = [
        (each.code, each.section, each.case_number, sorted({answer.outcome for answer in each.answers}))
        for each in one.open_questions
    ]
    parts: tuple[Any, ...] = (
        (one.outcome, one.reason, one.legal_minimum, one.determination_label, one.reason_label),
        (one.route, one.city),
        (one.county, one.court, one.section, one.level),
        (one.conviction_date, one.disposition_date),
        (one.case_number, sorted(one.source_case_numbers.items())),
        grounds,
        questions,
        (one.law_name, one.policy),
    )
    return "".join(_hash(part) for part in parts)


def changed(before: str, after: str) -> tuple[str, ...]:
    """The parts in which two digests differ; all of them where one is no digest."""
    if len(before) != len(after):
        return PARTS
    places = range(0, len(after), WIDTH)
    return tuple(
        name
        for name, at in zip(PARTS, places, strict=True)
        if before[at : at + WIDTH] != after[at : at + WIDTH]
    )


def _hash(part: object) -> str:
    text = json.dumps(part, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:WIDTH]


def _asked_of_city(one: Determination) -> bool:
    gives_relief = one.outcome in ("dismissal", "redesignation")
    return gives_relief and one.route == "city_attorney" and has_authority(one.section)


def _office(one: Determination) -> ReviewOffice:
    """The office that the determination routes to; another one where only that can answer what is open."""
    if one.route == "city_attorney" and one.city:
        return "city_attorney"
    asked = [set(each.asked_of) for each in one.open_questions]
    if asked and not any(offices & PROSECUTORS for offices in asked):
        return "clerk" if all("clerk" in offices for offices in asked) else "records_unit"
    return "district_attorney"
