"""What of a record can contradict a link that an identifier suggests."""

from dataclasses import dataclass
from datetime import date

from reliefstream_contracts.records import PersonName, SourceRecord
from services.reconciliation.linkage.resemblance.names import (
    NameParts,
    given_names_contradict,
    name_parts,
    surnames_contradict,
)


@dataclass(frozen=True, slots=True)
class NegativeEvidence:
    """A record's name, birth date and sex, comparable; empty or None where unknown."""

    surname: NameParts
    given: NameParts = ()
    suffix: NameParts = ()
    birth_date: date | None = None
    sex: str = ""
    """``M`` or ``F``; whatever else is written contradicts nothing."""
    contradicts_itself: bool = False

    def fits(self, other: "NegativeEvidence") -> bool:
        """Whether two records that share an identifier are one person's, as far as these two tell.

        Surname, given name and birth date must not contradict each other: a twin has the same surname and birth date.
        Where a birth date is unknown, suffix and sex must not either: the identifier may be mistyped, and a
        relative has the same surname.
        """
        if self.contradicts_itself or other.contradicts_itself:
            return False
        if surnames_contradict(self.surname, other.surname):
            return False
        if given_names_contradict(self.given, other.given):
            return False
        if self.birth_date and other.birth_date:
            return self.birth_date == other.birth_date
        return not (
            (self.suffix and other.suffix and self.suffix != other.suffix)
            or {self.sex, other.sex} == {"M", "F"}
        )

    def may_yet_be(self, other: "NegativeEvidence") -> bool:
        """Whether two records that do not fit, and share an identifier, may be one person's all the same.

        Two birth dates are two persons, and so are two surnames with two given names. A surname alone may have
        changed; a given name, or without both birth dates a suffix or sex, may be a slip of the pen.
        """
        if self.contradicts_itself or other.contradicts_itself:
            return True
        if self.birth_date and other.birth_date and self.birth_date != other.birth_date:
            return False
        return not (
            surnames_contradict(self.surname, other.surname)
            and given_names_contradict(self.given, other.given)
        )


_NOBODY = PersonName()


def negative_evidence_of(record: SourceRecord) -> NegativeEvidence:
    """What a record says of its person that can be compared."""
    name, sex = record.person.name or _NOBODY, (record.person.sex or "")[:1].upper()
    return NegativeEvidence(
        surname=name_parts(name.surname),
        given=name_parts(name.given),
        suffix=name_parts(name.suffix),
        birth_date=record.person.birth_date,
        sex=sex if sex in ("M", "F") else "",
        contradicts_itself=any(
            doubt.kind == "contradictory" and doubt.field in ("name", "name.surname", "birth_date")
            for doubt in record.doubts
        ),
    )
