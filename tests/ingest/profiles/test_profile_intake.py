"""A county's own feed through intake, on a real Postgres."""

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from reliefstream_contracts.receipts import ReceiptIssued
from reliefstream_contracts.records import CaseRecorded
from services.chassis.runtime.database import Database
from services.ingest import batch
from services.ingest.core.message import Metadata, SourceMessage
from services.ingest.core.message_headers import metadata_of
from services.ingest.core.parse import parse
from services.ingest.core.parsed import Unparseable
from services.ingest.core.profile.profile import Profile
from services.ingest.http.bodies import Limits, TooMany, messages_of
from services.ingest.profiles.counties import SendingCounties, SendingCounty
from services.ingest.quarantine import store as quarantine_store
from tests.ingest.applications import application
from tests.ingest.rows import HASH
from tests.ingest.small_profiles import CSV, HEADER, JSON, SACRAMENTO, TODAY, a_profile, csv_row
from tests.ingest.test_batch import codes, quarantined, statuses

COUNTY = SACRAMENTO.county
NUMBER = itertools.count(1)


def sending_counties(*profiles: Profile) -> SendingCounties:
    return {COUNTY: SendingCounty(SACRAMENTO, ZoneInfo("America/Los_Angeles"), {p.name: p for p in profiles})}


def body(*rows: bytes) -> bytes:
    return b"\r\n".join([HEADER, *rows])


def of_http(profile: Profile, raw: bytes, limits: Limits | None = None) -> list[SourceMessage]:
    found = messages_of(
        COUNTY, f"r{next(NUMBER)}", "text/csv", raw, Metadata(), profile=profile, limits=limits
    )
    assert isinstance(found, list), found
    return found


async def send(
    database: Database, known: SendingCounties, *messages: SourceMessage
) -> tuple[list[ReceiptIssued], Sequence[CaseRecorded]]:
    async with database.transaction() as work:
        receipts = await batch.record_batch(messages, work, known, HASH)
        return receipts, [event for event, *_ in work.emitted if isinstance(event, CaseRecorded)]


async def kept(database: Database) -> list[dict[str, Any]]:
    """Everything in quarantine, with what was sent."""
    entries = await quarantined(database)
    async with database.transaction() as work:
        ids = [entry["quarantine_id"] for entry in entries]
        return await quarantine_store.whole(work.db, ids)


@pytest.mark.servers
async def test_each_case_of_a_feed_is_recorded_known_or_quarantined(
    database: Database, tmp_path: Path
) -> None:
    profile = a_profile(tmp_path)
    raw = body(
        csv_row(), csv_row(Case="c2", Outcome="X"), csv_row(Case="c3", Born="")[:-5], csv_row(Count="2")
    )

    receipts, (event,) = await send(database, sending_counties(profile), *of_http(profile, raw))
    again, _ = await send(database, sending_counties(profile), *of_http(profile, raw))

    assert statuses(receipts) == ["recorded", "quarantined", "quarantined"]
    assert [problem.where for problem in receipts[1].problems] == ["row 2 (line 3), column Outcome"]
    assert statuses(again) == ["repeat", "quarantined", "quarantined"]
    assert (event.record_id, [(count.count_id, count.file_row) for count in event.counts]) == (
        "c1",
        [("1", 1), ("2", 1)],
    )
    for entry in await kept(database):
        assert b"000-12-3456" not in entry["raw"]
        assert b"DOE, JANE" in entry["raw"]


@pytest.mark.servers
async def test_what_was_refused_is_read_by_the_profile_that_is_there_when_it_is_tried_again(
    database: Database, tmp_path: Path
) -> None:
    profile = a_profile(tmp_path)
    (receipt,), _ = await send(
        database, sending_counties(profile), *of_http(profile, body(csv_row(Outcome="CJT")))
    )
    (entry,) = await kept(database)
    corrected = a_profile(tmp_path, CSV.replace("{CONV:", "{CJT: convicted, CONV:"))

    again = SourceMessage(
        "again", COUNTY, metadata_of(entry["headers"]), entry["raw"], resubmitted=entry["quarantine_id"]
    )
    (retried,), (event,) = await send(database, sending_counties(corrected), again)

    assert (receipt.status, retried.status) == ("quarantined", "recorded")
    assert event.counts[0].outcome == "convicted"


@pytest.mark.servers
async def test_the_same_revision_is_read_anew_by_a_corrected_profile_only(
    database: Database, tmp_path: Path
) -> None:
    raw, other = body(csv_row()), body(csv_row(Level="misdemeanor"))
    profile = a_profile(tmp_path)
    await send(database, sending_counties(profile), *of_http(profile, raw))
    (conflict,), _ = await send(database, sending_counties(profile), *of_http(profile, other))
    corrected = a_profile(
        tmp_path,
        CSV.replace("DISM: dismissed", "DISM: dismissed, CONV: acquitted").replace("CONV: convicted, ", ""),
    )

    (anew,), (event,) = await send(database, sending_counties(corrected), *of_http(corrected, raw))
    (repeat,), _ = await send(database, sending_counties(corrected), *of_http(corrected, raw))
    (still,), _ = await send(database, sending_counties(corrected), *of_http(corrected, other))

    assert codes(conflict) == ["revision_conflict"]
    assert (anew.status, event.sequence, event.counts[0].outcome) == ("recorded", 2, "not_convicted")
    assert (repeat.status, codes(still)) == ("repeat", ["revision_conflict"])


@pytest.mark.servers
@pytest.mark.parametrize(
    ("media_type", "status", "code"),
    [
        ("text/csv; profile=trial", 200, None),
        ('text/csv; charset=utf-8; profile="trial"', 200, None),
        ("text/plain; profile=trial", 200, None),
        ("text/csv; profile=tyler", 415, "unknown_profile"),
        ("text/csv", 422, "not_doj_layout"),
    ],
)
async def test_over_http_the_content_type_names_the_profile(
    database: Database, tmp_path: Path, media_type: str, status: int, code: str | None
) -> None:
    app = application(sending_counties(a_profile(tmp_path)), database.transaction, {COUNTY: "token"})
    transport = httpx.ASGITransport(app)
    headers = {"content-type": media_type, "authorization": "Bearer token"}

    async with httpx.AsyncClient(transport=transport, base_url="http://ingest") as http:
        answer = await http.post(f"/v1/counties/{COUNTY}/records", content=body(csv_row()), headers=headers)

    assert (answer.status_code, answer.json().get("code")) == (status, code)
    if code is None:
        assert answer.json()["receipts"][0]["record_id"] == "c1"


def test_a_profile_that_is_not_there_is_named(tmp_path: Path) -> None:
    profile = a_profile(tmp_path)
    message = SourceMessage("t", COUNTY, Metadata("court", "other"), body(csv_row()))

    found = parse(message, SACRAMENTO, TODAY, {profile.name: profile})

    assert isinstance(found, Unparseable)
    assert (found.problems[0].code, "send one of trial" in found.problems[0].remedy) == (
        "unknown_profile",
        True,
    )


def test_a_body_is_the_feed_as_it_is_or_one_object(tmp_path: Path) -> None:
    profile = a_profile(tmp_path, JSON)
    one = b'{"id": "1"}'

    several = messages_of(
        COUNTY,
        "r",
        "application/json",
        b'{"cases": [' + one + b"," + one + b"]}",
        Metadata(),
        profile=profile,
    )
    alone = messages_of(COUNTY, "r", "application/json", one, Metadata(), profile=profile)

    assert isinstance(several, list)
    assert [(s.value, s.metadata.rows, s.metadata.profile) for s in several] == [
        (one, (1,), "trial"),
        (one, (2,), "trial"),
    ]
    assert isinstance(alone, list)
    assert [s.value for s in alone] == [one]


def test_limits_hold_for_a_feed_too(tmp_path: Path) -> None:
    profile = a_profile(tmp_path)
    rows = [csv_row(Case=str(n)) for n in range(5)]

    for limits in (Limits(10_000, 4, 100), Limits(10_000, 100, 4)):
        with pytest.raises(TooMany):
            of_http(profile, body(*rows), limits)
    assert len(of_http(profile, body(*rows), Limits(10_000, 5, 6))) == 5


def test_another_layout_is_refused_once(tmp_path: Path) -> None:
    found = messages_of(COUNTY, "r", "text/csv", b"a;b\n1;2\n3;4\n", Metadata(), profile=a_profile(tmp_path))

    assert not isinstance(found, list)
    assert found.code == "not_this_layout"
