"""The one path behind every door: a batch of messages in one transaction, a receipt for each."""

import asyncio
from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from datetime import datetime

from prometheus_client import Counter

from reliefstream_contracts.event import trace_of
from reliefstream_contracts.identifiers import CountyName, QuarantineId, RecordId, SubmissionId, derived
from reliefstream_contracts.receipts import Problem, ReceiptIssued
from services.chassis.work import Work
from services.ingest import store
from services.ingest.decision import Decision, Held, Status, decide
from services.ingest.doors import Doors
from services.ingest.formats.profile import Profile
from services.ingest.formats.profile_masking import masked_unit
from services.ingest.masking import masked_message
from services.ingest.reading import ReadCase, Reading, ReadRows, Unreadable, read
from services.ingest.sending import Sending

# Tries, not effects: a batch that is rolled back is counted again. The exact counts are in Postgres.
RECEIPTS = Counter("reliefstream_ingest_receipts_total", "Receipts issued", ["county", "status"])
REFUSALS = Counter("reliefstream_ingest_problems_total", "Problems found at the door", ["county", "code"])

PROBLEMS_IN_RECEIPT = 50
TURN = 50
"""Messages after which other tasks get their turn: heartbeats, health, other requests."""

Read = Sequence[tuple[Sending, Reading]]


async def record_batch(sendings: Sequence[Sending], work: Work, doors: Doors) -> list[ReceiptIssued]:
    """Reads and records messages in one transaction, for those who have it anyway."""
    return await record_read(await read_batch(sendings, work.now, doors), work, doors)


async def read_batch(sendings: Sequence[Sending], now: datetime, doors: Doors) -> Read:
    """What each message says, in the order given; needs no transaction."""
    read_so_far = []
    for index, sending in enumerate(sendings):
        if index % TURN == TURN - 1:
            await asyncio.sleep(0)
        county = doors[sending.county]
        read_so_far.append((sending, read(sending, county.door, county.day(now), county.profiles)))
    return read_so_far


async def record_read(batch: Read, work: Work, doors: Doors) -> list[ReceiptIssued]:
    """Records, recognises or quarantines each message, in the order given; returns their receipts in that order.

    Emits a record event for each that is recorded, and every receipt.
    """
    keys = [_key(sending.county, reading) for sending, reading in batch]
    wanted = {key for key in keys if key}
    # All at once: two batches that lock part by part would wait for each other.
    records: dict[store.Key, Held] = await store.lock_records(work.db, wanted) if wanted else {}
    changed: dict[store.Key, Held] = {}
    entries: list[store.Entry] = []
    receipts: list[ReceiptIssued] = []
    for index, ((sending, reading), key) in enumerate(zip(batch, keys, strict=True)):
        if index % TURN == TURN - 1:
            await asyncio.sleep(0)
        county = doors[sending.county]
        if key is None or isinstance(reading, Unreadable):
            problems = reading.problems if isinstance(reading, Unreadable) else ()
            decision = Decision("quarantined", None, problems=problems)
        else:
            decision = decide(records.get(key), reading, county.door, county.day(work.now))
            if decision.held is not None and decision.held != records.get(key):
                records[key] = changed[key] = decision.held
        entry = _entry(sending, reading, decision, county.profiles.get(sending.headers.get("profile", "")))
        if entry:
            entries.append(entry)
        receipt = _receipt(sending, decision, key, entry, work.now)
        receipts.append(receipt)
        traceparent = trace_of(sending.receipt_id, sending.headers.get("traceparent"))
        if decision.event:
            work.emit(decision.event, traceparent)
        work.emit(receipt, traceparent)
    if changed:
        await store.write_records(work.db, list(changed.values()))
    if entries:
        await store.quarantine(work.db, entries, work.now)
    await _count(work, receipts)
    return receipts


def _key(county: CountyName, reading: Reading) -> store.Key | None:
    if isinstance(reading, ReadRows):
        return county, "doj", RecordId(reading.record_id)
    if isinstance(reading, ReadCase):
        return county, "court", RecordId(reading.record_id)
    return None


def _entry(
    sending: Sending, reading: Reading, decision: Decision, profile: Profile | None
) -> store.Entry | None:
    """What is kept of what was refused: the whole message, or the refused rows of a recorded one."""
    headers: Mapping[str, str] = sending.headers
    form = headers.get("format", "").strip().lower()
    raw = sending.value
    problems = decision.problems
    if decision.status == "recorded" and isinstance(reading, ReadRows) and reading.unit.refused:
        refused = reading.unit.refused
        raw = b"\n".join(row.raw for row in refused)
        numbers = [row.place.number for row in refused]
        headers = {name: value for name, value in headers.items() if name != "rows"}
        if all(number is not None for number in numbers):
            headers = {**headers, "rows": ",".join(map(str, numbers))}
        problems = tuple(row.problem for row in refused)
    elif decision.status != "quarantined":
        return None
    return store.Entry(
        quarantine_id=sending.resubmitted or derived("quarantine", sending.county, sending.receipt_id),
        county=sending.county,
        receipt_id=sending.receipt_id,
        form=form[:20],
        record_id=reading.record_id if isinstance(reading, ReadRows | ReadCase) else None,
        problems=problems,
        headers=headers,
        raw=masked_unit(profile, raw) if form == "court" and profile else masked_message(form, raw),
    )


def _receipt(
    sending: Sending, decision: Decision, key: store.Key | None, entry: store.Entry | None, now: datetime
) -> ReceiptIssued:
    submission = sending.submission_id
    return ReceiptIssued(
        receipt_id=sending.receipt_id,
        county=sending.county,
        status=decision.status,
        record_id=key[2] if key else None,
        revision=decision.event.revision if decision.event else None,
        problems=_shortened(decision.problems),
        quarantine_ids=(QuarantineId(entry.quarantine_id),) if entry else (),
        submission_id=SubmissionId(submission) if submission else None,
        unit=sending.unit,
        received_at=now,
    )


def _shortened(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    if len(problems) <= PROBLEMS_IN_RECEIPT:
        return problems
    more = len(problems) - PROBLEMS_IN_RECEIPT
    return (
        *problems[:PROBLEMS_IN_RECEIPT],
        Problem(
            code="more_problems",
            where="message",
            what=f"{more} more problems",
            remedy="see all of them: reliefstream quarantine show ID",
        ),
    )


async def _count(work: Work, receipts: Sequence[ReceiptIssued]) -> None:
    totals: Tally[tuple[CountyName, Status]] = Tally((r.county, r.status) for r in receipts)
    for (county, status), total in totals.items():
        RECEIPTS.labels(county, status).inc(total)
    for (county, code), total in Tally((r.county, p.code) for r in receipts for p in r.problems).items():
        REFUSALS.labels(county, code).inc(total)
    if totals:
        await store.count(work.db, totals)
