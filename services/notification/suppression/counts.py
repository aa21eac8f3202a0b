"""Whether a count that somebody may report was dismissed. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from reliefstream_contracts.dismissals import ConvictionDismissed
from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.vocabulary.california_codes import ABBREVIATIONS

_MARKS = re.compile(r"[\W_]+")
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_CODE = r"[A-Z][A-Z&/]*"
_SECTION = re.compile(
    rf"(?:({_CODE})\.? ?)?([0-9]{{1,6}}(?:\.[0-9]{{1,4}}){{0,3}})((?: ?\([A-Z0-9]{{1,4}}\)){{0,6}})(?: ?({_CODE})\.?)?"
)


class Section(NamedTuple):
    """``code``: empty where none is written. ``below``: subdivisions, in order."""

    code: str
    number: str
    below: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """What is asked about, understood."""

    county: CountyName
    case_number: str
    """Comparable."""
    section: Section
    on: date
    """The day of the conviction or of the disposition."""


def comparable_case_number(written: str) -> str | None:
    """A case number without case, punctuation and leading zeros; None where it has no digit but zeros."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", written).upper())
    found = _ZEROS.sub("", plain)
    return found if re.search("[1-9]", found) else None


def section_of(written: str) -> Section | None:
    """A section with its code before or behind it (``HS 11357(c)``, ``11357(c) H&S``); None where it is none."""
    match = _SECTION.fullmatch(" ".join(unicodedata.normalize("NFKC", written).upper().split()))
    if match is None or (match[1] and match[4]):
        return None
    code = match[1] or match[4] or ""
    known = ABBREVIATIONS.get(code)
    if code and known is None:
        return None
    return Section(known or "", match[2], tuple(re.findall("[A-Z0-9]+", match[3])))


def case_numbers_of(dismissed: ConvictionDismissed) -> list[str]:
    """The comparable numbers of a dismissal's case, in each source's writing."""
    written = {dismissed.case_number, *dismissed.source_case_numbers.values()} - {None}
    return sorted({number for each in written if (number := comparable_case_number(str(each)))})


def suppressed(count: Count, dismissals: Iterable[ConvictionDismissed]) -> bool:
    """Whether one of the dismissals, all of that county and case, is of this count.

    A redesignation is none: it is not sealed. A dismissal without a date is of any day, and sections agree where one is
    written with fewer subdivisions than the other: records of one count differ so.
    """
    return any(_is_of(count, each) for each in dismissals if each.relief == "dismissal")


def _is_of(count: Count, dismissed: ConvictionDismissed) -> bool:
    days = {dismissed.conviction_date, dismissed.disposition_date} - {None}
    return (not days or count.on in days) and any(
        _agree(count.section, section) for section in sections_of(dismissed.code_section)
    )


def sections_of(written: str) -> Iterator[Section]:
    """The sections that a dismissal names, of those that can be read."""
    yield from filter(None, map(section_of, re.split("[,;]", written)))


def _agree(one: Section, other: Section) -> bool:
    codes = {one.code, other.code} - {""}
    subdivisions_agree = all(a == b for a, b in zip(one.below, other.below, strict=False))
    return len(codes) < 2 and one.number == other.number and subdivisions_agree
