"""A county's intake without servers: what is on file, what stands on the topic, and what was sealed."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import partial
from uuid import UUID

from reliefstream_contracts.identifiers import CountKey, CountyName, SubjectId, count_key, record_key_of
from reliefstream_contracts.records import CaseRecorded, Count, SourceRecord
from reliefstream_contracts.relief import CourtOrder, ReliefSealDue, RelievedConviction
from services.chassis.runtime.keyed_hash import KeyedHash
from services.ingest.batch import key_of
from services.ingest.core.doj.file.uniting import DojRecord, from_json, to_json
from services.ingest.core.intake_decision import IntakeDecision, KnownCase, StoredRecord, decide
from services.ingest.core.message import Metadata, SourceMessage
from services.ingest.core.message_headers import metadata_of
from services.ingest.core.parse import parse
from services.ingest.core.parsed import ParsedCase, ParsedRows
from services.ingest.core.sealing.facts import RecordKey, conviction_facts, count_facts, person_facts
from services.ingest.core.sealing.forgetting import case_without, rap_sheet_without
from services.ingest.core.sealing.seal import Seal, hold, seal_of
from services.ingest.sealing.intake import Holding
from tests.ingest.rows import HASH, LA, TODAY, case_bytes

JANE = "doj/los-angeles/18000001"


def doj(*rows: bytes, **headers: str) -> SourceMessage:
    """Rows of one person, as one message."""
    return SourceMessage("t/0/1", LA.county, metadata_of({"format": "doj"} | headers), b"\n".join(rows))


def court(**fields: object) -> SourceMessage:
    return SourceMessage("t/0/2", LA.county, Metadata("court"), case_bytes(**fields))


def seal_due(number: int, counts: Iterable[tuple[CountKey, Count]]) -> ReliefSealDue:
    """What relief asks for: the conviction of these counts of records, as it is known from them."""
    known = list(counts)
    first = known[0][1]
    numbers = {key.split("/")[0]: count.case_number for key, count in known if count.case_number}
    return ReliefSealDue(
        relief_id=UUID(int=number),
        sequence=3,
        at=datetime(2026, 11, 22, tzinfo=UTC),
        kind="dismissal",
        conviction=RelievedConviction(
            subject_id=SubjectId(UUID(int=0)),
            counts=tuple(key for key, _ in known),
            county=LA.county,
            case_number=first.case_number,
            source_case_numbers=numbers,
            section=first.offense.shown,
            level=first.level_convicted,
            conviction_date=first.conviction_date,
            disposition_date=first.disposition_date,
        ),
        order=CourtOrder(number="1", judge="J", on=date(2026, 1, 2)),
    )


class County:
    """Los Angeles."""

    def __init__(self, keyed_hash: KeyedHash = HASH) -> None:
        self.keyed_hash = keyed_hash
        self.stored: dict[RecordKey, StoredRecord] = {}
        self.published: dict[str, SourceRecord] = {}
        self.ever: list[SourceRecord] = []
        self.seals: list[Seal] = []

    def take(self, message: SourceMessage) -> IntakeDecision:
        """What intake decides, done."""
        parsed = parse(message, LA, TODAY)
        assert isinstance(parsed, ParsedRows | ParsedCase)
        found = key_of(message.county, parsed)
        assert found is not None
        key = RecordKey(*found)
        holding = partial(hold, self.seals, key, hashed=self.keyed_hash.by_each_key)
        done = decide(self.stored.get(key), parsed, LA, TODAY, holding if self.seals else None)
        if done.stored is not None:
            self._store(key, done.stored)
        if done.event is not None:
            self._publish(done.event)
        return done

    def seal(self, *counts: str) -> None:
        """Seals the conviction that these counts are."""
        keys = [CountKey(each) for each in counts]
        due = seal_due(len(self.seals) + 1, [(key, self.count(key)) for key in keys])
        facts = [conviction_facts(due.conviction, key) for key in keys]
        beside, persons = [], set()
        for name in dict.fromkeys(map(record_key_of, keys)):
            source, county, record_id = name.split("/", 2)
            key = RecordKey(CountyName(county), source, record_id)  # type: ignore[arg-type]
            record, ids = self.stored[key], {each.rsplit("/", 1)[1] for each in keys}
            if isinstance(record.content, DojRecord):
                found = rap_sheet_without(record, record.content, ids, LA, TODAY)
            else:
                last = self.published[name]
                assert isinstance(last, CaseRecorded) and isinstance(record.content, KnownCase)
                found = case_without(record, record.content, last, ids)
            for each in (count_facts(count, key) for count in found.counts):
                (facts if each.key in keys else beside).append(each)
            persons |= set(person_facts(found.person, key))
            if found.stored is None:
                del self.stored[key], self.published[name]
            else:
                self._store(key, found.stored)
                if found.event is not None:
                    self._publish(found.event)
        made = seal_of(
            due.relief_id,
            LA.county,
            facts,
            beside=beside,
            persons=persons,
            hashed=self.keyed_hash.by_each_key,
        )
        self.seals.append(made)

    def tell_apart(self, message: SourceMessage) -> IntakeDecision:
        """A person has said that what may be sealed in it is not; what intake decides then, done."""
        parsed = parse(message, LA, TODAY)
        key = RecordKey(*key_of(message.county, parsed) or ("", "", ""))  # type: ignore[arg-type]
        holding = Holding(self.seals, key, self.keyed_hash.by_each_key, told_apart=True)
        assert isinstance(parsed, ParsedRows | ParsedCase)
        decide(self.stored.get(key), parsed, LA, TODAY, holding)
        self.seals = [
            seal._replace(apart=seal.apart | {told for of, told in holding.apart if of == seal.relief_id})
            for seal in self.seals
        ]
        return self.take(message)

    def count(self, key: str) -> Count:
        """A count as it stands on the topic."""
        return next(
            each for each in self.counts(record_key_of(CountKey(key))) if key.endswith(f"/{each.count_id}")
        )

    def counts(self, record: str) -> tuple[Count, ...]:
        """The counts of a record as they stand on the topic; none of one that has none."""
        return self.published[record].counts if record in self.published else ()

    def keys_on_topic(self) -> set[str]:
        """The keys of all counts on the topic."""
        return {
            count_key(record.source, record.county, record.record_id, count.count_id)
            for record in self.published.values()
            for count in record.counts
        }

    def _store(self, key: RecordKey, record: StoredRecord) -> None:
        if isinstance(record.content, DojRecord):
            assert from_json(record.revision, to_json(record.content)) == record.content
        self.stored[key] = record

    def _publish(self, event: SourceRecord) -> None:
        before = self.published.get(event.key())
        assert before is None or event.sequence == before.sequence + 1
        self.published[event.key()] = event
        self.ever.append(event)


def codes(decision: IntakeDecision) -> list[str]:
    return [problem.code for problem in decision.problems]
