"""Resubmits quarantine entries through intake as it is now, or tries it without effect."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from reliefstream_contracts.receipts import Problem
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.unit_of_work import Work
from services.ingest import store
from services.ingest.batch import key_of, parse_batch, record_parsed
from services.ingest.core.files.file_lines import in_file
from services.ingest.core.intake_decision import decide
from services.ingest.core.message import SourceMessage
from services.ingest.core.message_headers import metadata_of
from services.ingest.core.parsed import ParsedRows, Unparseable
from services.ingest.core.source_location import SourceLocation
from services.ingest.profiles.counties import SendingCounties
from services.ingest.quarantine import store as quarantine_store
from services.ingest.sealing.intake import holds

ONE_AT_A_TIME = 0x72656C6965660001
"""Postgres' advisory lock: an entry is tried by one at a time, and entries are locked after records, as at intake."""

_UNKNOWN_COUNTY = SourceLocation(path="county").problem(
    "unknown_county",
    "its county sends no more",
    "bring back its folder in deploy/counties, or discard the entry",
)


async def resubmit(
    work: Work,
    sending_counties: SendingCounties,
    entries: Sequence[Mapping[str, Any]],
    profile: str | None,
    *,
    by: str,
    keyed_hash: KeyedHash,
    told_apart: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """What became of each entry, in order; ``outcome`` recorded, repeat, refused, or its state where it was not open.

    ``profile``: another one than it was sent with. ``told_apart``: what a person has said of what may be sealed in
    them, which is not; it stands in their history. Needs ONE_AT_A_TIME, and entries read under it.
    """
    open_ones = [one for one in entries if one["state"] == "open" and one["county"] in sending_counties]
    messages = [_sending(entry, profile) for entry in open_ones]
    receipts = await record_parsed(
        await parse_batch(messages, work.now, sending_counties),
        work,
        sending_counties,
        keyed_hash,
        told_apart=told_apart is not None,
    )
    told: dict[UUID, dict[str, Any]] = {}
    attempts = []
    for entry, message, receipt in zip(open_ones, messages, receipts, strict=True):
        done = not receipt.quarantine_ids
        outcome = receipt.status if done else "refused"
        why = _why(outcome, receipt.record_id, receipt.revision)
        attempt: dict[str, object] = {
            "at": work.now.isoformat(),
            "outcome": outcome,
            "receipt_id": receipt.receipt_id,
            "by": by,
            **(told_apart or {}),
        }
        if named := message.metadata.profile:
            known = sending_counties[message.county].profiles.get(named)
            attempt["profile"] = named
            attempt["profile_fingerprint"] = known.fingerprint if known else ""
        if not done:
            attempt["reasons"] = sorted({problem.code for problem in receipt.problems})
        attempts.append(quarantine_store.Tried(entry["quarantine_id"], done, why, attempt))
        told[entry["quarantine_id"]] = _told(
            entry, outcome, "resubmitted" if done else "open", receipt.problems
        ) | {"receipt": receipt.to_dict()}
    await quarantine_store.tried(work.db, attempts, work.now)
    return [told.get(entry["quarantine_id"]) or _untried(entry, sending_counties) for entry in entries]


async def trial(
    work: Work,
    sending_counties: SendingCounties,
    entries: Sequence[Mapping[str, Any]],
    profile: str | None,
    keyed_hash: KeyedHash,
) -> list[dict[str, Any]]:
    """The result that each entry would have now, in order, each by itself; the caller rolls back."""
    open_ones = [one for one in entries if one["state"] == "open" and one["county"] in sending_counties]
    batch = await parse_batch([_sending(entry, profile) for entry in open_ones], work.now, sending_counties)
    keys = [key_of(message.county, parsed) for message, parsed in batch]
    stored = await store.lock_records(work.db, {key for key in keys if key})
    hold = (await holds(work.db, batch, keys, sending_counties, keyed_hash)).holds
    told: dict[UUID, dict[str, Any]] = {}
    for entry, (message, parsed), key in zip(open_ones, batch, keys, strict=True):
        county = sending_counties[message.county]
        outcome, problems = "refused", parsed.problems if isinstance(parsed, Unparseable) else ()
        if key is not None and not isinstance(parsed, Unparseable):
            decision = decide(stored.get(key), parsed, county.intake, county.day(work.now), hold.get(key))
            rows_left = (
                isinstance(parsed, ParsedRows) and parsed.unit.refused and decision.status == "recorded"
            )
            outcome, problems = decision.status, decision.problems
            if rows_left or outcome == "quarantined":
                outcome = "refused"
            elif decision.stored is not None:
                stored[key] = decision.stored
        told[entry["quarantine_id"]] = _told(
            entry, outcome, "open", in_file(problems, message.metadata.line_offset)
        )
    return [told.get(entry["quarantine_id"]) or _untried(entry, sending_counties) for entry in entries]


def _sending(entry: Mapping[str, Any], profile: str | None) -> SourceMessage:
    metadata = metadata_of(entry["headers"])
    if profile is not None and entry["format"] == "court":
        metadata = replace(metadata, profile="" if profile == "none" else profile)
    return SourceMessage(
        receipt_id=f"resubmitted/{entry['quarantine_id']}/{entry['attempts'] + 1}",
        county=entry["county"],
        metadata=metadata,
        value=entry["raw"],
        resubmitted=entry["quarantine_id"],
        key=entry["record_id"] or "",
    )


def _why(outcome: str, record_id: str | None, revision: int | None) -> str:
    if outcome == "recorded":
        return f"recorded as {record_id}, revision {revision}"
    return f"known already as {record_id}" if outcome == "repeat" else ""


def _told(
    entry: Mapping[str, Any], outcome: str, state: str, problems: Sequence[Problem] = ()
) -> dict[str, Any]:
    return {
        "quarantine_id": str(entry["quarantine_id"]),
        "county": entry["county"],
        "outcome": outcome,
        "state": state,
        "problems": [problem.to_dict() for problem in problems],
    }


def _untried(entry: Mapping[str, Any], sending_counties: SendingCounties) -> dict[str, Any]:
    if entry["state"] == "open" and entry["county"] not in sending_counties:
        return _told(entry, "refused", "open", (_UNKNOWN_COUNTY,))
    return _told(entry, entry["state"], entry["state"])
