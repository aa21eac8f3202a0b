"""Which conviction a statement of fact applies to, told by the counts that its author saw."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reliefstream_contracts.case_numbers import comparable
from reliefstream_contracts.histories import Conviction, CountRef
from reliefstream_contracts.identifiers import CountKey, DiscrepancyId, derived
from reliefstream_contracts.statements import FactStated, SeenCount
from reliefstream_contracts.vocabulary.stated_facts import Office, StatedFact
from services.reconciliation.linkage.conviction.discrepancies import Discrepancy, Owner

Status = Literal["applied", "waiting", "stale", "withdrawn"]
OWNERS: dict[Office, Owner] = {
    "district_attorney": "district_attorney",
    "city_attorney": "city_attorney",
    "clerk": "county_court",
    "records_unit": "records_unit",
}
"""Who is asked again where a statement of an office is stale."""
SPLIT = "the counts that it names are of several convictions"


@dataclass(frozen=True, slots=True)
class Standing:
    """What has become of a statement's latest revision; ``reason`` in words, empty where there is nothing to say."""

    status: Status
    reason: str = ""


NOT_YET = Standing("waiting", "none of its counts has come")
WITHDRAWN = Standing("withdrawn")


@dataclass(frozen=True, slots=True)
class Application:
    """What statements come to among some subjects, by the place of each subject.

    ``standings``: of each statement, by its key; without those that name counts elsewhere alone.
    """

    facts: Mapping[int, tuple[StatedFact, ...]]
    """Sorted as in a history."""
    discrepancies: Mapping[int, tuple[Discrepancy, ...]]
    """``statement_stale``: filed under the subject of the smallest named count, so that there is one."""
    standings: Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class _Found:
    """A named count where it is now."""

    seen: SeenCount
    place: int
    ref: CountRef
    conviction: Conviction

    def changed(self) -> tuple[str, ...]:
        """What the author saw otherwise than the count, or its conviction, has it now."""
        seen, ref, own = self.seen, self.ref, self.conviction
        sections = {_plain(ref.section), _plain(own.offense.shown), _plain(own.offense.as_written)}
        days = {ref.disposed_on, own.disposition_date or own.conviction_date}
        numbers = {comparable(ref.case_number), comparable(own.case_number)}
        fits = {
            "section": _plain(seen.section) in sections,
            "disposed_on": seen.disposed_on in days,
            "case_number": comparable(seen.case_number) in numbers,
        }
        return tuple(field for field, same in fits.items() if not same)


def apply(
    statements: Iterable[FactStated],
    subjects: Sequence[Iterable[Conviction]],
    elsewhere: Collection[CountKey] = frozenset(),
) -> Application:
    """The facts of each subject's convictions, as statements give them; a pure function of what is there.

    ``statements``: the latest revision of each. ``subjects``: the convictions of each. ``elsewhere``: named counts
    that are of other subjects: whoever is asked about those sees the statement too.
    """
    places = {
        ref.key: (place, ref, conviction)
        for place, convictions in enumerate(subjects)
        for conviction in convictions
        for ref in conviction.counts
    }
    facts: dict[int, list[StatedFact]] = {}
    stale: dict[int, list[Discrepancy]] = {}
    standings: dict[str, Standing] = {}
    on: dict[tuple[object, str], list[FactStated]] = {}
    for statement in statements:
        if statement.withdrawn:
            standings[statement.key()] = WITHDRAWN
            continue
        found = sorted(_found(statement, places), key=lambda one: one.seen.count)
        outside = {seen.count for seen in statement.counts} & set(elsewhere)
        if not found:
            if not outside:
                standings[statement.key()] = NOT_YET
            continue
        wrong = _wrong(found, outside)
        standings[statement.key()] = Standing("stale", wrong) if wrong else Standing("applied")
        first = found[0]
        if not wrong:
            facts.setdefault(first.place, []).extend(_facts(statement, first.seen.count))
            for one in statement.facts:
                on.setdefault((first.conviction.conviction_id, one.fact), []).append(statement)
        elif not outside or first.seen.count < min(outside):
            stale.setdefault(first.place, []).append(_stale(statement, first.conviction, wrong))
    standings |= _contradicted(on)
    return Application(
        {place: tuple(sorted(its, key=_in_order)) for place, its in facts.items()},
        {place: tuple(its) for place, its in stale.items()},
        standings,
    )


def _found(
    statement: FactStated, places: Mapping[CountKey, tuple[int, CountRef, Conviction]]
) -> Iterator[_Found]:
    for seen in statement.counts:
        if seen.count in places:
            yield _Found(seen, *places[seen.count])


def _wrong(found: Sequence[_Found], outside: Collection[CountKey]) -> str:
    """Why the author has to look again; empty: nothing is wrong."""
    if outside or len({one.conviction.conviction_id for one in found}) > 1:
        return SPLIT
    changed = ((one.seen.count, one.changed()) for one in found)
    return "; ".join(f"{count} has another {', '.join(fields)} now" for count, fields in changed if fields)


def _facts(statement: FactStated, count: CountKey) -> Iterator[StatedFact]:
    for one in statement.facts:
        yield StatedFact(
            fact=one.fact,
            value=one.value,
            count=count,
            statement_id=statement.statement_id,
            basis=statement.basis,
            stated_by=statement.stated_by,
            stated_on=statement.stated_on,
        )


def _in_order(one: StatedFact) -> tuple[str, ...]:
    return (
        one.count,
        one.fact,
        one.value,
        one.stated_on.isoformat(),
        one.stated_by.account,
        one.statement_id,
    )


def _stale(statement: FactStated, conviction: Conviction, wrong: str) -> Discrepancy:
    return Discrepancy(
        DiscrepancyId(derived("statement_stale", statement.key())),
        kind="statement_stale",
        owner=OWNERS[statement.stated_by.role],
        county=statement.county,
        conviction_id=conviction.conviction_id,
        counts=tuple(sorted(seen.count for seen in statement.counts)),
        values=(("statement", statement.statement_id), ("reason", wrong)),
    )


def _contradicted(on: Mapping[tuple[object, str], Sequence[FactStated]]) -> dict[str, Standing]:
    """Statements that others of the same conviction contradict; all of them are kept."""
    said: dict[str, set[str]] = {}
    for (_, fact), statements in on.items():
        values = {each.key(): _value(each, fact) for each in statements}
        for own in statements:
            for other in statements:
                if values[other.key()] != values[own.key()]:
                    said.setdefault(own.key(), set()).add(f"{fact}: {other.statement_id} contradicts it")
    return {key: Standing("applied", "; ".join(sorted(told))) for key, told in said.items()}


def _value(statement: FactStated, fact: str) -> str:
    return next(one.value for one in statement.facts if one.fact == fact)


def _plain(section: str) -> str:
    return "".join(section.split()).casefold()
