"""What a profile made of the first cases of a feed, added up for a person to look at."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from reliefstream_contracts.receipts import Problem
from services.ingest.core.counties import CountyIntake
from services.ingest.core.court.cases import problems_of
from services.ingest.core.files.file_lines import in_file
from services.ingest.core.profile.feed_units import Unit
from services.ingest.core.profile.profile import Csv, Field, Fixed, Profile
from services.ingest.core.profile.sent_case import SentCase, read_sent_case, where_is
from services.ingest.core.profile.separated_rows import header_columns
from services.ingest.core.profile.values import EPOCH, Fault

PRIVATE = frozenset({"name", "surname", "given_name", "middle_name", "name_suffix", "birth_date"}) | {
    "cii_number", "source_subject_id",
}  # fmt: skip
EXAMPLES = 3
KEPT = 1_000
"""Distinct texts that are kept of a field."""


@dataclass
class Seen:
    """What came of one field."""

    of: Field
    group: str
    columns: str = ""
    times: int = 0
    filled: int = 0
    understood: dict[str, object] = field(default_factory=dict)
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        return f"{self.group}.{self.of.name}"


class Trial:
    """Feed it the units of a feed."""

    def __init__(self, profile: Profile, intake: CountyIntake, today: date) -> None:
        self._profile, self._intake, self._today = profile, intake, today
        self.cases = self.refused = 0
        self._reasons: Counter[tuple[str, str, str, str]] = Counter()
        self._first: dict[tuple[str, str, str, str], str] = {}
        self._header = b""
        self._is_csv = isinstance(profile.layout, Csv)
        self._seen = {id(each): Seen(each, group) for group, each in _grouped(profile)}

    def add(self, unit: Unit) -> None:
        """Reads one case."""
        self.cases += 1
        self._header = self._header or unit.value.split(b"\n", 1)[0]
        where = where_is(self._profile, unit.numbers)
        if unit.too_long:
            self._refuse(where.problem("case_too_large", "the case is too long", "see case_by"))
            self.refused += 1
            return
        found = read_sent_case(self._profile, unit.sent(), self._today, self._note)
        problems = (
            problems_of(found.case, self._intake, self._today, where)
            if isinstance(found, SentCase)
            else found
        )
        for problem in in_file(problems, unit.line_offset):
            self._refuse(problem)
        self.refused += bool(problems)

    def fields(self) -> list[Seen]:
        """Every field that takes a column, in the profile's order."""
        written = header_columns(self._profile, self._header).written if self._is_csv else {}
        for seen in self._seen.values():
            seen.columns = " + ".join(written.get(name, name) for name in seen.of.columns)
        return [seen for seen in self._seen.values() if seen.of.columns]

    def examples(self, seen: Seen, show_names: bool) -> Iterator[str]:
        """Some texts with what is understood of them; codes all of them, the most different first."""
        private = seen.of.name in PRIVATE and not show_names
        many = seen.of.table is not None or seen.of.words
        for text, value in list(seen.understood.items())[: 12 if many else EXAMPLES]:
            masked = shape if private else str
            yield f"{masked(_text(text))} -> {_value(seen.of, value, masked)}"

    def reasons(self) -> list[str]:
        """The refusals by kind and column, the most frequent first."""
        return [
            f"{count:,} x {code}: {what}; {place}first at {self._first[kind]}\n      to do: {kind[3]}"
            for kind, count in self._reasons.most_common()
            for code, place, what in [(kind[0], f"{kind[1]}, " if kind[1] else "", kind[2])]
        ]

    def unknown_codes(self, show_names: bool) -> list[str]:
        """Texts that a table, or the words of a field, do not have."""
        taken = {"refuse": "", "unknown": ": unknown to the law", "as_written": ": taken as written"}
        return [
            f"{count:,} x {shape(text) if seen.of.name in PRIVATE and not show_names else _text(text)} "
            f"in {seen.columns} ({seen.name}){taken[seen.of.otherwise]}"
            for seen in self._seen.values()
            for (code, text), count in seen.faults.most_common(20)
            if code == "unknown_code"
        ]

    def columns_unused(self) -> list[str]:
        """Columns that are listed as ignored or dropped, and those that nobody listed."""
        profile, layout = self._profile, self._profile.layout
        if isinstance(layout, Csv):
            known = header_columns(profile, self._header)
            columns, written = known.columns, known.written
        elif isinstance(layout, Fixed):
            named = set(layout.common).union(*(each.columns for each in layout.records.values()))
            columns, written = tuple(sorted(named)), {}
        else:
            columns, written = tuple(sorted(profile.ignored | profile.dropped)), {}
        return [
            f"{written.get(name, name)}: {_why(profile, name)}"
            for name in columns
            if name not in profile.used()
        ]

    def _note(self, field_: Field, text: str, value: object) -> None:
        seen = self._seen[id(field_)]
        seen.times += 1
        seen.filled += bool(text)
        if isinstance(value, Fault):
            if len(seen.faults) < KEPT:
                seen.faults[value.code, text] += 1
        elif value is not None and len(seen.understood) < KEPT:
            seen.understood.setdefault(text, value)

    def _refuse(self, problem: Problem) -> None:
        column = f"column {problem.column}" if problem.column else ""
        kind = (problem.code, column, problem.what, problem.remedy)
        self._reasons[kind] += 1
        self._first.setdefault(kind, problem.replace(column="").where)


def _grouped(profile: Profile) -> Iterator[tuple[str, Field]]:
    groups: dict[str, tuple[tuple[Field, ...], ...]] = {
        "case": (profile.case,),
        "defendant": (profile.defendant,),
        "charges": (profile.charges.fields,),
    }
    groups["sentence"] = tuple(group.fields for group in profile.sentence)
    groups["later_relief"] = tuple(group.fields for group in profile.relief)
    for name, parts in groups.items():
        for fields in parts:
            for each in fields:
                yield name, each


def _why(profile: Profile, name: str) -> str:
    if name in profile.dropped:
        return "dropped (never sent)"
    return "ignored" if name in profile.ignored else "not listed: passed over"


def _text(text: str) -> str:
    return repr(text[:60]) if text.strip() != text or not text else text[:60]


def _value(field_: Field, value: object, masked: Callable[[str], str]) -> str:
    if isinstance(value, tuple):
        parts = zip(("surname", "given", "middle", "suffix"), value, strict=True)
        return ", ".join(f"{name} {masked(part)}" for name, part in parts if part)
    if field_.kind == "moment":
        return f"revision {value} (seconds since {EPOCH:%Y-%m-%d})"
    return masked(str(value))


def shape(text: str) -> str:
    """A text's form without its content: letters x, digits 9."""
    return re.sub(r"\d", "9", re.sub(r"[^\W\d_]", "x", text))
