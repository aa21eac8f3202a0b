"""What an office sends to statements, or to what is wrong with it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.receipts import Problem
from reliefstream_contracts.vocabulary.stated_facts import FACTS
from services.chassis.http.errors import field_of, in_words
from services.ingest.core.redaction import redacted_value
from services.ingest.core.source_location import SourceLocation, private_number
from services.ingest.statements.request import StatementSaid

EARLIEST = date(1850, 9, 9)
"""California's first day as a state."""
LATER_THAN_TODAY = frozenset({"sentence_end"})


@dataclass(frozen=True, slots=True)
class Read:
    """One statement that can be read, with texts free of social security and licence numbers."""

    said: StatementSaid


def read(raw: Any, county: CountyName, today: date) -> Read | tuple[Problem, ...]:
    """The statement, or everything that is wrong with it; no text repeats a value that was sent."""
    try:
        said = StatementSaid.model_validate(raw)
    except ValidationError as error:
        return tuple(_of_form(fault) for fault in error.errors(include_input=False, include_url=False))
    found = tuple(_problems(said, county, today))
    return found or Read(_redacted(said))


def _of_form(fault: Any) -> Problem:
    where = SourceLocation(path=field_of(fault["loc"]))
    return where.problem(
        "invalid_statement", in_words(fault), "its form: POST statements in the reference of HTTP"
    )


def _problems(said: StatementSaid, county: CountyName, today: date) -> Iterator[Problem]:
    for path, text in _identifiers(said):
        if redacted_value(text) != text:
            yield private_number(SourceLocation(path=path))
    if said.withdrawn:
        return
    if said.basis is None:
        yield SourceLocation(path="basis").problem(
            "no_basis", "it is missing", "name the document and the page"
        )
    if not said.counts:
        remedy = (
            "repeat `counts` of the open question, or name each count with its section, day and case number"
        )
        yield SourceLocation(path="counts").problem("no_counts", "no count is named", remedy)
    if not said.facts:
        yield SourceLocation(path="facts").problem(
            "no_facts", "no fact is stated", "state a fact with its value"
        )
    yield from _of_counts(said, county)
    yield from _of_facts(said, today)


def _identifiers(said: StatementSaid) -> Iterator[tuple[str, str]]:
    if said.statement_id is not None:
        yield "statement_id", said.statement_id
    for number, one in enumerate(said.counts):
        yield f"counts[{number}].count", one.count
        if one.case_number is not None:
            yield f"counts[{number}].case_number", one.case_number


def _of_counts(said: StatementSaid, county: CountyName) -> Iterator[Problem]:
    named: set[str] = set()
    for number, one in enumerate(said.counts):
        where = SourceLocation(path=f"counts[{number}].count")
        parts = one.count.split("/")
        if len(parts) < 4 or parts[0] not in ("doj", "court") or not all(parts):
            remedy = "send source/county/record/count, as the open question has it"
            yield where.problem("not_a_count", "this is no count's key", remedy)
        elif parts[1] != county:
            remedy = "an office states what it knows of its own county's records: its own office has to"
            yield where.problem("another_county", "another county sent this count", remedy)
        if one.count in named:
            yield where.problem("count_twice", "this count is named twice", "name each count once")
        named.add(one.count)


def _of_facts(said: StatementSaid, today: date) -> Iterator[Problem]:
    stated: set[str] = set()
    for number, one in enumerate(said.facts):
        where = SourceLocation(path=f"facts[{number}].fact")
        known = FACTS.get(one.fact)  # type: ignore[call-overload]
        if known is None:
            yield where.problem("unknown_fact", "there is no such fact", _instead(one.fact))
            continue
        if one.fact in stated:
            yield where.problem("fact_twice", "this fact is stated twice", "state each fact once")
        stated.add(one.fact)
        if problem := _of_value(SourceLocation(path=f"facts[{number}].value"), one.fact, one.value, today):
            yield problem


def _instead(fact: str) -> str:
    if fact == "rap_sheet":
        return "send the person's complete rap sheet as a record: nobody states it"
    return "take the code of the open question; facts: " + ", ".join(sorted(FACTS))


def _of_value(where: SourceLocation, fact: str, value: str, today: date) -> Problem | None:
    values = FACTS[fact].values  # type: ignore[index]
    if values:
        if value in values:
            return None
        return where.problem("impossible_value", "this fact has no such value", f"say {' or '.join(values)}")
    try:
        day = date.fromisoformat(value) if len(value) == len("YYYY-MM-DD") else None
    except ValueError:
        day = None
    if day is None:
        return where.problem("not_a_day", "this is no day of the calendar", "send YYYY-MM-DD")
    if day < EARLIEST or (day > today and fact not in LATER_THAN_TODAY):
        return where.problem(
            "impossible_day", "it cannot have been on this day", "look it up and send it again"
        )
    return None


def _redacted(said: StatementSaid) -> StatementSaid:
    counts = tuple(one.model_copy(update={"section": redacted_value(one.section)}) for one in said.counts)
    basis = None if said.basis is None else redacted_value(said.basis)
    return said.model_copy(update={"counts": counts, "basis": basis})
