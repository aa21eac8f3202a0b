"""Statements of fact: sent to ingest, followed at reconciliation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid5

from services.cli.client.addresses import Addresses
from services.cli.client.services import ask, ask_if_known
from services.cli.terminal.exit import Refused

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one statement; ``problems``: where, what and remedy of each, of one that is refused."""

    status: str
    statement_id: str | None
    revision: int | None
    trace_id: str | None
    problems: tuple[Document, ...]

    def why(self) -> str:
        """The problems in words."""
        return "; ".join(f"{one['where']}: {one['what']}; {one['remedy']}" for one in self.problems)


def state(
    county: str,
    statements: Sequence[Document],
    *,
    key: str = "",
    traceparent: str | None = None,
    found: Addresses | None = None,
) -> list[Taken]:
    """What became of each statement, in order.

    ``key``: the idempotency key, from which statements without an id get theirs. ``traceparent``: of what they answer,
    whose trace they continue; None: each begins one.
    Raises Refused where the request itself is refused; ServerMissing.
    """
    given = {"Idempotency-Key": key, "traceparent": traceparent}
    headers = {name: value for name, value in given.items() if value}
    answer = ask(
        "ingest", "POST", _top(county), body=list(statements), headers=headers, itemised=True, found=found
    )
    if "statements" not in answer:
        raise Refused(f"ingest: {answer['detail']}")
    return [Taken(**one | {"problems": tuple(one["problems"])}) for one in answer["statements"]]


def answer(
    county: str,
    question: Document,
    value: str,
    basis: str,
    *,
    traceparent: str | None = None,
    found: Addresses | None = None,
) -> Taken:
    """States the value as the answer to an open question of a determination; answered before, it is revised.

    ``question``: as the determination has it; ``traceparent``: its review's, so that one trace leads from the record
    through the answer to the dismissal. Raises Refused with what is wrong; ServerMissing.
    """
    from reliefstream_contracts.identifiers import NAMESPACE

    said = {
        "basis": basis,
        "counts": question["counts"],
        "facts": [{"fact": question["code"], "value": value}],
    }
    counts = "|".join(one["count"] for one in question["counts"])
    key = str(uuid5(NAMESPACE, f"answer|{question['code']}|{counts}"))
    (taken,) = state(county, [said], key=key, traceparent=traceparent, found=found)
    if any(one["code"] == "revision_taken" for one in taken.problems) and taken.statement_id:
        last = revisions(county, taken.statement_id, found=found)[-1]["revision"]
        revised = said | {"statement_id": taken.statement_id, "revision": last + 1}
        (taken,) = state(county, [revised], traceparent=traceparent, found=found)
    if taken.status == "refused":
        raise Refused(f"ingest: {taken.why()}")
    return taken


def withdraw(county: str, statement_id: str, why: str, *, found: Addresses | None = None) -> Taken:
    """Withdraws the latest revision. Raises Refused with what is wrong; ServerMissing."""
    last = revisions(county, statement_id, found=found)[-1]["revision"]
    said = {"statement_id": statement_id, "revision": last + 1, "withdrawn": True, "basis": why}
    (taken,) = state(county, [said], found=found)
    if taken.status == "refused":
        raise Refused(f"ingest: {taken.why()}")
    return taken


def revisions(county: str, statement_id: str, *, found: Addresses | None = None) -> list[dict[str, Any]]:
    """All revisions of a statement, the first one first. Raises Refused where there is none; ServerMissing."""
    known = ask_if_known("ingest", f"{_top(county)}/{statement_id}", found=found)
    if known is None:
        raise Refused(f"No statement {statement_id} in {county}: see reliefstream statement list.")
    told: list[dict[str, Any]] = known["revisions"]
    return told


def standing(county: str, statement_id: str, *, found: Addresses | None = None) -> dict[str, Any] | None:
    """What has become of a statement at reconciliation; None: it has not come there yet. Raises ServerMissing."""
    told: dict[str, Any] | None = ask_if_known(
        "reconciliation", f"{_top(county)}/{statement_id}", found=found
    )
    return told


def use(county: str, statement_id: str, *, found: Addresses | None = None) -> dict[str, Any] | None:
    """Whether the law uses a statement; None: it is applied to no conviction. Raises ServerMissing."""
    told: dict[str, Any] | None = ask_if_known("eligibility", f"{_top(county)}/{statement_id}", found=found)
    return told


def _top(county: str) -> str:
    return f"/v1/counties/{county}/statements"
