"""Examples in contracts/examples that follow from one fabricated person's records, made by the services' own code.

``python -m tests.contracts.examples`` writes them (``make contracts``); a test fails when they are stale.
"""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.documents import kebab
from reliefstream_contracts.event import Event
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import CountyName, RecordId, ReliefId, ReviewId, derived
from reliefstream_contracts.receipts import ReceiptIssued
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.relief import CourtOrder, ReliefEvent, ReliefOrdered, ReviewDecided
from services.eligibility.files.county_files import read_counties
from services.eligibility.files.statute_files import load_statute
from services.eligibility.rules import RuleBook
from services.ingest.core.doj.file.columns import COLUMNS
from services.ingest.core.intake_decision import decide
from services.ingest.core.message import Metadata, SourceMessage
from services.ingest.core.parse import parse
from services.ingest.core.parsed import Parsed, ParsedCase, ParsedRows, Unparseable
from services.ingest.profiles.counties import sending_counties
from services.notification.dismissal import dismissal
from services.notification.webhooks.pairwise import pairwise_id
from services.notification.webhooks.webhook import body_of_dismissal
from services.reconciliation.linkage.conviction.histories import build_histories
from services.reconciliation.weights_file import load_model
from services.relief.lifecycle import transitions as step
from services.relief.lifecycle.findings import findings
from services.relief.review.follow_determinations import follow
from services.relief.review.review_steps import Author, Motion, sign

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "contracts/examples"
COUNTIES = ROOT / "deploy/counties"
LOS_ANGELES = CountyName("los-angeles")
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
ORDER = CourtOrder(number="SO-2026-1", judge="Hon. Example", on=date(2026, 11, 1), standing=True)
BY_BOTH_SOURCES = {
    "SUBJECT_ID": "90000017",
    "CII_NUMBER": "A90000017",
    "PRI_NAME": "FABRICATED,PAT Q",
    "PRI_DOB": "19610304",
    "GENDER": "F",
    "RACE_DESCR": "WHITE",
    "STP_TYPE_DESCR": "COURT ACTION",
    "STP_ORI_DESCR": "CASC LOS ANGELES",
    "STP_ORI_CNTY_NAME": "LOS ANGELES",
    "CNT_ORDER": "001002001000",
    "STP_EVENT_DATE": "19940506",
    "CYC_DATE": "19940105",
    "OFN": "BA012345",
    "DISP_DATE": "19940506",
    "OFFENSE_DESCR": "11358 HS-CULTIVATE MARIJUANA",
    "DISP_DESCR": "CONVICTED-PROBATION",
    "CONV_STAT_DESCR": "FELONY",
    "SENT_LOC_DESCR": "PROBATION",
    "SENT_LENGTH": "3",
    "SENT_TIME_CODE": "Y",
}
WITHOUT_LEVEL = BY_BOTH_SOURCES | {
    "CNT_ORDER": "002002001000",
    "STP_EVENT_DATE": "19960715",
    "CYC_DATE": "19960301",
    "OFN": "BA054321",
    "DISP_DATE": "19960715",
    "CONV_STAT_DESCR": "",
}
"""A conviction that only DOJ has, of unknown level: it goes to review with an open question."""


@cache
def examples() -> dict[str, Any]:
    """File name to content as JSON."""
    found = {f"{kebab(type(one).__name__)}.json": one.to_dict() for one in _events()}
    of_person = pairwise_id("x" * 32, "integrator", _history().subject_id)
    event = json.dumps(found["conviction-dismissed.json"])
    return found | {"dismissal-message.json": json.loads(body_of_dismissal(event, of_person))}


def _events() -> Iterator[Event]:
    yield _receipt()
    yield from _records()
    history = _history()
    yield history
    book = RuleBook(load_statute(), read_counties(COUNTIES), {})
    judged = DeterminationsChanged(
        subject_id=history.subject_id,
        version=1,
        sex=history.sex,
        race=history.race,
        determinations=book.on(AT.date()).find(history, AT.date()),
    )
    yield judged
    relief = list(_relief(judged))
    yield from relief
    yield _decided(judged)
    yield dismissal(next(each for each in relief if isinstance(each, ReliefOrdered)), AT)


def _receipt() -> ReceiptIssued:
    case = json.loads((FOLDER / "court-case.json").read_text(encoding="utf-8")) | {"county": "Sacramento"}
    refused = _parsed(Metadata(format="court", rows=(4,)), json.dumps(case).encode())
    assert isinstance(refused, Unparseable)
    return ReceiptIssued(
        receipt_id="source-records-v1-los-angeles/0/17",
        county=LOS_ANGELES,
        status="quarantined",
        record_id=RecordId(case["record_id"]),
        revision=case["revision"],
        problems=refused.problems,
        quarantine_ids=(UUID("9105df14-3237-5616-8ed6-01c96128afe6"),),
        submission_id="los-angeles/court/3f2a",
        unit=4,
        received_at=AT,
    )


def _records() -> Iterator[SourceRecord]:
    rows = Metadata(format="doj", rows=(1, 2), file_sha256="0" * 64)
    case = (FOLDER / "court-case.json").read_bytes()
    for metadata, value in ((Metadata(format="court"), case), (rows, doj_file())):
        parsed = _parsed(metadata, value)
        assert isinstance(parsed, ParsedCase | ParsedRows)
        decision = decide(None, parsed, sending_counties(COUNTIES)[LOS_ANGELES].intake, AT.date())
        assert decision.event is not None and not decision.problems
        yield decision.event


def _parsed(metadata: Metadata, value: bytes) -> Parsed:
    message = SourceMessage("", LOS_ANGELES, metadata, value)
    return parse(message, sending_counties(COUNTIES)[LOS_ANGELES].intake, AT.date(), {})


def doj_file() -> bytes:
    """The person's rows as a file of DOJ, with its header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows((BY_BOTH_SOURCES, WITHOUT_LEVEL))
    return text.getvalue().encode()


def _history() -> HistoryChanged:
    (history,) = build_histories(_records(), load_model())
    return history


def _decided(judged: DeterminationsChanged) -> ReviewDecided:
    given = [each for each in findings(judged) if each.review]
    review_id = ReviewId(derived("review", judged.subject_id))
    (review,) = follow(given, {}, {}, (), due_on=lambda _, at: at.date(), new_id=lambda: review_id, at=AT)
    preparer, signer = (Author("district_attorney", f"account-{n}", signer=n == 2) for n in (1, 2))
    prepared = Motion("redesignation", "file_reviewed", "misdemeanor").prepare(review, preparer, AT).review
    event = sign(prepared, signer, AT).event
    assert event is not None
    return event


def _relief(judged: DeterminationsChanged) -> Iterator[ReliefEvent]:
    given = next(each for each in findings(judged) if each.gives)
    assert given.gives is not None
    proposed, event = step.first_proposed(given, given.gives, ReliefId(derived("relief", "example")), AT)
    yield event
    yield step.withdrawn(proposed, "determination_changed", AT)[1]
    challenged, challenge = step.challenged(
        proposed, "identity", "district_attorney account-7", AT, AT.date()
    )
    yield challenge
    for ruling in ("sustained", "overruled", "withdrawn"):
        yield step.resolved(challenged, ruling, AT)[1]  # type: ignore[arg-type]
    relief, order = step.ordered(proposed, ORDER, AT)
    yield order
    _, shown = step.acknowledged(relief, "court", AT)
    assert shown is not None
    yield shown


if __name__ == "__main__":
    (FOLDER / "doj.csv").write_bytes(doj_file())
    for name, content in examples().items():
        (FOLDER / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
