"""What one person adds to the statistics: each determination, and what stays on record. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import HistoryChanged
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
    counted: Tables, history: HistoryChanged, found: Sequence[Determination], statute: Statute, as_of: date
) -> None:
    """Adds one person by what was last found; a retired one, or one of whom nothing was found, adds nothing."""
    if history.retired_into is not None or not found:
        return
    described = {
        "race": (history.race or UNKNOWN).lower(),
        "sex": SEXES.get(history.sex or UNKNOWN, UNKNOWN),
        "age": age_band(history, as_of),
    }
    counted.add(
        [(one.county, _facts(one, described, statute)) for one in found], list(_record(history, found, as_of))
    )


def _facts(one: Determination, described: dict[str, str], statute: Statute) -> list[Fact]:
    groups = {
        "section": section_group(one.section, statute),
        "level": one.level or UNKNOWN,
        "decade": f"{one.disposition_date.year // 10}0s" if one.disposition_date else UNKNOWN,
        "source": one.source,
        **described,
    }
    return [Fact(by, group, one.outcome) for by, group in groups.items()]


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
