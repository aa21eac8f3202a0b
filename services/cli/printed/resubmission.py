"""Totals of resubmitted entries."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any


class Tally:
    """``trial``: a dry run; nothing was changed."""

    def __init__(self, *, trial: bool) -> None:
        self._trial = trial
        self.outcomes: Counter[str] = Counter()
        self._problems: Counter[tuple[str, str, str]] = Counter()
        self._remedies: dict[tuple[str, str, str], tuple[str, str]] = {}

    @property
    def refused(self) -> int:
        """Entries that stay open."""
        return self.outcomes["refused"]

    @property
    def total(self) -> int:
        return self.outcomes.total()

    def add(self, told: Mapping[str, Any]) -> None:
        """Counts one entry."""
        self.outcomes[told["outcome"]] += 1
        if told["outcome"] == "refused":
            for kind in {(p["code"], p["field"], p["what"]): p for p in told["problems"]}.items():
                self._problems[kind[0]] += 1
                self._remedies.setdefault(kind[0], (kind[1]["remedy"], told["quarantine_id"]))

    def lines(self) -> Iterator[str]:
        """The figures, then what is still wrong, the most frequent first."""
        found = dict(self.outcomes)
        would, again = (
            ("would be ", "would be refused again") if self._trial else ("", "refused again, still open")
        )
        yield (
            f"{self.total:,} tried: {found.pop('recorded', 0):,} {would}recorded, {found.pop('repeat', 0):,} "
            f"{would}known already, {found.pop('refused', 0):,} {again}."
        )
        for state, count in sorted(found.items()):
            yield f"{count:,} were {state} before: nothing changed."
        for kind, count in self._problems.most_common():
            code, field, what = kind
            remedy, first = self._remedies[kind]
            yield f"  {count:,} x {code}{f' in {field}' if field else ''}: {what}"
            yield f"      to do: {remedy}"
            yield f"      one of them: reliefstream quarantine show {first}"
        if self._trial:
            yield "Nothing was changed (--try)."
