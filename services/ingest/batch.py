"""The one path of every record: a batch of messages in one transaction, a receipt for each."""

import asyncio
from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from uuid import UUID

from prometheus_client import Counter

from reliefstream_contracts.event import trace_id
from reliefstream_contracts.identifiers import CountyName, QuarantineId, RecordId, SubmissionId
from reliefstream_contracts.receipts import Problem, ReceiptIssued
from reliefstream_contracts.records import SourceRecord
from services.chassis.runtime import erased_numbers
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.unit_of_work import Trace, Work
from services.ingest import store
from services.ingest.core.doj.file.uniting import DojRecord
from services.ingest.core.files.file_lines import in_file
from services.ingest.core.intake_decision import IntakeDecision, Status, StoredRecord, decide
from services.ingest.core.message import SourceMessage
from services.ingest.core.parse import parse
from services.ingest.core.parsed import Parsed, ParsedCase, ParsedRows, Unparseable
from services.ingest.core.source_location import MESSAGE
from services.ingest.profiles.counties import SendingCounties
from services.ingest.quarantine import store as quarantine_store
from services.ingest.quarantine.entry import Entry, entry_of
from services.ingest.sealing.intake import holds, keep_in_mind
from services.ingest.sealing.statements import Recognising

RECEIPTS = Counter(
    "reliefstream_ingest_receipts_total",
    "Receipts, one for each record that a county sent",
    ["county", "status"],
)
REFUSALS = Counter("reliefstream_ingest_problems_total", "Problems found at intake", ["county", "code"])

PROBLEMS_IN_RECEIPT = 50
TURN = 50
"""Messages after which other tasks get their turn: heartbeats, health, other requests."""

ParsedBatch = Sequence[tuple[SourceMessage, Parsed]]


async def record_batch(
    messages: Sequence[SourceMessage], work: Work, sending_counties: SendingCounties, keyed_hash: KeyedHash
) -> list[ReceiptIssued]:
    """Parses and records messages in the caller's transaction."""
    return await record_parsed(
        await parse_batch(messages, work.now, sending_counties), work, sending_counties, keyed_hash
    )


async def parse_batch(
    messages: Sequence[SourceMessage], now: datetime, sending_counties: SendingCounties
) -> ParsedBatch:
    """Each message, parsed, in the order given; needs no transaction."""
    done = []
    days = _days(messages, sending_counties, now)
    for index, message in enumerate(messages):
        if index % TURN == TURN - 1:
            await asyncio.sleep(0)
        county = sending_counties[message.county]
        done.append((message, parse(message, county.intake, days[message.county], county.profiles)))
    return done


def _days(
    messages: Iterable[SourceMessage], sending_counties: SendingCounties, now: datetime
) -> Mapping[CountyName, date]:
    """The day in each of their counties."""
    return {county: sending_counties[county].day(now) for county in {message.county for message in messages}}


async def record_parsed(
    batch: ParsedBatch,
    work: Work,
    sending_counties: SendingCounties,
    keyed_hash: KeyedHash,
    *,
    told_apart: bool = False,
) -> list[ReceiptIssued]:
    """Records, recognises or quarantines each message, in the order given; returns their receipts in that order.

    Emits a record event for each that is recorded or becomes incomplete, and every receipt. ``keyed_hash``: what a
    court sealed is recognised by it. ``told_apart``: a person has said that what may be sealed in them is not.
    """
    keys = [key_of(message.county, parsed) for message, parsed in batch]
    withheld = [_withheld(message, parsed) for message, parsed in batch]
    beside = {key for rows in withheld for key, _ in rows}
    wanted = {key for key in keys if key} | beside
    # All at once: two batches that lock part by part would wait for each other.
    records: dict[store.Key, StoredRecord] = await store.lock_records(work.db, wanted) if wanted else {}
    compared = await holds(
        work.db, batch, keys, sending_counties, keyed_hash, beside=beside, told_apart=told_apart
    )
    above = await erased_numbers.highest(work.db, SourceRecord.TOPIC) if wanted else 0
    changed: dict[store.Key, StoredRecord] = {}
    bodies: dict[store.Key, bytes] = {}
    entries: list[tuple[int, Entry]] = []
    right: dict[store.Key | None, tuple[int, quarantine_store.Recorded]] = {}
    receipts: list[ReceiptIssued] = []
    days = _days((message for message, _ in batch), sending_counties, work.now)

    def decided(county: CountyName, key: store.Key, parsed: ParsedCase | ParsedRows) -> IntakeDecision:
        return decide(
            records.get(key),
            parsed,
            sending_counties[county].intake,
            days[county],
            compared.holds.get(key),
            above=above,
        )

    for index, ((message, parsed), key, lacking) in enumerate(zip(batch, keys, withheld, strict=True)):
        if index % TURN == TURN - 1:
            await asyncio.sleep(0)
        county = sending_counties[message.county]
        carried = trace(message, work.now)
        if key is None or isinstance(parsed, Unparseable):
            problems = parsed.problems if isinstance(parsed, Unparseable) else ()
            decision = IntakeDecision("quarantined", None, problems=problems)
        else:
            decision = decided(message.county, key, parsed)
            if decision.stored is not None and decision.stored != records.get(key):
                records[key] = changed[key] = decision.stored
                if decision.encoded:
                    bodies[key] = decision.encoded
        for own, rows in lacking:
            without = decided(message.county, own, rows)
            if without.stored is not None and without.stored != records.get(own):
                records[own] = changed[own] = without.stored
            if without.event:
                work.emit(without.event, carried)
        profile = county.profiles.get(message.metadata.profile)
        if entry := entry_of(message, parsed, decision, profile, days[message.county]):
            entries.append((index, entry))
        if key and decision.event and decision.status == "recorded":
            right[key] = index, _right(message, key, decision.event.revision, decision.stored)
        receipt = _receipt(message, decision, key, entry, traceparent=carried.parent, now=work.now)
        receipts.append(receipt)
        if decision.event:
            work.emit(decision.event, carried, decision.encoded)
        work.emit(receipt, carried)
    if changed:
        await store.write_records(work.db, list(changed.values()), bodies)
    await keep_in_mind(work, compared, changed, Recognising(sending_counties, keyed_hash))
    if empty := wanted - records.keys():
        await store.delete(work.db, empty)
    await _update_quarantine(work, batch, entries, right)
    await _count(work, receipts, [message for message, _ in batch])
    return receipts


async def _update_quarantine(
    work: Work,
    batch: ParsedBatch,
    entries: Sequence[tuple[int, Entry]],
    right: Mapping[store.Key | None, tuple[int, quarantine_store.Recorded]],
) -> None:
    """Keeps what was refused, and ends the entries of what is ``right`` now."""
    again = [message.resubmitted for message, _ in batch if message.resubmitted]
    if entries or again:
        concerned = {entry.quarantine_id for _, entry in entries} | set(again)
        await quarantine_store.lock(work.db, concerned, [one for _, one in right.values()])
    if entries:
        await quarantine_store.keep(work.db, [entry for _, entry in entries], work.now)
    if right:
        await quarantine_store.supersede(
            work.db, [one for _, one in right.values()], _still_open(batch, entries, right), work.now
        )


def trace(message: SourceMessage, now: datetime) -> Trace:
    """The trace that a message's events continue."""
    return Trace(message.traceparent, (message.arrived_at or now).isoformat())


def key_of(county: CountyName, parsed: Parsed) -> store.Key | None:
    """The key of the record that a parsed message is about; None: it names no record."""
    if isinstance(parsed, ParsedRows):
        return county, "doj", RecordId(parsed.record_id)
    if isinstance(parsed, ParsedCase):
        return county, "court", RecordId(parsed.record_id)
    return None


def _withheld(message: SourceMessage, parsed: Parsed) -> list[tuple[store.Key, ParsedRows]]:
    """Rows that a message withholds from other records: the key of each record, and its withheld rows."""
    rows = () if isinstance(parsed, ParsedCase) else parsed.withheld
    return [((message.county, "doj", RecordId(each.record_id)), each) for each in rows]


def _still_open(
    batch: ParsedBatch,
    entries: Sequence[tuple[int, Entry]],
    right: Mapping[store.Key | None, tuple[int, quarantine_store.Recorded]],
) -> list[UUID]:
    """Entries that the records of this batch must not end: those of later messages, which may hold newer facts, and
    resubmitted ones, which are ended separately.
    """
    refused = {one.quarantine_id for _, one in entries}
    later = [
        one.quarantine_id for at, one in entries if (key := _key_of(one)) in right and at >= right[key][0]
    ]
    return later + [s.resubmitted for s, _ in batch if s.resubmitted and s.resubmitted not in refused]


def _right(
    message: SourceMessage, key: store.Key, revision: int, stored: StoredRecord | None
) -> quarantine_store.Recorded:
    """A recorded message, as its record's quarantine entries are ended by it."""
    complete = not (stored and isinstance(stored.content, DojRecord) and stored.content.refused_rows)
    return quarantine_store.Recorded(*key, revision, complete, message.receipt_id)


def _key_of(entry: Entry) -> store.Key | None:
    if entry.form not in ("doj", "court") or entry.record_id is None:
        return None
    return entry.county, "doj" if entry.form == "doj" else "court", RecordId(entry.record_id)


def _receipt(
    message: SourceMessage,
    decision: IntakeDecision,
    key: store.Key | None,
    entry: Entry | None,
    *,
    traceparent: str,
    now: datetime,
) -> ReceiptIssued:
    named = key[2] if key else entry.record_id if entry else None
    return ReceiptIssued(
        receipt_id=message.receipt_id,
        county=message.county,
        status=decision.status,
        record_id=RecordId(named) if named else None,
        revision=decision.event.revision if decision.event and decision.status == "recorded" else None,
        problems=_shortened(in_file(decision.problems, message.metadata.line_offset)),
        quarantine_ids=(QuarantineId(entry.quarantine_id),) if entry else (),
        submission_id=SubmissionId(message.submission_id) if message.submission_id else None,
        unit=message.metadata.unit,
        received_at=now,
        trace_id=trace_id(traceparent),
    )


def _shortened(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    if len(problems) <= PROBLEMS_IN_RECEIPT:
        return problems
    more = len(problems) - PROBLEMS_IN_RECEIPT
    return (
        *problems[:PROBLEMS_IN_RECEIPT],
        MESSAGE.problem(
            "more_problems", f"{more} more problems", "see all of them: reliefstream quarantine show ID"
        ),
    )


async def _count(work: Work, receipts: Sequence[ReceiptIssued], messages: Sequence[SourceMessage]) -> None:
    """Counts every receipt; in the metrics, which alerts watch, only what counties sent: not what we try again."""
    sent = [receipt for message, receipt in zip(messages, receipts, strict=True) if not message.resubmitted]
    totals: Tally[tuple[CountyName, Status]] = Tally((r.county, r.status) for r in receipts)
    for (county, status), total in Tally((r.county, r.status) for r in sent).items():
        work.on_commit.append(partial(RECEIPTS.labels(county, status).inc, total))
    for (county, code), total in Tally((r.county, p.code) for r in sent for p in r.problems).items():
        work.on_commit.append(partial(REFUSALS.labels(county, code).inc, total))
    if totals:
        await store.count(work.db, totals)
