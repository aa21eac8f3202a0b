"""What of a record can contradict a link that an identifier suggests."""

from datetime import date
from typing import NamedTuple

from reliefstream_contracts.records import SourceRecord
from services.reconciliation.linkage.resemblance.names import (
    Name,
    comparable_name,
    given_names_contradict,
    surnames_contradict,
)

_UNNAMED = Name()


class NegativeEvidence(NamedTuple):
    """A record's name, birth date and sex, comparable; empty or None where unknown."""

    name: Name = _UNNAMED
    birth_date: date | None = None
    sex: str = ""
    """``M`` or ``F``; whatever else is written contradicts nothing."""
    contradicts_itself: bool = False

    def fits(self, other: "NegativeEvidence") -> bool:
        """Whether two records that share an identifier are one person's, as far as these two tell.

        Surname, given name and birth date must not contradict each other: a twin has the same surname and birth date.
        A name in another order is the same name where the birth dates are equal. Where a birth date is unknown, or
        a default stands for it, suffix and sex must not contradict either: the identifier may be mistyped, and a
        relative has the same surname.
        """
        if self.contradicts_itself or other.contradicts_itself:
            return False
        born, other_born = self.birth_date, other.birth_date
        if born and other_born and born != other_born:
            return False
        certain = born is not None and born == other_born and not is_default(born)
        if self.name.contradicts(other.name) and not (certain and self.name.reordered(other.name)):
            return False
        return certain or not (
            (self.name.suffix and other.name.suffix and self.name.suffix != other.name.suffix)
            or {self.sex, other.sex} == {"M", "F"}
        )

    def may_yet_be(self, other: "NegativeEvidence") -> bool:
        """Whether two records that do not fit, and share an identifier, may be one person's all the same.

        Two birth dates are two persons, but for a default in the same year. So are two surnames with two given names,
        but for one name in two orders. A surname alone may have changed; a given name, or without both birth dates a
        suffix or sex, may be a slip of the pen.
        """
        if self.contradicts_itself or other.contradicts_itself:
            return True
        born, other_born = self.birth_date, other.birth_date
        if born and other_born and born != other_born:
            a_default = is_default(born) or is_default(other_born)
            return a_default and born.year == other_born.year and not self.name.contradicts(other.name)
        return self.name.reordered(other.name) or not (
            surnames_contradict(self.name.surname, other.name.surname)
            and given_names_contradict(self.name.given, other.name.given)
        )


def is_default(birth_date: date) -> bool:
    """Whether a file may write this date for an unknown one: 1 January of any year, 11 November 1911."""
    return (birth_date.month, birth_date.day) == (1, 1) or birth_date == date(1911, 11, 11)


def negative_evidence_of(record: SourceRecord) -> NegativeEvidence:
    """What a record says of its person that can be compared."""
    sex = (record.person.sex or "")[:1].upper()
    return NegativeEvidence(
        name=comparable_name(record.person.name),
        birth_date=record.person.birth_date,
        sex=sex if sex in ("M", "F") else "",
        contradicts_itself=any(
            doubt.kind == "contradictory" and doubt.field in ("name", "name.surname", "birth_date")
            for doubt in record.doubts
        ),
    )
