"""The form of a statement of fact as an office sends it."""

from typing import Annotated, Any

from pydantic import Field, StrictBool

from reliefstream_contracts.identifiers import StatementId
from reliefstream_contracts.vocabulary.stated_facts import FACTS
from services.chassis.http.text import Body, Day, Line, PlainText

MOST_COUNTS = 50


class CountSaid(Body):
    """One count that the author saw, as an open question gives it (``counts``); what is empty or left out, it shows
    none."""

    count: Annotated[Line, Field(max_length=400, examples=["court/los-angeles/LASC-BA012345-1/1"])]
    section: Annotated[PlainText, Field(max_length=1000, examples=["HS 11358"])] = ""
    disposed_on: Day | None = None
    case_number: Annotated[Line, Field(max_length=60, examples=["BA-012345"])] | None = None


class FactSaid(Body):
    """A fact by its code, with one of its values, or with a day where it has none."""

    fact: Annotated[Line, Field(max_length=100, examples=["plants"])]
    value: Annotated[Line, Field(max_length=100, examples=["at_most_six"])]


class StatementSaid(Body):
    """A new statement, or the next revision of one.

    ``statement_id``: the office's own; left out, the idempotency key makes one. ``withdrawn``: true withdraws it, and
    then counts, facts and basis may be left out.
    """

    statement_id: Annotated[StatementId, Field(examples=["da-2026-000117"])] | None = None
    revision: Annotated[int, Field(ge=1, le=1_000_000, strict=True)] = 1
    withdrawn: StrictBool = False
    basis: Annotated[Line, Field(max_length=500, examples=["police report 94-11872, page 3"])] | None = None
    counts: Annotated[tuple[CountSaid, ...], Field(max_length=MOST_COUNTS)] = ()
    facts: Annotated[tuple[FactSaid, ...], Field(max_length=len(FACTS))] = ()


def schema() -> dict[str, Any]:
    """The JSON Schema of a request's body: one statement, or a list of them."""
    one = StatementSaid.model_json_schema()
    parts = one.pop("$defs")
    one["properties"]["counts"]["items"] = parts["CountSaid"]
    one["properties"]["facts"]["items"] = parts["FactSaid"]
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": MOST}]}


MOST = 500
"""Statements of one request: one transaction."""
