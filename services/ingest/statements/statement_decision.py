"""What becomes of one statement: recorded, a repeat, or refused with what is wrong. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from reliefstream_contracts.identifiers import CaseNumber, CountKey, CountyName, StatementId
from reliefstream_contracts.receipts import Problem
from reliefstream_contracts.statements import FactStated, SeenCount
from reliefstream_contracts.vocabulary.stated_facts import FACTS, FactValue, Office, StatedBy
from services.chassis.identity.caller import Caller, Grant
from services.ingest.core.source_location import SourceLocation
from services.ingest.statements.request import StatementSaid

OFFICES: tuple[Office, ...] = get_args(Office)
FORBIDDEN = frozenset({"not_this_office", "another_office"})
"""Codes of what an office may not do."""
CONFLICTS = frozenset({"revision_taken", "revision_gap"})
"""Codes of what was revised by somebody else meanwhile."""
Revisions = Mapping[int, FactStated]
"""All revisions of one statement that were taken in, by number."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a statement, for which county, on which day there."""

    caller: Caller
    county: CountyName
    today: date


@dataclass(frozen=True, slots=True)
class StatementDecision:
    """``event``: the revision that is recorded, or that it repeats; None: it is refused."""

    status: Literal["recorded", "repeat", "refused"]
    event: FactStated | None = None
    problems: tuple[Problem, ...] = ()


def decide(
    said: StatementSaid, statement_id: StatementId, held: Revisions, sender: Sender
) -> StatementDecision:
    """What becomes of a statement that can be read, by what is held of it and who sends it."""
    latest = held[max(held)] if held else None
    if said.withdrawn and latest is None:
        return _refused(
            "statement_id", "unknown_statement", "there is no such statement", "name one that there is"
        )
    office = _office(sender.caller, _facts(said, latest), latest)
    if isinstance(office, Problem):
        return StatementDecision("refused", problems=(office,))
    own = _event(said, statement_id, latest, office, sender)
    known = held.get(said.revision)
    if known is not None and _content(known) == _content(own):
        return StatementDecision("repeat", known)
    expected = latest.revision + 1 if latest else 1
    if said.revision == expected:
        return StatementDecision("recorded", own)
    code = "revision_taken" if said.revision < expected else "revision_gap"
    what = (
        "this revision is on file with another content"
        if code == "revision_taken"
        else "a revision is left out"
    )
    return _refused("revision", code, what, f"look at what is on file; the next revision is {expected}")


def on_sealed() -> StatementDecision:
    """What becomes of a statement on a conviction that a court sealed, or on what may be it."""
    what = "a conviction is sealed that has this count, or its case number and no such count is on file"
    remedy = "leave it out; of another conviction of the case, state it again once its record is on file"
    return _refused("counts", "conviction_sealed", what, remedy)


def _facts(said: StatementSaid, latest: FactStated | None) -> tuple[FactValue, ...]:
    if said.withdrawn and latest is not None:
        return latest.facts
    return tuple(FactValue.of({"fact": one.fact, "value": one.value}) for one in said.facts)


def _office(caller: Caller, facts: tuple[FactValue, ...], latest: FactStated | None) -> StatedBy | Problem:
    """As which office the caller states this: the first grant that may state all facts, and that stated it before."""
    grants = [grant for grant in caller.grants if grant.role in OFFICES]
    for number, one in enumerate(facts):
        asked_of = FACTS[one.fact].asked_of
        grants = [grant for grant in grants if grant.role in asked_of]
        if not grants:
            offices = " or ".join(office.replace("_", " ") for office in asked_of)
            where = SourceLocation(path=f"facts[{number}].fact")
            return where.problem(
                "not_this_office", "another office knows this fact", f"it is asked of the {offices}"
            )
    if latest is None:
        return _stated_by(caller, grants[0])
    for grant in grants:
        if (grant.role, grant.city) == (latest.stated_by.role, latest.stated_by.city):
            return _stated_by(caller, grant)
    what = "another office made this statement, and it alone revises or withdraws it"
    remedy = "state under an id of your own what you know; the two then contradict each other"
    return SourceLocation(path="statement_id").problem("another_office", what, remedy)


def _stated_by(caller: Caller, grant: Grant) -> StatedBy:
    return StatedBy.of({"role": grant.role, "account": caller.account, "city": grant.city})


def _event(
    said: StatementSaid, statement_id: StatementId, latest: FactStated | None, by: StatedBy, sender: Sender
) -> FactStated:
    counts = tuple(
        SeenCount(
            count=CountKey(one.count),
            section=one.section,
            disposed_on=one.disposed_on,
            case_number=None if one.case_number is None else CaseNumber(one.case_number),
        )
        for one in sorted(said.counts, key=lambda one: one.count)
    )
    before = latest if said.withdrawn else None
    return FactStated(
        county=sender.county,
        statement_id=statement_id,
        revision=said.revision,
        withdrawn=said.withdrawn,
        stated_by=by,
        stated_on=sender.today,
        basis=said.basis or (before.basis if before else ""),
        counts=before.counts if before else counts,
        facts=before.facts if before else tuple(sorted(_facts(said, None), key=lambda one: one.fact)),
    )


def _content(event: FactStated) -> object:
    return event.replace(stated_by=None, stated_on=None)


def _refused(path: str, code: str, what: str, remedy: str) -> StatementDecision:
    return StatementDecision("refused", problems=(SourceLocation(path=path).problem(code, what, remedy),))
