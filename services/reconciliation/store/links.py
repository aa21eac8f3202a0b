"""The keys of stored and arriving records, and the other holders of these keys, read step by step."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from reliefstream_contracts.records import SourceRecord
from services.chassis.runtime.unit_of_work import Database
from services.reconciliation.linkage.identity.components import most_of
from services.reconciliation.linkage.identity.decisions import by_decision
from services.reconciliation.linkage.identity.identifiers import Identifier, identifiers_of
from services.reconciliation.linkage.identity.oversized_components import BY_ALL, BY_IDENTIFIERS
from services.reconciliation.linkage.resemblance.blocking import blocks_of, is_block
from services.reconciliation.linkage.resemblance.comparison import birth_dates_contradict
from services.reconciliation.linkage.resemblance.description import Description, description_of
from services.reconciliation.linkage.resemblance.resemblance import worth_comparing
from services.reconciliation.linkage.resemblance.weights import Model
from services.reconciliation.store.descriptions import from_text

Keys = tuple[Identifier, ...]


class Arriving(NamedTuple):
    """An arriving record's description and keys; none while it is withdrawn.

    ``sequence``: it replaces what is stored under a lower one.
    """

    sequence: int
    description: Description | None
    keys: Keys

    @property
    def born(self) -> date | None:
        """The birth date; None where there is none."""
        return self.description.evidence.birth_date if self.description else None


def arriving_of(record: SourceRecord) -> Arriving:
    """The part of an arriving record that determines its component."""
    if record.withdrawn:
        return Arriving(record.sequence, None, ())
    description = description_of(record)
    return Arriving(record.sequence, description, (*identifiers_of(record), *blocks_of(description)))


class Stored(NamedTuple):
    """A record as it is stored; ``level``: see linkage/identity/oversized_components.py."""

    sequence: int
    description: Description | None
    keys: Keys
    level: int


@dataclass(slots=True)
class StoredLinks:
    """Grows with each record that is looked at; nothing is read twice.

    ``opened`` keys are oversized as stored, and looked at all the same.
    """

    db: Database
    model: Model[Description] | None
    arriving: Mapping[str, Arriving]
    opened: Collection[Identifier]
    stored: dict[str, Stored | None] = field(default_factory=dict)
    """Every record met; None: it is not stored yet."""
    keys: set[Identifier] = field(default_factory=set)
    """Every key whose holders were asked for."""
    oversized: set[Identifier] = field(default_factory=set)
    """Those of ``keys`` that are oversized as stored, but for the opened ones."""
    newer: set[str] = field(default_factory=set)
    """Arriving records that replace what is stored, or are the first of their key."""
    _members: dict[Identifier, set[str]] = field(default_factory=dict)
    _descriptions: dict[str, Description] = field(default_factory=dict)
    """As stored, of whoever holds a block and may be compared with somebody here."""
    _born: dict[str, date] = field(default_factory=dict)
    """The birth date of whoever holds a block, as stored, where it is known."""
    _coming: dict[Identifier, set[str]] = field(default_factory=dict)
    _alike: dict[tuple[str, str], bool] = field(default_factory=dict)

    async def meet(self, records: Iterable[str]) -> None:
        """Reads these records' own keys and descriptions."""
        new = [record for record in records if record not in self.stored]
        if not new:
            return
        self.stored.update(dict.fromkeys(new))
        rows = await self.db.fetch(
            """SELECT record_key, sequence, description, component_level,
                      array(SELECT identifier FROM record_identifiers AS own
                            WHERE own.record_key = records.record_key) AS keys
               FROM records WHERE record_key = ANY($1)""",
            new,
        )
        for row in rows:
            description = from_text(row["description"]) if row["description"] else None
            self.stored[row["record_key"]] = Stored(
                row["sequence"], description, tuple(map(Identifier, row["keys"])), row["component_level"]
            )
            if description:
                self._descriptions[row["record_key"]] = description
        for record in new:
            arriving, known = self.arriving.get(record), self.stored[record]
            if arriving and (known is None or known.sequence < arriving.sequence):
                self.newer.add(record)
                for key in arriving.keys:
                    self._coming.setdefault(key, set()).add(record)

    async def ask(self, records: Collection[str]) -> None:
        """Reads who holds the keys that these records, met before, have or get."""
        keys = {record: {*self.before(record), *self.after(record)} for record in records}
        asked = set[Identifier]().union(*keys.values()) - self.keys
        if asked:
            await self._ask(asked)
        if unread := self._unread(keys):
            rows = await self.db.fetch(
                "SELECT record_key, description FROM records WHERE record_key = ANY($1) AND description IS NOT NULL",
                list(unread),
            )
            self._descriptions.update({row["record_key"]: from_text(row["description"]) for row in rows})

    async def _ask(self, keys: set[Identifier]) -> None:
        self.keys |= keys
        oversized = await self.db.fetch(
            "SELECT identifier FROM oversized_keys WHERE identifier = ANY($1)", list(keys)
        )
        self.oversized.update({Identifier(row["identifier"]) for row in oversized}.difference(self.opened))
        rows = await self.db.fetch(
            "SELECT identifier, record_key, born FROM record_identifiers WHERE identifier = ANY($1)",
            list(keys - self.oversized),
        )
        for row in rows:
            self._members.setdefault(row["identifier"], set()).add(row["record_key"])
            if row["born"] is not None:
                self._born[row["record_key"]] = row["born"]

    def _unread(self, keys: Mapping[str, Collection[Identifier]]) -> set[str]:
        """Records that share a block with a record, as in ``keys``, and may be worth comparing with it.

        Two rap sheets are never compared, nor are two whose birth dates contradict each other: most strangers in a
        block need not be read.
        """
        found: set[str] = set()
        for record, its in keys.items():
            beside = {
                other for key in its if key in self._members and is_block(key) for other in self._members[key]
            }
            if _is_sheet(record):
                beside = {other for other in beside if not _is_sheet(other)}
            if beside := beside.difference(self._descriptions, found):
                said = self._said(record)
                found.update(other for other in beside if self._may_be_alike(said, other))
        return found

    def _said(self, record: str) -> set[date | None]:
        """A record's birth dates, as it is stored and as it will be; None: one of them is not known."""
        known = self.stored[record]
        both = (known and known.description, self.described(record))
        return {one.evidence.birth_date for one in both if one}

    def _may_be_alike(self, said: Collection[date | None], other: str) -> bool:
        its = self._born.get(other)
        return its is None or any(one is None or not birth_dates_contradict(one, its) for one in said)

    def before(self, record: str) -> Keys:
        """The keys of a record as it is stored."""
        known = self.stored[record]
        return known.keys if known else ()

    def after(self, record: str) -> Keys:
        """The keys that it will have; what was decided about it stays."""
        if record not in self.newer:
            return self.before(record)
        told = tuple(key for key in self.before(record) if by_decision(key))
        return (*self.arriving[record].keys, *told)

    def described(self, record: str) -> Description | None:
        """Its description after the change."""
        known = self.arriving[record] if record in self.newer else self.stored[record]
        return known.description if known else None

    def level(self, record: str) -> int:
        """Its stored level."""
        known = self.stored[record]
        return known.level if known else BY_ALL

    def changes(self, record: str) -> bool:
        """Whether a stored record gets other keys or another description."""
        known = self.stored[record]
        return bool(
            record in self.newer
            and known
            and (known.description != self.described(record) or set(known.keys) != set(self.after(record)))
        )

    def holders_after(self, key: Identifier) -> Collection[str]:
        """The records that will hold a key that was read and is not stored as oversized."""
        members, coming = self._members.get(key, set()), self._coming.get(key, set())
        if by_decision(key) or not (coming or self.newer & members):
            return members
        return (members - self.newer) | coming

    def will_be_oversized(self, key: Identifier) -> bool:
        """Whether a key that was asked for will be oversized, as far as these records say."""
        if key in self.oversized:
            return True
        at_most = len(self._members.get(key, ())) + len(self._coming.get(key, ()))
        return at_most > most_of(key) and len(self.holders_after(key)) > most_of(key)

    def reached(self, record: str) -> set[str]:
        """Stored records that one is linked with now or will be; those met before may be left out."""
        found: set[str] = set()
        beside: set[str] = set()
        for key in {*self.before(record), *self.after(record)}:
            members = self._members.get(key)
            if not members:
                continue
            if (
                not is_block(key)
                or key in self.opened
                or (key in self._coming and self.will_be_oversized(key))
            ):
                # Whatever a block linked that gets oversized, or will link again, is to be looked at anew.
                found |= members
            else:
                beside |= members
        if self.model is not None and (beside := beside.difference(found, self.stored)):
            known = self.stored[record]
            said = {one for one in (known and known.description, self.described(record)) if one}
            found.update(
                other
                for other in beside
                if (its := self._descriptions.get(other))
                and any(worth_comparing(one, its, self.model) for one in said)
            )
        return found

    def linked(self, record: str, level: int) -> set[str]:
        """Records that one will be linked with, all that link at a level counted
        (linkage/identity/oversized_components.py).
        """
        found: set[str] = set()
        for key in self.after(record):
            if is_block(key):
                if level == BY_ALL and not self.will_be_oversized(key):
                    found.update(
                        other for other in self.holders_after(key) if self._worth_comparing(record, other)
                    )
            elif by_decision(key) or (level <= BY_IDENTIFIERS and not self.will_be_oversized(key)):
                found.update(self.holders_after(key))
        return found - {record}

    def _worth_comparing(self, one: str, other: str) -> bool:
        if self.model is None or one == other:
            return False
        pair = (one, other) if one < other else (other, one)
        if pair not in self._alike:
            its = self.arriving[other].description if other in self.newer else self._descriptions.get(other)
            own = self.described(one)
            self._alike[pair] = bool(own and its and worth_comparing(own, its, self.model))
        return self._alike[pair]


def _is_sheet(record: str) -> bool:
    return record.startswith("doj/")
