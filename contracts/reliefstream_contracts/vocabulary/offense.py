"""The parts of a charge: code sections, levels, sentence parts, later relief, doubts."""

from datetime import date
from functools import lru_cache
from typing import Literal

from reliefstream_contracts.frozen import Frozen

Level = Literal["felony", "misdemeanor", "infraction"]


class CodeSection(Frozen):
    """One section of a California code: ``HS 11357(c)`` is ("HS", "11357", ("c",)).

    ``code`` is the two- or three-letter code (HS, PC, VC, BP, WI, HN …), empty when the text names none.
    Subdivisions are lower case, in order.
    """

    code: str
    section: str
    subdivisions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return _written(self.code, self.section, self.subdivisions)


@lru_cache(maxsize=10_000)
def _written(code: str, section: str, subdivisions: tuple[str, ...]) -> str:
    return f"{code} {section}{''.join(f'({part})' for part in subdivisions)}".strip()


class Offense(Frozen):
    """A charge, its text parsed once.

    ``sections``: the sections convicted under, in the order written; empty when the text could not be read:
    then the conviction goes to review. ``comment_sections``: sections that only a comment names beside a
    readable description; a flag for review lists, never the charge. ``from_comment``: the description was
    blank or pointed to the comment, and the comment is the charge.
    """

    as_written: str
    sections: tuple[CodeSection, ...]
    attempt: bool = False
    conspiracy: bool = False
    accessory: bool = False
    from_comment: bool = False
    comment_sections: tuple[CodeSection, ...] = ()

    def __str__(self) -> str:
        written = "/".join(map(str, self.sections))
        prefix = (
            "PC 664/"
            if self.attempt
            else "PC 182/"
            if self.conspiracy
            else "PC 32/"
            if self.accessory
            else ""
        )
        return prefix + written

    @property
    def shown(self) -> str:
        """Its sections, or the charge as written where they could not be read."""
        return str(self) or self.as_written


class SentencePart(Frozen):
    """One part of the sentence on its own count. ``length`` None: the record gives none (or says life)."""

    kind: str
    """prison, jail, probation, life, fine, or the source's own word in lower case."""
    length: int | None = None
    unit: Literal["days", "months", "years"] | None = None


ReliefKind = Literal[
    "pc_1203_4",  # set aside and dismissed after probation: does not seal
    "pc_17b",  # wobbler reduced to a misdemeanor
    "pc_1170_18",  # Proposition 47
    "pc_1385",  # dismissed in furtherance of justice
    "sentence_modified",
    "hs_11361_8_dismissal",  # dismissed and sealed under Proposition 64
    "hs_11361_8_redesignation",
]


class LaterRelief(Frozen):
    """Relief that a source already shows on a count; ``on`` None when it gives no date."""

    kind: ReliefKind
    on: date | None = None
    order_number: str | None = None


DoubtKind = Literal["missing", "partial", "impossible", "contradictory", "unparsed"]


class Doubt(Frozen):
    """A field that cannot be used. The field itself is None, and this says why."""

    field: str
    kind: DoubtKind
    as_written: tuple[str, ...] = ()
