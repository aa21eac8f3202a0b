"""A sealed conviction as hashes: what stays here to recognise it by, and the comparison of a record with it. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple
from uuid import UUID

from reliefstream_contracts.identifiers import CountId, CountyName
from reliefstream_contracts.records import Count, Person
from services.ingest.core.sealing.facts import (
    CountFacts,
    RecordKey,
    cii_place,
    count_facts,
    person_facts,
    whole,
    without_subdivisions,
)
from services.ingest.core.sealing.spellings import asked_ciis, kept_ciis

Hashed = Callable[..., Sequence[str]]
"""The keyed hash of texts: by each key, the newest first."""
Likeness = Literal["sealed", "may_be", "unclear", "other"]
"""``unclear``: its section cannot be read, or is one of several; it may be the sealed count unless another one is."""


class Seal(NamedTuple):
    """All hashes but those of places are salted with the relief's id: two seals have none in common.

    ``places``: the records and the cases in which the conviction stood, what those have in common with other writings
    of their numbers, and its person by CII number. ``sealed``: facts
    of its counts. ``kept``: facts of counts beside it that were not sealed. ``persons``: facts of the person, each
    behind its kind. ``apart``: counts that may be the sealed one, and of which a person has said that they are not.
    """

    relief_id: UUID
    county: CountyName
    places: frozenset[str]
    sealed: frozenset[str]
    kept: frozenset[str]
    persons: frozenset[str]
    apart: frozenset[str] = frozenset()


class Held(NamedTuple):
    """A record held against seals. ``left_out``: counts that are sealed. ``in_doubt``: those that may be, by relief, as
    hashes that tell them apart (``Seal.apart``).

    ``was_the_countys``: a conviction of the county that sends the record was sealed in it: the rest is still that
    county's to send, whether the source shows the sealed one or not.
    ``recognised``: reliefs whose conviction stood in this record, too, as was not known before (``also_in``).
    """

    left_out: frozenset[CountId]
    in_doubt: frozenset[tuple[UUID, str]]
    was_the_countys: bool
    recognised: frozenset[UUID] = frozenset()


class AlsoIn(NamedTuple):
    """What a seal learns of one more record in which its conviction stood: a place, and a fact of its counts."""

    relief_id: UUID
    place: str
    sealed: str


def seal_of(
    relief_id: UUID,
    county: CountyName,
    counts: Sequence[CountFacts],
    *,
    beside: Sequence[CountFacts],
    persons: Iterable[tuple[str, str]],
    hashed: Hashed,
) -> Seal:
    """The seal on a conviction. ``counts``: all copies of it; ``beside``: the other counts of their records."""

    def by_newest(facts: Iterable[tuple[str, ...]]) -> frozenset[str]:
        return frozenset(hashed(str(relief_id), *each)[0] for each in facts)

    persons = set(persons)
    days = {day for one in counts for day in one.days}
    bases = {one.base for one in counts}
    near = [one for one in beside if one.base in bases or days.intersection(one.days)]
    return Seal(
        relief_id,
        county,
        frozenset(hashed(place)[0] for place in _all_places(counts, persons)),
        by_newest(_sealed(counts, days)),
        by_newest(fact for one in near for fact in (("count", one.key), *_charges(one.section, one.days))),
        frozenset(
            f"{kind}:{hashed(str(relief_id), kind, each)[0]}"
            for kind, value in persons
            for each in (kept_ciis(value) if kind == "cii" else (value,))
        ),
    )


def has_section(seal: Seal, section: str, hashed: Hashed) -> bool:
    """Whether the sealed conviction is one of the section; subdivisions are not compared."""
    facts = hashed(str(seal.relief_id), "section", without_subdivisions(section))
    return not seal.sealed.isdisjoint(facts)


def keeps(seal: Seal, one: CountFacts, hashed: Hashed) -> bool:
    """Whether the count stood beside the sealed one, and was not sealed."""
    return not seal.kept.isdisjoint(hashed(str(seal.relief_id), "count", one.key))


def places_of(one: CountFacts) -> tuple[str, ...]:
    """Where a count stands: its case, what that has in common with other writings of it, and its record."""
    return (*one.cases, *one.near, one.record) if one.record else (*one.cases, *one.near)


def also_in(relief_id: UUID, record: RecordKey, hashed: Hashed) -> AlsoIn:
    """What the seal keeps of a record in which its conviction was recognised: the rest of the record is known by it
    once the source shows the conviction no more."""
    place = record.place()
    return AlsoIn(relief_id, hashed(place)[0], hashed(str(relief_id), "numbered", place)[0])


def _all_places(counts: Sequence[CountFacts], persons: Iterable[tuple[str, str]]) -> set[str]:
    where = {place for one in counts for place in places_of(one)}
    numbers = {each for kind, value in persons if kind == "cii" for each in kept_ciis(value)}
    return where | set(map(cii_place, numbers))


def _sealed(counts: Sequence[CountFacts], days: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Any copy may come back with the section of one and the day of another."""
    for day in days:
        yield "day", day
    for one in counts:
        yield "section", one.base
        for number in one.numbers:
            yield "number", number
        yield from _charges(one.section, days)
        if one.section != one.base:
            yield from _charges(one.base, days, "within")
        if one.key:
            yield "count", one.key
        if one.cases and one.record:
            yield "numbered", one.record


def _charges(section: str, days: Iterable[str], kind: str = "charge") -> Iterator[tuple[str, str, str]]:
    for day in days:
        yield kind, section, day


def hold(
    seals: Sequence[Seal], record: RecordKey, person: Person, counts: Sequence[Count], hashed: Hashed
) -> Held:
    """Compares each count of a record with each seal on its places."""
    left_out: set[CountId] = set()
    recognised: set[UUID] = set()
    in_doubt: set[tuple[UUID, str]] = set()
    persons = tuple(person_facts(person, record))
    compared = [_Compared(seal, record, persons, hashed) for seal in seals]
    own = any(one.in_record and one.seal.county == record.county for one in compared)
    likenesses = []
    for count in counts:
        facts = count_facts(count, record)
        known = whole(facts, person, record)
        likenesses.append((count.count_id, known, [one.with_count(facts, known) for one in compared]))
    seen = [any(found[at] == "sealed" for *_, found in likenesses) for at in range(len(compared))]
    for count_id, known, found in likenesses:
        if "sealed" in found:
            left_out.add(count_id)
            its = [one for one, each in zip(compared, found, strict=True) if each == "sealed"]
            own |= any(one.seal.county == record.county for one in its)
            recognised |= {one.seal.relief_id for one in its if not one.in_record}
        else:
            in_doubt |= {
                (one.seal.relief_id, one.apart(known)[0])
                for one, each, there in zip(compared, found, seen, strict=True)
                if each == "may_be" or (each == "unclear" and not there)
            }
    return Held(frozenset(left_out), frozenset(in_doubt), own, frozenset(recognised))


class _Compared:
    """One seal, compared with the counts of one record."""

    def __init__(
        self, seal: Seal, record: RecordKey, persons: Sequence[tuple[str, str]], hashed: Hashed
    ) -> None:
        self.seal, self._hashed = seal, hashed
        self.in_record = self._at(record.place())
        # A count without a case number is looked for by the person, whatever the record's id.
        self._of_person = any(
            self._at(cii_place(each))
            for kind, value in persons
            if kind == "cii"
            for each in asked_ciis(value)
        )
        self._same_person = True if self.in_record else self._compare(persons)

    def apart(self, known: tuple[str, ...]) -> Sequence[str]:
        """The hashes by which a count that is ``known`` so is told from the sealed one."""
        return self._hashed(str(self.seal.relief_id), "apart", *known)

    def with_count(self, one: CountFacts, known: tuple[str, ...]) -> Likeness:
        """Whether the count is the sealed one. What a person has told from it is another, as long as nothing of it
        changes, and unless it is the sealed one for certain."""
        likeness = self._compared(one)
        doubtful = likeness in ("may_be", "unclear") and bool(self.seal.apart)
        return "other" if doubtful and not self.seal.apart.isdisjoint(self.apart(known)) else likeness

    def _compared(self, one: CountFacts) -> Likeness:
        if self._same_person is False:
            return "other"
        in_case = any(map(self._at, one.cases))
        near = in_case or any(map(self._at, one.near))
        if not (near or self.in_record or (self._of_person and not one.cases)):
            return "other"
        likeness = self._likeness(one, near)
        if self._same_person:
            return likeness
        # Somebody of whom nothing can be compared, with a number that other cases have parts of, too: all must agree.
        return "may_be" if likeness == "sealed" else likeness if in_case else "other"

    def _likeness(self, one: CountFacts, in_case: bool) -> Likeness:
        seal = self.seal
        same_count = self._any(seal.sealed, [("count", one.key)])
        kept_count = self._any(seal.kept, [("count", one.key)])
        kept_charge = self._any(seal.kept, _charges(one.section, one.days))
        if self._charge(one):
            if kept_charge:  # two counts of one charge on one day: their ids alone tell them apart
                return "sealed" if same_count else "other" if kept_count else "may_be"
            other_case = not in_case and one.cases and self._any(seal.sealed, [("numbered", one.record)])
            return "may_be" if other_case and not same_count else "sealed"
        if kept_charge or (kept_count and not same_count):
            return "other"
        if self._any(seal.sealed, [("section", one.base)]):
            if same_count and (in_case or not one.cases):
                return "sealed"
            return "may_be" if same_count or in_case else "other"
        may_be_that_day = not one.days or self._any(seal.sealed, (("day", day) for day in one.days))
        if not (in_case and may_be_that_day):
            return "other"
        if same_count:
            return "may_be"
        named = self._any(seal.sealed, (("number", number) for number in one.numbers))
        return "unclear" if named or not one.numbers else "other"

    def _charge(self, one: CountFacts) -> bool:
        """Whether section and day are those of the sealed count; one of the two may be written without subdivisions."""
        sections = [_charges(one.section, one.days)]
        if one.section == one.base:
            sections.append(_charges(one.base, one.days, "within"))
        else:
            sections.append(_charges(one.base, one.days))
        return any(self._any(self.seal.sealed, each) for each in sections)

    def _compare(self, persons: Sequence[tuple[str, str]]) -> bool | None:
        """Whether it is the person of the seal: by the CII number, else by all that is known of both; None: nothing
        is, or some of it agrees and some differs, as of twins."""
        kinds = {text.partition(":")[0] for text in self.seal.persons}
        agrees: dict[str, bool] = {}
        for kind, value in persons:
            if kind in kinds:
                asked = asked_ciis(value) if kind == "cii" else (value,)
                agrees[kind] = agrees.get(kind, False) or any(
                    f"{kind}:{each}" in self.seal.persons
                    for one in asked
                    for each in self._hashed(str(self.seal.relief_id), kind, one)
                )
        if agrees.get("cii") or (agrees and all(agrees.values())):
            return True
        return None if any(agrees.values()) or not agrees else False

    def _at(self, place: str) -> bool:
        return any(each in self.seal.places for each in self._hashed(place))

    def _any(self, among: frozenset[str], facts: Iterable[tuple[str, ...]]) -> bool:
        return any(each in among for fact in facts for each in self._hashed(str(self.seal.relief_id), *fact))
