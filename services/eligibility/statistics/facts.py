"""What one person adds to the statistics: each determination, and what stays on record. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.relief import RelievedConviction
from services.eligibility.comparison.person_compared import SEXES, UNKNOWN, age_band, section_group
from services.eligibility.comparison.record_left import cleared, on_record
from services.eligibility.law.input.statute import Statute
from services.statistics.tables import Fact, Tables

RECORD = "record"
CLEARED = "cleared"
"""Outcome of a kind of record that the person has, and would not have once the relief that was found is granted."""


def tables() -> Tables:
    """Tables without anybody in them."""
    return Tables(of_persons=(RECORD,))


def add(
    counted: Tables,
    history: HistoryChanged,
    found: Sequence[Determination],
    sealed: Sequence[tuple[str, Sequence[Fact]]],
    *,
    statute: Statute,
    as_of: date,
) -> None:
    """Adds one person by what was last found, and what is sealed of the same person; a retired one, or one of whom
    nothing was found, adds nothing.
    """
    if history.retired_into is not None or not (found or sealed):
        return
    own = [(one.county, of_conviction(one, history, statute, as_of)) for one in found]
    counted.add([*own, *sealed], list(_record(history, found, as_of)))


def of_conviction(one: Determination, history: HistoryChanged, statute: Statute, as_of: date) -> list[Fact]:
    """What one conviction is counted by."""
    return _facts(
        one.outcome,
        section=section_group(one.section, statute),
        level=one.level or UNKNOWN,
        decade=_decade(one.disposition_date),
        source=one.source,
        race=(history.race or UNKNOWN).lower(),
        sex=SEXES.get(history.sex or UNKNOWN, UNKNOWN),
        age=age_band(history, as_of),
    )


def of_relief(one: RelievedConviction, statute: Statute) -> list[Fact]:
    """The same of a dismissed conviction as relief knows it, which is not how old the person is."""
    sources = {count.partition("/")[0] for count in one.counts}
    return _facts(
        "dismissal",
        section=section_group(one.section, statute),
        level=one.level or UNKNOWN,
        decade=_decade(one.disposition_date),
        source="+".join(source for source in ("doj", "court") if source in sources),
        race=(one.race or UNKNOWN).lower(),
        sex=SEXES.get(one.sex or UNKNOWN, UNKNOWN),
        age=UNKNOWN,
    )


def _facts(outcome: str, **groups: str) -> list[Fact]:
    return [Fact(by, group, outcome) for by, group in groups.items()]


def _decade(day: date | None) -> str:
    return f"{day.year // 10}0s" if day else UNKNOWN


def _record(
    history: HistoryChanged, found: Sequence[Determination], as_of: date
) -> Iterator[tuple[str, Fact]]:
    outcomes = {one.conviction_id: one.outcome for one in found}
    has, no_more = on_record(history, outcomes, as_of), cleared(history, outcomes, as_of)
    for county in sorted({one.county for one in found}):
        for kind in sorted(has):
            yield county, Fact(RECORD, kind)
        for kind in sorted(no_more):
            yield county, Fact(RECORD, kind, CLEARED)
