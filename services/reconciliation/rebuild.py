"""Reconciliation's database from records-v1 and relief-v1; what people decided comes from the old one.

Records are stored first and linked once all are there: the order does not matter to who is one person. Which id a
subject has does depend on the order, and is no fact that a topic has for each record: ids come from the old database,
versions from histories-v1. Linking all records again then emits only what differs from what is published.
"""

import io
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import Any

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.event import header
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.records import CaseRecorded, RapSheetRecorded, SourceRecord
from reliefstream_contracts.relief import RELIEF_TOPIC_EVENTS, ReliefEvent
from reliefstream_contracts.statements import FactStated
from services.chassis.rebuild.tables import Compared
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.service import Service
from services.chassis.runtime.tombstones import ids_in
from services.chassis.runtime.unit_of_work import Database, Delivery, Received, Work
from services.reconciliation.handlers import Linker
from services.reconciliation.ledger import named
from services.reconciliation.linkage.conviction.history import IN_DOUBT
from services.reconciliation.linkage.identity.components import most_of
from services.reconciliation.linkage.identity.decisions import IdentityDecision, decision_key
from services.reconciliation.linkage.identity.identifiers import Identifier
from services.reconciliation.referrals import clock as referral_clock
from services.reconciliation.relief_clocks import FOUND_BY, KINDS, ReliefClocks, entry_id, look_on
from services.reconciliation.settings import ReconciliationSettings
from services.reconciliation.store import records as store
from services.reconciliation.store import statements as stated
from services.reconciliation.store.links import arriving_of
from services.reconciliation.store.records import StoredSubject
from services.reconciliation.weights_file import load_model

Row = Mapping[str, Any]
ERASED_BY = (
    ("records", "record_key"),
    ("record_identifiers", "record_key"),
    ("statements", "statement_key"),
    ("named_records", "statement_key"),
    ("named_records", "record_key"),
)


class Rebuilt:
    """Reconciliation's part of a rebuild."""

    published = (HistoryChanged.TOPIC, DiscrepancyChanged.TOPIC)
    given = (
        "link_decisions",
        "referrals",
        "referral_lines",
        "discrepancy_acts",
        "forgetting",
        "erased_sheets",
        "erased_numbers",
    )
    compared: Mapping[str, Compared] = {
        "records": Compared("record_key", "sequence, type, body, withdrawn, subject_id"),
        "subjects": Compared("subject_id::text", "version, content, in_doubt, retired_into"),
        "discrepancies": Compared("discrepancy_id::text", "version, open, subject_id, event"),
        "statements": Compared("statement_key", "revision, body, status, reason"),
        "relief_clocks": Compared(
            "relief_id::text || '/' || duty", "sequence, conviction, moved_on, look_on"
        ),
        "relief_stages": Compared("count_key", "stage, at, sequence"),
    }

    def __init__(self, settings: ReconciliationSettings, clock: Clock) -> None:
        self.service = Service("reconciliation", settings, clock)
        self._linker = Linker(load_model(settings.linkage_weights))
        self.service.consume(
            [SourceRecord.TOPIC],
            [RapSheetRecorded, CaseRecorded, FactStated],
            self.on_records,
            erased=self.on_erased,
        )
        clocks = ReliefClocks(clock.today)
        self.service.consume([ReliefEvent.TOPIC], RELIEF_TOPIC_EVENTS, clocks.on_relief, erased=clocks.erased)
        self._all = True
        self._touched: set[str] = set()
        self._decided: set[tuple[str, str, bool]] = set()

    async def on_records(self, deliveries: Sequence[Delivery[SourceRecord | FactStated]], work: Work) -> None:
        """Stores the latest version of each statement and record, with its comparison keys; links nobody."""
        newest: dict[str, SourceRecord] = {}
        statements: list[FactStated] = []
        for delivery in deliveries:
            event = delivery.event
            if isinstance(event, FactStated):
                statements.append(event)
            elif (key := event.key()) not in newest or newest[key].sequence < event.sequence:
                newest[key] = event
        named = await stated.keep(work.db, statements) if statements else {}
        stored = {
            row["record_key"]: row
            for row in await work.db.fetch(
                "SELECT record_key, sequence, subject_id FROM records WHERE record_key = ANY($1)",
                list(newest),
            )
        }
        newer = {k: r for k, r in newest.items() if k not in stored or stored[k]["sequence"] < r.sequence}
        if not self._all:  # whoever a statement speaks of is to be looked at anew
            self._touched |= {*named, *await stated.named_beside(work.db, newer)}
        if not newer:
            return
        coming = {key: arriving_of(record) for key, record in newer.items()}
        leaving = await _keys_of(work.db, newer.keys() & stored.keys())
        if not self._all:  # whoever was compared with what a record said before is to be looked at anew
            self._touched |= newer.keys() | await _holders(work.db, leaving)
        ids = {key: stored[key]["subject_id"] for key in newer if key in stored}
        await store.write_records(work.db, newer.values(), coming, ids, newer.keys() & stored.keys())
        await self._mark_oversized(work.db, leaving.union(*(each.keys for each in coming.values())))

    async def on_erased(self, keys: Sequence[str], work: Work) -> None:
        """Forgets these records and statements; whoever was compared with them is to be looked at anew."""
        leaving = await _keys_of(work.db, keys)
        if not self._all:
            self._touched |= await _holders(work.db, leaving) - set(keys)
        for table, key in ERASED_BY:
            await work.db.execute(f"DELETE FROM {table} WHERE {key} = ANY ($1)", list(keys))  # noqa: S608
        await self._mark_oversized(work.db, leaving)

    async def _mark_oversized(self, db: Database, keys: Collection[Identifier]) -> None:
        rows = await db.fetch(
            """SELECT identifier, count(record_key) AS holders,
                      EXISTS (SELECT FROM oversized_keys WHERE oversized_keys.identifier = asked.identifier) AS
                      oversized
               FROM unnest($1::text[]) AS asked (identifier) LEFT JOIN record_identifiers USING (identifier)
               GROUP BY identifier""",
            list(keys),
        )
        oversized = {row["identifier"]: row["holders"] > most_of(row["identifier"]) for row in rows}
        turned = {
            Identifier(row["identifier"]): oversized[row["identifier"]]
            for row in rows
            if row["oversized"] != oversized[row["identifier"]]
        }
        await store.mark_oversized(db, turned)
        if not self._all:
            self._touched |= await _holders(db, turned)

    async def forget(self, work: Work) -> None:
        """Nothing counts as published, and no record has an id."""
        await work.db.execute("DELETE FROM subjects")
        await work.db.execute("DELETE FROM discrepancies")
        await work.db.execute("UPDATE records SET subject_id = NULL WHERE subject_id IS NOT NULL")

    async def adopt(self, work: Work, published: Sequence[Received]) -> None:
        """Subjects with their versions, and the ledger's entries, as they stand on the topics."""
        subjects: dict[str, StoredSubject] = {}
        entries: dict[str, DiscrepancyChanged] = {}
        erased: list[str] = []
        for each in published:
            if each.is_tombstone() and each.key is not None:
                for known in (subjects, entries):
                    known.pop(each.key, None)
                erased.append(each.key)
            elif header(each.headers, "ce_type") == HistoryChanged.TYPE:
                history = HistoryChanged.from_json(each.value)
                subjects[history.key()] = _as_stored(history)
            else:
                entry = DiscrepancyChanged.from_json(each.value)
                entries[entry.key()] = entry
        for table, key in (("subjects", "subject_id"), ("discrepancies", "discrepancy_id")):
            await work.db.execute(f"DELETE FROM {table} WHERE {key} = ANY ($1)", ids_in(erased))  # noqa: S608
        await store.write_subjects(work.db, subjects.values())
        await _write_entries(work.db, list(entries.values()))

    async def take_over(self, work: Work, old: Database) -> None:
        """The id of each record, what was decided about records, and which clocks have rung or were put off."""
        moved = await _take_ids(work.db, old)
        decisions = await work.db.fetch(
            "SELECT one, other, same FROM link_decisions WHERE superseded_at IS NULL"
        )
        decided = {(row["one"], row["other"], row["same"]) for row in decisions}
        held = [(decision_key(IdentityDecision(*one)), key) for one in decided for key in one[:2]]
        await work.db.executemany(
            "INSERT INTO record_identifiers VALUES ($1, $2) ON CONFLICT DO NOTHING", held
        )
        if not self._all:
            self._touched |= moved | {key for one in decided ^ self._decided for key in one[:2]}
        self._decided = decided
        await _take_clocks(work.db, old)

    async def unsettled(self, work: Work) -> list[str]:
        """Records to link: all at first, then those that what came since may reach."""
        if self._all:
            self._all = False
            rows = await work.db.fetch("SELECT record_key FROM records ORDER BY subject_id, record_key")
            return [row["record_key"] for row in rows]
        touched, self._touched = self._touched, set()
        return sorted(touched)

    async def settle(self, work: Work, keys: Sequence[str]) -> None:
        """Links these records anew."""
        await self._linker.link_anew(work, keys)

    async def finish(self, work: Work) -> None:
        """Nothing to clear away."""


def _as_stored(history: HistoryChanged) -> StoredSubject:
    content = sha256(history.replace(version=1).to_json()).digest()
    return StoredSubject(
        history.subject_id, history.version, content, IN_DOUBT in history.doubts, history.retired_into
    )


async def _keys_of(db: Database, records: Collection[str]) -> set[Identifier]:
    rows = await db.fetch(
        "SELECT DISTINCT identifier FROM record_identifiers WHERE record_key = ANY($1)", list(records)
    )
    return {Identifier(row["identifier"]) for row in rows}


async def _holders(db: Database, keys: Collection[Identifier]) -> set[str]:
    rows = await db.fetch(
        "SELECT DISTINCT record_key FROM record_identifiers WHERE identifier = ANY($1)", list(keys)
    )
    return {row["record_key"] for row in rows}


async def _write_entries(db: Database, entries: Sequence[DiscrepancyChanged]) -> None:
    await db.executemany(
        """INSERT INTO discrepancies
               (discrepancy_id, version, kind, open, subject_id, first_seen, last_seen, event, found_by, county,
                owner, records)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
           ON CONFLICT (discrepancy_id) DO UPDATE SET version = excluded.version, open = excluded.open,
               subject_id = excluded.subject_id, event = excluded.event, last_seen = excluded.last_seen,
               county = excluded.county, owner = excluded.owner, records = excluded.records""",
        [
            (
                one.discrepancy_id,
                one.version,
                one.kind,
                one.status == "open",
                one.subject_id,
                one.first_seen or one.at,
                one.at,
                one.to_json(),
                _found_by(one),
                one.county,
                one.owner,
                named(one),
            )
            for one in entries
        ],
    )


def _found_by(entry: DiscrepancyChanged) -> str:
    if entry.kind in referral_clock.KINDS:
        return referral_clock.FOUND_BY
    return FOUND_BY if entry.kind in KINDS else "records"


async def _take_ids(db: Database, old: Database) -> set[str]:
    """Gives each record the id that it has in the old database; returns those that had another one here."""
    held = io.BytesIO()
    await old.copy_from_query("SELECT record_key, subject_id FROM records", output=held, format="binary")
    held.seek(0)
    await db.execute("CREATE TEMP TABLE given_ids (record_key text, subject_id uuid) ON COMMIT DROP")
    await db.copy_to_table("given_ids", source=held, format="binary")
    rows = await db.fetch(
        """UPDATE records SET subject_id = given_ids.subject_id FROM given_ids
           WHERE records.record_key = given_ids.record_key
             AND records.subject_id IS DISTINCT FROM given_ids.subject_id
           RETURNING records.record_key"""
    )
    return {row["record_key"] for row in rows}


async def _take_clocks(db: Database, old: Database) -> None:
    """Clocks with an open entry have expired; the others are checked on the day that the old database has."""
    running = await db.fetch("SELECT relief_id, duty FROM relief_clocks WHERE look_on IS NOT NULL")
    entries = await db.fetch(
        "SELECT discrepancy_id FROM discrepancies WHERE open AND found_by = $1", FOUND_BY
    )
    found = {row["discrepancy_id"] for row in entries}
    rung = [row for row in running if entry_id(row["relief_id"], row["duty"]) in found]
    await look_on(db, rung, [None] * len(rung))
    waiting = await old.fetch("SELECT relief_id, duty, look_on FROM relief_clocks WHERE look_on IS NOT NULL")
    await look_on(db, waiting, [row["look_on"] for row in waiting])
