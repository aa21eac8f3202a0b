"""How far a change reaches: the stored records of every component that arriving records are or were of."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from reliefstream_contracts.records import SourceRecord
from services.chassis.work import Database
from services.reconciliation.descriptions import from_text
from services.reconciliation.linkage.blocking import blocks_of, is_block
from services.reconciliation.linkage.components import most_of
from services.reconciliation.linkage.description import Description, description_of
from services.reconciliation.linkage.identifiers import Identifier, identifiers_of
from services.reconciliation.linkage.resemblance import worth_comparing
from services.reconciliation.linkage.weights import Model


@dataclass(frozen=True, slots=True)
class Arriving:
    """An arriving record's description and keys; none while it is withdrawn."""

    sequence: int
    description: Description | None
    keys: tuple[Identifier, ...]


def arriving_of(record: SourceRecord) -> Arriving:
    """What of an arriving record says how far it reaches."""
    if record.withdrawn:
        return Arriving(record.sequence, None, ())
    description = description_of(record)
    return Arriving(record.sequence, description, (*identifiers_of(record), *blocks_of(description)))


@dataclass(slots=True)
class Extent:
    """Records reached, by key, each with the descriptions that it has or gets, and all keys that they hold.

    ``stored``: the keys that each holds as it is stored.
    """

    records: dict[str, list[Description]] = field(default_factory=dict)
    stored: dict[str, tuple[Identifier, ...]] = field(default_factory=dict)
    keys: set[Identifier] = field(default_factory=set)


@dataclass(slots=True)
class _Reaching:
    """One walk from record to record."""

    db: Database
    model: Model[Description] | None
    arriving: Mapping[str, Arriving]
    opened: Collection[Identifier]
    extent: Extent = field(default_factory=Extent)
    members: dict[Identifier, dict[str, Description | None]] = field(default_factory=dict)
    """The stored holders of each block met, unless it is crowded."""
    stale: set[str] = field(default_factory=set)
    """Arriving records that are not newer than what is stored."""
    coming: dict[Identifier, set[str]] = field(default_factory=dict)
    """The arriving holders of each key."""

    def __post_init__(self) -> None:
        for record, arriving in self.arriving.items():
            for key in arriving.keys:
                self.coming.setdefault(key, set()).add(record)

    async def from_records(self, start: Iterable[str]) -> Extent:
        new = set(start)
        while new:
            held = await self._enter(new)
            reached = await self._holders({key for keys in held.values() for key in keys})
            for record, keys in held.items():
                for key in keys:
                    if is_block(key):
                        reached |= self._alike(record, key)
            new = reached - self.extent.records.keys()
        return self.extent

    async def _enter(self, records: Collection[str]) -> dict[str, set[Identifier]]:
        """Adds records to the extent; returns the keys that each holds, as stored and as it arrives."""
        held: dict[str, set[Identifier]] = {record: set() for record in records}
        rows = await self.db.fetch(
            """SELECT record_key, sequence, description,
                      array(SELECT identifier FROM record_identifiers AS own
                            WHERE own.record_key = records.record_key) AS keys
               FROM records WHERE record_key = ANY($1)""",
            list(records),
        )
        for record in records:
            arriving = self.arriving.get(record)
            self.extent.records[record] = [arriving.description] if arriving and arriving.description else []
            held[record].update(arriving.keys if arriving else ())
        for row in rows:
            record = row["record_key"]
            arriving = self.arriving.get(record)
            if arriving and arriving.sequence <= row["sequence"]:
                self.stale.add(record)
            if row["description"]:
                self.extent.records[record].append(from_text(row["description"]))
            self.extent.stored[record] = tuple(map(Identifier, row["keys"]))
            held[record].update(self.extent.stored[record])
        return held

    async def _holders(self, keys: Collection[Identifier]) -> set[str]:
        """Records that hold one of these keys, which no earlier step met, and are reached by that alone."""
        asked = set(keys) - self.extent.keys
        self.extent.keys |= asked
        rows = await self.db.fetch(
            """SELECT identifier, record_key, description FROM identifiers
               JOIN record_identifiers USING (identifier) JOIN records USING (record_key)
               WHERE identifier = ANY($1) AND (NOT crowded OR identifier = ANY($2))""",
            list(asked),
            list(self.opened),
        )
        reached: set[str] = set()
        for row in rows:
            key = Identifier(row["identifier"])
            if is_block(key):
                text = row["description"]
                self.members.setdefault(key, {})[row["record_key"]] = from_text(text) if text else None
            else:
                reached.add(row["record_key"])
        for key in asked:
            if is_block(key) and (key in self.opened or self._grows_crowded(key)):
                # Whatever this block linked, or will link again, is to be looked at anew.
                reached.update(self.members.get(key, ()))
        return reached

    def _grows_crowded(self, block: Identifier) -> bool:
        stored, coming = self.members.get(block, {}).keys(), self.coming.get(block, set()) - self.stale
        if not coming or len(stored) + len(coming) <= most_of(block):
            return False
        replaced = self.arriving.keys() - self.stale
        return len((stored - replaced) | coming) > most_of(block)

    def _alike(self, record: str, block: Identifier) -> set[str]:
        if self.model is None:
            return set()
        own = self.extent.records[record]
        return {
            other
            for other, description in self.members.get(block, {}).items()
            if other not in self.extent.records
            and description is not None
            and any(worth_comparing(one, description, self.model) for one in own)
        }


async def reach(
    db: Database,
    arriving: Mapping[str, Arriving],
    touched: Iterable[str],
    model: Model[Description] | None,
    opened: Collection[Identifier],
) -> Extent:
    """Everything that is of one component with an arriving record, old or new, or with a touched stored one.

    Crowded keys are not followed but for the ``opened`` ones.
    """
    return await _Reaching(db, model, arriving, opened).from_records({*arriving, *touched})
