"""Facts of a count beyond the fields of its record: unknown, unless the record or a statement gives them.

The vocabulary is closed (``reliefstream_contracts.stated_facts``). Statements that differ from each other, or from
the record, contradict: unknown.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from reliefstream_contracts.histories import Conviction, HistoryChanged
from reliefstream_contracts.identifiers import ConvictionId
from reliefstream_contracts.offense import Doubt
from reliefstream_contracts.stated_facts import FactCode, StatedFact

Asked = tuple[ConvictionId, FactCode]
FIELDS: dict[FactCode, tuple[str, tuple[str, ...]]] = {
    "conviction_date": ("conviction_date", ("conviction_date",)),
    "level": ("level_convicted", ("level_convicted",)),
    "offense_date": ("offense_date", ("offense_date",)),
    "sentence_end": ("sentence_end_date", ("sentence_end_date", "sentence")),
}
"""Facts that are fields of a conviction: its name, and the doubts that a statement settles."""


class Facts:
    """Statements by conviction and fact, and what was asked of them and not known."""

    __slots__ = ("_stated", "turns", "undone", "unknown")

    def __init__(self, history: HistoryChanged) -> None:
        self._stated = _by_conviction(history)
        self.unknown: dict[Asked, None] = {}
        """What the law asked and nobody knows, in the order in which it was asked."""
        self.turns: dict[Asked, dict[date, None]] = {}
        """The days at which tests said that an unknown date would change what they find."""
        self.undone = frozenset(
            conviction
            for (conviction, fact), stated in self._stated.items()
            if fact == "convicted" and {one.value for one in stated} == {"no"}
        )
        """Convictions that no longer stand."""

    def of(self, conviction: Conviction, fact: FactCode, recorded: str | None = None) -> str | None:
        """The fact's value; None when unknown or contradicted. ``recorded``: what the record itself says."""
        if not self._stated and recorded is not None:
            return recorded
        stated = self._stated.get((conviction.conviction_id, fact), ()) if self._stated else ()
        values = {one.value for one in stated}
        if recorded is not None:
            values.add(recorded)
        if len(values) != 1:
            self.unknown[conviction.conviction_id, fact] = None
            return None
        return values.pop()

    def turn(self, conviction: Conviction, fact: FactCode, *days: date | None) -> None:
        """Keeps the days from which on an unknown date would have a test find otherwise."""
        known = dict.fromkeys(day for day in days if day is not None)
        self.turns.setdefault((conviction.conviction_id, fact), {}).update(known)

    def stated(self, conviction: Conviction, fact: FactCode) -> str | None:
        """As ``of``, of what is presumed absent: nobody is asked for it."""
        if not self._stated or (conviction.conviction_id, fact) not in self._stated:
            return None
        return self.of(conviction, fact)

    def on(self, conviction: Conviction, fact: FactCode) -> date | None:
        """As ``of``, for a fact that is a date."""
        value = self.of(conviction, fact)
        return date.fromisoformat(value) if value is not None else None


def _by_conviction(history: HistoryChanged) -> dict[Asked, list[StatedFact]]:
    if not history.stated_facts:
        return {}
    of_count = {ref.key: one.conviction_id for one in history.convictions for ref in one.counts}
    found: dict[Asked, list[StatedFact]] = defaultdict(list)
    for stated in history.stated_facts:
        if stated.count in of_count:
            found[of_count[stated.count], stated.fact].append(stated)
    return dict(found)


def with_stated_fields(history: HistoryChanged) -> HistoryChanged:
    """The history with what people stated of fields that the record lacks or doubts (``FIELDS``, birth date).

    A field that a statement contradicts becomes unknown. Statements stay with the history: nothing is hidden.
    """
    stated = _by_conviction(history)
    if not stated:
        return history
    convictions = tuple(_with_fields(one, stated) for one in history.convictions)
    changes: dict[str, Any] = {"convictions": convictions}
    births = {one.value for (_, fact), of in stated.items() if fact == "birth_date" for one in of}
    if births:
        changes |= _filled(history.birth_date, history.doubts, "birth_date", ("birth_date",), births)
    return history.model_copy(update=changes)


def _with_fields(conviction: Conviction, stated: dict[Asked, list[StatedFact]]) -> Conviction:
    for fact, (field, settles) in FIELDS.items():
        if values := _values(conviction, fact, stated):
            filled = _filled(getattr(conviction, field), conviction.doubts, field, settles, values)
            conviction = conviction.model_copy(update=filled)
    if _values(conviction, "convicted", stated) == {"yes"}:
        kept = tuple(doubt for doubt in conviction.doubts if doubt.field != "disposition")
        conviction = conviction.model_copy(update={"doubts": kept})
    return conviction


def _values(conviction: Conviction, fact: FactCode, stated: dict[Asked, list[StatedFact]]) -> set[str]:
    return {one.value for one in stated.get((conviction.conviction_id, fact), ())}


def _filled(
    recorded: object, doubts: Iterable[Doubt], field: str, settles: tuple[str, ...], values: set[str]
) -> dict[str, Any]:
    said = {str(recorded)} if recorded is not None else set()
    kept = tuple(doubt for doubt in doubts if doubt.field not in settles)
    if len(said | values) > 1:
        doubt = Doubt(field=field, kind="contradictory", as_written=tuple(sorted(said | values)))
        return {field: None, "doubts": (*kept, doubt)}
    value = next(iter(values))
    return {field: value if field == "level_convicted" else date.fromisoformat(value), "doubts": kept}
