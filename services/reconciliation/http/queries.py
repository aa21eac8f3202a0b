"""What is known of subjects and discrepancies, recomputed from the records where it is not stored."""

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from reliefstream_contracts.identifiers import CountKey, SubjectId, record_key_of
from reliefstream_contracts.records import SourceRecord
from services.chassis.runtime.unit_of_work import Database
from services.reconciliation.http.as_recorded import counts_said, names_said
from services.reconciliation.http.link_explanation import why
from services.reconciliation.linkage.conviction.convictions import convictions_of
from services.reconciliation.linkage.conviction.history import history_of
from services.reconciliation.linkage.conviction.statements import apply
from services.reconciliation.linkage.identity.explanation import links
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.weights import Model
from services.reconciliation.store import erased_sheets
from services.reconciliation.store import statements as stated
from services.reconciliation.store.locked_records import stored_record
from services.reconciliation.store.records import successor

Line = dict[str, Any]

PAGE = 500
"""Subjects of an export that are read at once."""


async def subject(db: Database, asked: UUID, model: Model[Description] | None = None) -> Line | None:
    """One subject: its records, the links between them and why, its history, its open discrepancies.

    ``likenesses``: links by resemblance with their evidence; ``undecided``: those for a person to decide, with the
    subject on the other side; ``decisions``: what a person decided about its records.

    A retired id answers with its last successor, and ``retired`` has the ids passed on the way. None: no
    subject has or had this id.
    """
    stored, passed = await successor(db, SubjectId(asked))
    if stored is None:
        return None
    records = await _records(db, stored.subject_id)
    live = [record for record in records if not record.withdrawn]
    convictions = convictions_of(live)
    said = await stated.naming(db, [record.key() for record in live])
    elsewhere = await stated.elsewhere(db, said, [record.key() for record in live])
    facts = apply(said, [[joined.conviction for joined in convictions]], elsewhere).facts.get(0, ())
    keys = [record.key() for record in live]
    sheet = erased_sheets.of_person(keys, await erased_sheets.beside(db, keys))
    history = history_of(
        live,
        convictions,
        stored.in_doubt,
        stored.subject_id,
        stored.version,
        stated=facts,
        erased_sheet=sheet,
    )
    open_ones = await db.fetch(
        "SELECT event FROM discrepancies WHERE open AND subject_id = $1 ORDER BY discrepancy_id",
        stored.subject_id,
    )
    return {
        "subject_id": stored.subject_id,
        "version": stored.version,
        "retired": passed,
        "in_doubt": stored.in_doubt,
        "names": names_said(one.person for one in live),
        "records": [_shown(record) for record in records],
        "counts": counts_said(live),
        "links": [asdict(link) for link in links(live)],
        **await why(db, live, model),
        "history": {
            name: value
            for name, value in history.to_dict().items()
            if name not in ("subject_id", "version", "retired_into")
        },
        "discrepancies": [json.loads(row["event"]) for row in open_ones],
    }


async def all_subjects(db: Database) -> AsyncIterator[Line]:
    """One line a subject, retired ones too, by id: records and convictions by their keys, sex and race; no name.

    Page after page, in a transaction that sees one moment.
    """
    after = UUID(int=0)
    while page := await db.fetch(
        """SELECT subject_id, version, in_doubt, retired_into FROM subjects
           WHERE subject_id > $1 ORDER BY subject_id LIMIT $2""",
        after,
        PAGE,
    ):
        after = page[-1]["subject_id"]
        for line in await _lines(db, page):
            yield line


async def _lines(db: Database, page: Sequence[Mapping[str, Any]]) -> list[Line]:
    stored = await db.fetch(
        """SELECT subject_id, type, body FROM records
           WHERE subject_id = ANY($1) AND NOT withdrawn ORDER BY record_key""",
        [row["subject_id"] for row in page],
    )
    records_of: dict[SubjectId, list[SourceRecord]] = {row["subject_id"]: [] for row in page}
    for row in stored:
        records_of[row["subject_id"]].append(stored_record(row))
    return [_line(row, records_of[row["subject_id"]]) for row in page]


def _line(row: Mapping[str, Any], records: Sequence[SourceRecord]) -> Line:
    history = history_of(records, convictions_of(records), row["in_doubt"], row["subject_id"], row["version"])
    return {
        "subject_id": row["subject_id"],
        "version": row["version"],
        "retired_into": row["retired_into"],
        "in_doubt": row["in_doubt"],
        "records": [record.key() for record in records],
        "sex": history.sex,
        "race": history.race,
        "convictions": [
            {
                "conviction_id": one.conviction_id,
                "counts": [count.key for count in one.counts],
                "level": one.level_convicted,
            }
            for one in history.convictions
        ],
    }


async def all_discrepancies(db: Database) -> AsyncIterator[Line]:
    """One line a discrepancy, resolved ones too, by id, with when it was first and last found."""
    cursor = db.cursor(
        "SELECT first_seen, last_seen, event FROM discrepancies ORDER BY discrepancy_id", prefetch=500
    )
    async for row in cursor:
        seen = {name: row[name].isoformat() for name in ("first_seen", "last_seen")}
        yield {**json.loads(row["event"]), **seen}


async def counts(db: Database) -> Line:
    """How many records, subjects and discrepancies; totals only. ``oversized_keys``: identifiers, and blocks of
    comparison, that more records hold than can be one person's, so that they link nobody."""
    records = await db.fetchrow(
        "SELECT count(*) AS all, count(*) FILTER (WHERE withdrawn) AS withdrawn FROM records"
    )
    subjects = await db.fetchrow(
        """SELECT count(*) FILTER (WHERE retired_into IS NULL) AS current,
                  count(*) FILTER (WHERE retired_into IS NOT NULL) AS retired,
                  count(*) FILTER (WHERE in_doubt) AS in_doubt FROM subjects"""
    )
    oversized = await db.fetch(
        """SELECT CASE WHEN starts_with(identifier, 'like:') THEN 'blocks' ELSE 'identifiers' END AS what,
                  count(*) AS number FROM oversized_keys GROUP BY 1 ORDER BY 1"""
    )
    by_kind = await db.fetch(
        """SELECT kind, count(*) FILTER (WHERE open) AS open, count(*) FILTER (WHERE NOT open) AS resolved
           FROM discrepancies GROUP BY kind ORDER BY kind"""
    )
    return {
        "records": records["all"] if records else 0,
        "withdrawn": records["withdrawn"] if records else 0,
        "subjects": subjects["current"] if subjects else 0,
        "retired": subjects["retired"] if subjects else 0,
        "in_doubt": subjects["in_doubt"] if subjects else 0,
        "oversized_keys": {row["what"]: row["number"] for row in oversized},
        "discrepancies": {row["kind"]: {"open": row["open"], "resolved": row["resolved"]} for row in by_kind},
    }


async def live_records_beside(db: Database, counts: Collection[CountKey]) -> list[SourceRecord]:
    """All records of the subjects that have one of these counts, without withdrawn ones, sorted by key."""
    rows = await db.fetch(
        """SELECT type, body FROM records WHERE NOT withdrawn AND subject_id IN
               (SELECT subject_id FROM records WHERE record_key = ANY($1)) ORDER BY record_key""",
        [record_key_of(count) for count in counts],
    )
    return [stored_record(row) for row in rows]


async def _records(db: Database, subject_id: SubjectId) -> list[SourceRecord]:
    rows = await db.fetch(
        "SELECT type, body FROM records WHERE subject_id = $1 ORDER BY record_key", subject_id
    )
    return [stored_record(row) for row in rows]


def _shown(record: SourceRecord) -> Line:
    return {
        "record": record.key(),
        "source": record.source,
        "county": record.county,
        "revision": record.revision,
        "sequence": record.sequence,
        "withdrawn": record.withdrawn,
        "counts": len(record.counts),
    }
