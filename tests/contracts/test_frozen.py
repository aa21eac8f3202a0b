"""Events are declared once: msgspec reads and writes what pydantic's schema says, and refuses all else."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from msgspec import DecodeError
from pydantic import TypeAdapter

from reliefstream_contracts.catalogue import EVENTS
from reliefstream_contracts.documents import kebab
from reliefstream_contracts.event import Event
from reliefstream_contracts.frozen import model_of, wrong_part
from tests.contracts.examples import examples

SECRET = "JANE DOE, 1961-02-03 - at `$.JANE`"
WRONG: tuple[Any, ...] = (None, "", "a" * 501, SECRET, 0, -1, True, [], {}, [SECRET], {SECRET: SECRET})
OTHERS = {
    "fact-stated.json": {
        "county": "los-angeles",
        "statement_id": "da-2026-1",
        "revision": 1,
        "withdrawn": False,
        "stated_by": {"role": "district_attorney", "account": "da-1", "city": None},
        "stated_on": "2026-11-02",
        "basis": "police report, page 3",
        "counts": [{"count": "doj/los-angeles/1/1", "section": "", "disposed_on": None, "case_number": None}],
        "facts": [{"fact": "plants", "value": "at_most_six"}, {"fact": "charge_date", "value": "2010-05-01"}],
    },
    "discrepancy-changed.json": {
        "discrepancy_id": "f13d9f40-ea7a-5611-a1c6-bf7e4375599b",
        "version": 1,
        "kind": "differing_fact",
        "status": "open",
        "owner": "doj",
        "county": "los-angeles",
        "subject_id": None,
        "conviction_id": None,
        "counts": ["doj/los-angeles/1/1"],
        "field": "level",
        "values": [["doj", "felony"], ["court", "misdemeanor"]],
        "due_by": None,
        "resolved_by": [],
        "first_seen": None,
        "at": "2026-11-02T09:00:00.000500Z",
    },
    "audit-head-signed.json": {
        "service": "ingest",
        "sequence": 1,
        "hash": "0a" * 32,
        "at": "2026-11-02T09:00:00Z",
        "public_key": "0b" * 32,
        "signature": "0c" * 64,
    },
    "conviction-sealed.json": {
        "dismissal_id": "f13d9f40-ea7a-5611-a1c6-bf7e4375599b",
        "county": "los-angeles",
        "published_at": "2026-11-02T09:00:00Z",
    },
}
"""Events that no person's records lead to at once, as JSON."""
OF_EVENTS = [one for one in EVENTS if f"{kebab(one.__name__)}.json" in {**examples(), **OTHERS}]
DERIVED = ("field", "where")
"""Fields of a problem that follow from the others: readers find them, and nobody has to give them."""
OF_THE_VOCABULARY = "value"
"""Which texts answer a fact is not in the schema."""
SCHEMAS = Path(__file__).parents[2] / "contracts" / "schemas"
EACH_EVENT = pytest.mark.parametrize("event", OF_EVENTS, ids=lambda event: kebab(event.__name__))


FORMATS = FormatChecker(formats=())
for name, parse in {"date": date.fromisoformat, "date-time": datetime.fromisoformat, "uuid": UUID}.items():
    FORMATS.checks(name, ValueError)(
        lambda value, parse=parse: not isinstance(value, str) or bool(parse(value))
    )


def example(event: type[Event]) -> dict[str, Any]:
    """An event of this type, as JSON."""
    found: dict[str, Any] = {**examples(), **OTHERS}[f"{kebab(event.__name__)}.json"]
    return found


def changed(whole: Any) -> Iterator[Any]:
    """The same with one field left out, or with one value that is perhaps not of its type, at every place."""
    for path in places(whole):
        *above, last = path
        if last == OF_THE_VOCABULARY:
            continue
        for value in WRONG if last in DERIVED else (*WRONG, KeyError):
            other = deepcopy(whole)
            inside = other
            for step in above:
                inside = inside[step]
            if value is KeyError:
                del inside[last]
            else:
                inside[last] = value
            yield other


def places(value: Any) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value but the whole of it."""
    within = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in within:
        yield (step,)
        yield from ((step, *rest) for rest in places(inner))


def refused(event: type[Event], text: str) -> str | None:
    """What a consumer says of a text that is no event; None: it is one."""
    try:
        event.from_json(text)
    except DecodeError as error:
        return wrong_part(error)
    return None


@EACH_EVENT
def test_an_event_is_written_as_its_schema_says(event: type[Event]) -> None:
    text = json.dumps(example(event))

    written = event.from_json(text).to_json()

    assert written == model_of(event).model_validate_json(text).model_dump_json().encode()
    assert TypeAdapter(event).dump_json(event.from_json(text)) == written


@EACH_EVENT
def test_a_text_is_an_event_for_its_consumers_where_its_schema_says_so(event: type[Event]) -> None:
    schema = Draft202012Validator(
        json.loads((SCHEMAS / f"{kebab(event.__name__)}.json").read_text()), format_checker=FORMATS
    )
    for other in changed(example(event)):
        assert (refused(event, json.dumps(other)) is None) == schema.is_valid(other), other


@EACH_EVENT
def test_a_text_that_is_no_event_is_refused_by_the_place_and_kind_of_its_mistake_alone(
    event: type[Event],
) -> None:
    said = {refused(event, json.dumps(other)) for other in changed(example(event))} - {None}

    assert said
    assert not [one for one in said if "JANE" in str(one) or "aaa" in str(one)]


def test_a_text_cut_short_or_too_deep_and_one_that_is_not_utf8_are_refused() -> None:
    event = EVENTS[0]
    text = json.dumps(example(event))

    assert refused(event, text[:-1]) == ": json_invalid"
    assert refused(event, f'{text[:-1]}, "unknown": {"[" * 9999}{"]" * 9999}}}') == ": json_invalid"
    with pytest.raises(DecodeError) as error:
        event.from_json(text.encode().replace(b'": "', b'": "\xff', 1))
    assert wrong_part(error.value) == ": json_invalid"
