"""The law and the policies, case by case: tables in ``cases/``, each with the text that it rests on."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import Conviction, HistoryChanged
from reliefstream_contracts.records import Registration
from reliefstream_contracts.vocabulary.offense import Doubt, SentencePart
from reliefstream_contracts.vocabulary.stated_facts import StatedFact
from services.eligibility.law.input.section_list import read_section
from tests.eligibility.builders import (
    AS_OF,
    a_conviction,
    a_history,
    a_statement,
    an_offense,
    judged,
    relieved,
)

CASES = Path(__file__).parent / "cases"
WHAT_IF = Path(__file__).parent / "what_if"
"""Policies by path: a county's table as somebody would have changed it."""
PERSON = {
    "born": "birth_date",
    "rap_sheet": "rap_sheet",
    "deceased": "deceased",
    "deceased_on": "deceased_on",
}
CONVICTION = {
    "level": "level_convicted",
    "day": "conviction_date",
    "offense_on": "offense_date",
    "agency": "prosecuting_agency",
    "court": "court",
    "event": "event",
    "case": "case_number",
    "county": "county",
    "sentence_end": "sentence_end_date",
    "sealed_by": "sealed_by",
    "destroyed_by": "destroyed_by",
    "juvenile": "juvenile",
}
CASE = {"name", "cites", "policy", "options", "as_of", "person", "conviction", "others", "stated", "expect"}
OFFENSE = {"attempt", "conspiracy", "accessory", "as_written"}
REGISTERED = {"day", "section"}
EXPECTED = {
    "outcome": "outcome",
    "reason": "reason",
    "route": "route",
    "city": "city",
    "label": "determination_label",
    "words": "reason_label",
    "minimum": "legal_minimum",
    "next": "next_review_on",
    "shown_by": "shown_by",
}
OF_QUESTIONS = {"questions", "answers"}
"""Codes of the open questions; and by code the answers, each with the outcome that it leads to."""


def _only(given: dict[str, Any], known: set[str]) -> None:
    unknown = set(given) - known
    assert not unknown, f"unknown keys {sorted(unknown)}; known are {sorted(known)}"


def read_cases() -> list[Any]:
    cases = []
    for path in sorted(CASES.glob("*.yaml")):
        for case in _of_file(yaml.load(path.read_text(), Loader=yaml.CSafeLoader)):
            _only(case, CASE)
            assert case["cites"], f"{path.name}: {case['name']} cites nothing"
            cases.append(pytest.param(case, id=f"{path.stem}: {case['name']}"))
    return cases


def _of_file(read: Any) -> Iterator[dict[str, Any]]:
    """A list of cases, or ``about`` (what all of them share, ``policies`` among it) and ``cases``."""
    if isinstance(read, list):
        yield from read
        return
    _only(read, {"about", "cases"})
    shared = dict(read["about"])
    for policy in shared.pop("policies", [None]):
        for case in read["cases"]:
            named = {"policy": policy, "name": f"{policy}: {case['name']}"} if policy else {}
            yield {**shared, **case, **named}


def found_in(case: dict[str, Any]) -> Determination:
    """What is found on the conviction that a case is about."""
    policy = case.get("policy", "los-angeles-2020")
    return judged(
        _history(case),
        str(WHAT_IF / policy) if policy.endswith(".yaml") else policy,
        case.get("as_of", AS_OF),
        options=case.get("options"),
    )


@pytest.mark.parametrize("case", read_cases())
def test_the_law_says(case: dict[str, Any]) -> None:
    found = found_in(case)

    _only(case["expect"], set(EXPECTED) | OF_QUESTIONS)
    given = dict(case["expect"])
    if "questions" in given:
        assert [one.code for one in found.open_questions] == given.pop("questions")
    for code, answers in given.pop("answers", {}).items():
        asked = next(one for one in found.open_questions if one.code == code)
        assert {one.value: one.outcome for one in asked.answers} == answers
    expected = {EXPECTED[key]: value for key, value in given.items()}
    if "shown_by" in expected:
        expected["shown_by"] = tuple(expected["shown_by"])
    assert {name: getattr(found, name) for name in expected} == expected
    assert found.grounds, "a determination explains itself"


def _history(case: dict[str, Any]) -> HistoryChanged:
    person = dict(case.get("person", {}))
    registered = person.pop("registered", [])
    doubts = _doubts(person.pop("doubts", {}))
    _only(person, set(PERSON))
    return a_history(
        _conviction("1", case.get("conviction", {})),
        *(_conviction(str(at), other) for at, other in enumerate(case.get("others", ()), 2)),
        registrations=tuple(_registration(one) for one in registered),
        doubts=doubts,
        stated_facts=tuple(_stated(one) for one in case.get("stated", ())),
        **{PERSON[key]: value for key, value in person.items()},
    )


def _stated(given: dict[str, Any]) -> StatedFact:
    """A statement: ``of`` the conviction of that number (1: the one judged), ``fact``, ``value``, ``by``."""
    _only(given, {"of", "fact", "value", "by"})
    return a_statement(
        str(given.get("of", 1)), given["fact"], str(given["value"]), by=given.get("by", "da-1")
    )


def _conviction(name: str, given: dict[str, Any]) -> Conviction:
    given = dict(given)
    sections = given.pop("sections", [given.pop("section", "HS 11359")])
    offense = an_offense(*sections, **{key: given.pop(key) for key in OFFENSE & set(given)})
    if given.pop("no_code", False):
        bare = tuple(section.replace(code="") for section in offense.sections)
        offense = offense.replace(sections=bare)
    changes: dict[str, Any] = {"offense": offense, "doubts": _doubts(given.pop("doubts", {}))}
    if "sentence" in given:
        changes["sentence"] = tuple(_part(text) for text in given.pop("sentence"))
    if "comment" in given:
        named = tuple(map(read_section, given.pop("comment")))
        changes["offense"] = offense.replace(comment_sections=named)
    if "beside" in given:
        changes["charged_beside"] = tuple(map(read_section, given.pop("beside")))
    if "relief" in given:
        changes["later_relief"] = relieved(given.pop("relief"))
    changes |= {key: given.pop(key) for key in ("count", "source") if key in given}
    _only(given, set(CONVICTION))
    changes |= {CONVICTION[key]: tuple(v) if isinstance(v, list) else v for key, v in given.items()}
    return a_conviction(name=name, **changes)


def _registration(given: Any) -> Registration:
    """A day, or ``day`` and ``section``."""
    facts = given if isinstance(given, dict) else {"day": given}
    _only(facts, REGISTERED)
    section = facts.get("section", "PC 290")
    return Registration(section=read_section(section) if section else None, on=facts["day"])


def _doubts(given: dict[str, Any]) -> tuple[Doubt, ...]:
    """Kinds of doubts by field."""
    return tuple(Doubt(field=field, kind=kind) for field, kind in given.items())


def _part(text: str) -> SentencePart:
    """``jail 90 days``, ``life``, ``imp sen ss``, ``fine 500``."""
    kind, length, unit = re.fullmatch("(.+?)(?: ([0-9]+)(?: ([a-z]+))?)?", text).groups()  # type: ignore[union-attr]
    return SentencePart(kind=kind, length=int(length) if length else None, unit=unit)


def test_a_case_with_an_unknown_key_is_refused() -> None:
    with pytest.raises(AssertionError, match="unknown keys"):
        _conviction("1", {"lvl": "felony"})


def test_dates_in_the_tables_are_fixed() -> None:
    assert all(isinstance(case.values[0].get("as_of", AS_OF), date) for case in read_cases())
