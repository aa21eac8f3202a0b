"""Facts of a count beyond the fields of its record: unknown, unless the record or a statement gives them.

The vocabulary is closed (``reliefstream_contracts.vocabulary.stated_facts``). Statements that differ from each
other, or from the record, contradict: unknown.
"""

from collections import defaultdict
from datetime import date

from reliefstream_contracts.histories import Conviction, HistoryChanged
from reliefstream_contracts.identifiers import ConvictionId
from reliefstream_contracts.vocabulary.stated_facts import FactCode, StatedFact

Asked = tuple[ConvictionId, FactCode]
NONE: frozenset[ConvictionId] = frozenset()


class Facts:
    """Statements by conviction and fact, and what was asked of them and not known."""

    __slots__ = ("_stated", "dismissed", "elsewhere", "repeats", "turns", "undone", "unknown")

    def __init__(self, history: HistoryChanged) -> None:
        self._stated = by_conviction(history)
        self.unknown: dict[Asked, None] = {}
        """What the law asked and nobody knows, in the order in which it was asked."""
        self.turns: dict[Asked, dict[date, None]] = {}
        """The days at which tests said that an unknown date would change what they find."""
        if not self._stated:
            self.undone = self.repeats = self.elsewhere = self.dismissed = NONE
            return
        self.undone = self._all_say("convicted", "no")
        """Convictions that no longer stand."""
        self.repeats = self._all_say("reported_twice", "yes")
        """Convictions that stand on record already, reported a second time."""
        self.elsewhere = self._all_say("county", "another_county")
        """Convictions of another county than the one that sent them."""
        self.dismissed = self._all_say("relief_granted", "dismissal")
        """Convictions that a court dismissed and sealed under 11361.8."""

    def _all_say(self, fact: FactCode, value: str) -> frozenset[ConvictionId]:
        return frozenset(
            conviction
            for (conviction, of), stated in self._stated.items()
            if of == fact and {one.value for one in stated} == {value}
        )

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

    def ask(self, conviction: Conviction, fact: FactCode) -> None:
        """Has it asked for, though it was stated: what was stated cannot be."""
        self.unknown[conviction.conviction_id, fact] = None

    def contradicted(self, conviction: Conviction, fact: FactCode) -> bool:
        """Whether people stated it differently: then even what is presumed absent is unknown."""
        return len({one.value for one in self._stated.get((conviction.conviction_id, fact), ())}) > 1

    def on(self, conviction: Conviction, fact: FactCode) -> date | None:
        """As ``of``, for a fact that is a date."""
        value = self.of(conviction, fact)
        return date.fromisoformat(value) if value is not None else None


def by_conviction(history: HistoryChanged) -> dict[Asked, list[StatedFact]]:
    """What people stated, by conviction and fact."""
    if not history.stated_facts:
        return {}
    of_count = {ref.key: one.conviction_id for one in history.convictions for ref in one.counts}
    found: dict[Asked, list[StatedFact]] = defaultdict(list)
    for stated in history.stated_facts:
        if stated.count in of_count:
            found[of_count[stated.count], stated.fact].append(stated)
    return dict(found)
