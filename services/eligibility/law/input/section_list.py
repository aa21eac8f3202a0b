"""Lists of code sections in a statute: compared token by token, never by prefix of text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from reliefstream_contracts.vocabulary.offense import CodeSection
from reliefstream_contracts.vocabulary.stated_facts import FactCode
from services.eligibility.law.engine.finding import Finding

KEPT = 10_000
"""Answers that are kept of each question, as records name few offenses again and again."""
NOT_LISTED: tuple[Finding, None] = ("not_met", None)

WRITTEN = re.compile(r"([A-Z]{2,3}) ([0-9]+(?:\.[0-9]+)?[a-z]*)((?:\([a-z0-9]+\))*)")


def read_section(text: str) -> CodeSection:
    """A section as our own files write it: ``PC 262(a)(1)``. ValueError for anything else."""
    written = WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if written is None:
        raise ValueError(f"{text!r} is not a section written like 'HS 11357(b)' or 'PC 288a'")
    code, section, below = written.groups()
    return CodeSection(code=code, section=section, subdivisions=tuple(re.findall(r"\(([a-z0-9]+)\)", below)))


@dataclass(frozen=True, slots=True)
class ListedSection:
    """One entry: a section with all below it, less what ``but_not`` takes out again.

    ``through`` makes it a range of section numbers (``PC 187`` through ``PC 191``). ``attempts``,
    ``conspiracies``: the list reaches those of it as well (a statute says so, or it does not). ``elements``: what
    the section number does not show and the list requires, each a fact and its value. ``committed_from`` and
    ``committed_before``: offenses of that time only. ``felonies_only``: no misdemeanor of it.
    """

    section: CodeSection
    citation: str
    through: CodeSection | None = None
    but_not: tuple[tuple[str, ...], ...] = ()
    attempts: bool = False
    conspiracies: bool = False
    elements: tuple[tuple[FactCode, str], ...] = ()
    committed_from: date = date.min
    committed_before: date = date.max
    felonies_only: bool = False

    def names(self, actual: CodeSection) -> bool:
        """Whether the record names the section and the subdivisions that are listed, whatever is taken out below."""
        named = tuple(part.lower() for part in actual.subdivisions)
        listed = self.section
        same = actual.code.upper() == listed.code and actual.section.lower() == listed.section
        return same and named[: len(listed.subdivisions)] == listed.subdivisions

    def finding(self, actual: CodeSection) -> Finding:
        """Whether a record that names ``actual`` names this entry.

        Unknown when the record stops short of the subdivision that the entry is about or leaves out: ``PC 262``
        where ``PC 262(a)(1)`` is listed, or ``PC 288`` where ``(c)`` is taken out.
        """
        if actual.code.upper() != self.section.code:
            return "not_met"
        if self.through is not None:
            return (
                "met" if _between(actual.section, self.section.section, self.through.section) else "not_met"
            )
        if actual.section.lower() != self.section.section:
            return "not_met"
        named = tuple(part.lower() for part in actual.subdivisions)
        listed = self.section.subdivisions
        if named[: len(listed)] == listed:
            if any(named[: len(less)] == less for less in self.but_not):
                return "not_met"
            return "unknown" if any(less[: len(named)] == named for less in self.but_not) else "met"
        return "unknown" if listed[: len(named)] == named else "not_met"


@dataclass(frozen=True, slots=True, eq=False)
class SectionList:
    """The sections that a statute lists, with its citation. Each is its own, so that answers are kept."""

    name: str
    citation: str
    entries: tuple[ListedSection, ...]
    neighbours: frozenset[str] = frozenset()
    """Lettered sections of their own that stand beside a listed number (PC 266a beside PC 266)."""
    written: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The entries' sections as text, in order."""
    _by_number: dict[str, list[ListedSection]] = field(init=False, repr=False, compare=False)
    _ranges: list[ListedSection] = field(init=False, repr=False, compare=False)
    _said: dict[object, tuple[tuple[Finding, ListedSection], ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        by_number: dict[str, list[ListedSection]] = {}
        for entry in self.entries:
            by_number.setdefault(entry.section.section, []).append(entry)
        object.__setattr__(self, "written", tuple(str(entry.section) for entry in self.entries))
        object.__setattr__(self, "_by_number", by_number)
        object.__setattr__(self, "_ranges", [entry for entry in self.entries if entry.through is not None])

    def look_up(self, actual: CodeSection) -> tuple[Finding, ListedSection | None]:
        """Whether the list names the section, and the entry that says so."""
        said = self.entries_of(actual)
        return said[0] if said else NOT_LISTED

    def entries_of(self, actual: CodeSection) -> tuple[tuple[Finding, ListedSection], ...]:
        """The entries that name the section, those that surely do first, or may name it.

        What was read of a section is kept, as records name few of them again and again.
        """
        asked = (actual.code, actual.section, actual.subdivisions)
        said = self._said.get(asked)
        if said is None:
            if len(self._said) >= KEPT:
                self._said.clear()
            said = self._said[asked] = self._read(actual)
        return said

    def _read(self, actual: CodeSection) -> tuple[tuple[Finding, ListedSection], ...]:
        """Unknown as in ListedSection, and when the section is named only if the letters run on to its number
        are read as subdivisions: ``PC 187a`` may be 187(a) (I-28)."""
        found = self._exactly(actual)
        number = actual.section.lower()
        if found or not number[-1:].isalpha() or number in self._by_number or number in self.neighbours:
            return found
        for form in _letters_as_subdivisions(actual):
            if found := self._exactly(form):
                return tuple(("unknown", entry) for _, entry in found)
        return ()

    def _exactly(self, actual: CodeSection) -> tuple[tuple[Finding, ListedSection], ...]:
        entries = (*self._by_number.get(actual.section.lower(), ()), *self._ranges)
        found = [(finding, entry) for entry in entries if (finding := entry.finding(actual)) != "not_met"]
        return tuple(sorted(found, key=lambda pair: pair[0]))


def section_list(sections: Iterable[CodeSection], name: str = "", citation: str = "") -> SectionList:
    """A list of these sections, each with all below it."""
    return SectionList(name, citation, tuple(ListedSection(section, citation) for section in sections))


def _letters_as_subdivisions(section: CodeSection) -> Iterator[CodeSection]:
    """The section with its last letter, its last two letters … taken as subdivisions: 653fb as 653f(b)."""
    number = section.section.lower()
    at = len(number)
    while at > 1 and number[at - 1].isalpha():
        at -= 1
        below = (*number[at:], *section.subdivisions)
        yield CodeSection(code=section.code, section=number[:at], subdivisions=below)


def _between(actual: str, low: str, high: str) -> bool:
    """Whether a section number stands between two others; one with a letter in it does not."""
    try:
        return Decimal(low) <= Decimal(actual) <= Decimal(high)
    except InvalidOperation:
        return False
