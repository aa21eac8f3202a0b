"""The fabricated county as records, and whose each of them is."""

import hashlib
import json
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path

from deploy.sample.files.files import Sample
from deploy.sample.population.places import county_named
from deploy.sample.population.shape import shape_at
from reliefstream_contracts.case_numbers import comparable
from reliefstream_contracts.identifiers import CountyName, RecordId, Source
from reliefstream_contracts.records import SourceRecord
from services import COUNTIES
from services.ingest.core.intake_decision import StoredRecord, decide
from services.ingest.core.parse import parse
from services.ingest.core.parsed import ParsedCase, Unparseable
from services.ingest.http.bodies import CSV, NDJSON, messages_of
from services.ingest.profiles.counties import sending_counties

COUNTY = "los-angeles"
RECEIVED_ON = date(2026, 11, 22)


@dataclass
class County:
    """``records`` by key; ``person`` has the number of the person that each is of, ``conviction`` what each
    convicted count is of: person, case with charge, and place among such."""

    records: dict[str, SourceRecord]
    person: dict[str, int]
    conviction: dict[str, tuple[int, str, int]] = field(default_factory=dict)

    def add(self, record: SourceRecord, person: int, truly: SourceRecord | None = None) -> None:
        """A record of a person; ``truly``: as it would be without mistakes."""
        self.records[record.key()] = record
        self.person[record.key()] = person
        places: Counter[str] = Counter()
        for count in (truly or record).counts:
            if count.outcome == "convicted":
                sections = count.offense.sections or count.offense.as_written
                charge = f"{comparable(count.case_number)} {sections}"
                self.conviction[f"{record.key()}/{count.count_id}"] = (person, charge, places[charge])
                places[charge] += 1


def fabricated(scale: Fraction, seed: int) -> County:
    """The sample of ``reliefstream sample`` through the real intake code; withdrawn records left out."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        Sample(shape_at(scale), county_named(COUNTY), seed).write(folder, lambda: None)
        records = {
            record.key(): record
            for name, media_type in (("doj.csv", CSV), ("court.jsonl", NDJSON))
            for record in _through_the_door((folder / name).read_bytes(), media_type)
            if not record.withdrawn
        }
        person: dict[str, int] = {}
        with (folder / "truth.jsonl").open() as lines:
            for line in map(json.loads, lines):
                if line["kind"] == "person":
                    keys = [f"court/{COUNTY}/{record_id}" for record_id in line["court_records"]]
                    if line["source_subject_id"]:
                        keys.append(f"doj/{COUNTY}/{line['source_subject_id']}")
                    person.update(dict.fromkeys(keys, line["person"]))
    assert person.keys() >= records.keys(), sorted(records.keys() - person.keys())[:5]
    county = County({}, {})
    for key, record in records.items():
        county.add(record, person[key])
    return county


def _through_the_door(body: bytes, media_type: str) -> list[SourceRecord]:
    intake = sending_counties(COUNTIES)[CountyName(COUNTY)].intake
    stored: dict[tuple[Source, RecordId], StoredRecord] = {}
    newest: dict[str, SourceRecord] = {}
    for message in messages_of(intake.county, hashlib.sha256(body).hexdigest(), media_type, body):
        reading = parse(message, intake, RECEIVED_ON)
        if isinstance(reading, Unparseable):
            continue
        key: tuple[Source, RecordId] = (
            "court" if isinstance(reading, ParsedCase) else "doj",
            RecordId(reading.record_id),
        )
        decision = decide(stored.get(key), reading, intake, RECEIVED_ON)
        if decision.stored is not None:
            stored[key] = decision.stored
        if decision.event is not None:
            newest[decision.event.key()] = decision.event
    return list(newest.values())
