"""The same bad content sent again: one entry that counts it; on a real Postgres."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from reliefstream_contracts.identifiers import CountyName
from services.chassis.runtime.database import Database
from services.ingest.batch import record_batch
from services.ingest.core.message import SourceMessage
from services.ingest.quarantine import store as quarantine_store
from services.ingest.quarantine.metrics import watch_quarantine
from tests.ingest.quarantine.test_worked import COUNTIES_SENDING, YOLO, ask, bad, entries, http, mend, metric  # noqa: F401
from tests.ingest.rows import HASH, row
from tests.ingest.test_batch import court, doj, send

pytestmark = pytest.mark.servers


def again(message: SourceMessage, number: int, county: CountyName | None = None) -> SourceMessage:
    """The same at another offset."""
    return replace(message, receipt_id=f"test/0/again-{number}", county=county or message.county)


async def whole(database: Database) -> list[dict[str, Any]]:
    ids = [one["quarantine_id"] for one in await entries(database)]
    async with database.transaction() as work:
        return await quarantine_store.whole(work.db, ids)


def outcomes(entry: dict[str, Any]) -> list[str]:
    return [one["outcome"] for one in entry["history"]]


async def test_a_file_that_is_sent_three_times_is_one_entry_for_each_content(database: Database) -> None:
    file = [bad(1), bad(2), court(record_id="r3"), court(county="Yolo"), doj(row(SUBJECT_ID="")[:90])]
    first, _ = await send(database, *file)
    named = [receipt.quarantine_ids for receipt in first]
    for turn in (1, 2):
        receipts, _ = await send(database, *(again(s, 10 * turn + n) for n, s in enumerate(file)))
        assert [receipt.quarantine_ids for receipt in receipts] == named
    found = await whole(database)
    assert {one["quarantine_id"] for one in found} == {each for ids in named for each in ids}
    assert [(one["sent"], one["state"], outcomes(one)) for one in found] == [(3, "open", ["refused"])] * 4
    assert {one["receipt_id"] for one in found} == {r.receipt_id for r in first if r.quarantine_ids}


async def test_the_same_twice_in_a_batch_is_one_entry(database: Database) -> None:
    await send(database, bad(1), bad(2), again(bad(1), 1))
    assert sorted((one["record_id"], one["sent"]) for one in await entries(database)) == [
        ("r1", 2),
        ("r2", 1),
    ]


async def test_it_keeps_its_first_day_and_receipt_and_tells_where_it_stood_last(database: Database) -> None:
    first = doj(row(SUBJECT_ID="")[:90], rows="7", file_sha256="a" * 64)
    await send(database, first)
    async with database.transaction() as work:
        await work.db.execute(
            """UPDATE quarantine SET day = day - 2, quarantined_at = quarantined_at - interval '2 days',
                   last_sent_at = last_sent_at - interval '2 days'"""
        )
    (before,) = await entries(database)
    await send(database, doj(row(SUBJECT_ID="")[:90], rows="9", file_sha256="b" * 64))
    (after,) = await entries(database)
    for name in ("quarantine_id", "quarantined_at", "opened_at", "day"):
        assert after[name] == before[name]
    assert after["receipt_id"] == first.receipt_id
    assert (after["sent"], (after["last_sent_at"] - before["last_sent_at"]).days) == (2, 2)
    assert [problem["where"] for problem in after["problems"]] == ["row 9"]
    assert len(await entries(database, file="bbbb")) == 1 and not await entries(database, file="aaaa")


async def test_what_was_discarded_and_comes_again_is_open_again_and_waits_from_then(
    database: Database,
    http: httpx.AsyncClient,  # noqa: F811
) -> None:
    await send(database, bad(1))
    await ask(http, "/v1/quarantine/discard", {"reason": "invalid_date", "why": "a test"})
    async with database.transaction() as work:
        await work.db.execute(
            """UPDATE quarantine SET quarantined_at = quarantined_at - interval '1 year',
                   opened_at = opened_at - interval '1 year'"""
        )
    for number in (1, 2, 3):
        await send(database, again(bad(1), number))
    (one,) = await whole(database)
    assert (one["state"], one["ended_at"], one["ended_why"], one["ended_by"]) == ("open", None, "", "")
    assert (one["sent"], outcomes(one)) == (4, ["refused", "discarded", "opened again"])
    assert (one["history"][-1]["was"], one["history"][-1]["receipt_id"]) == ("discarded", "test/0/again-1")
    async with database.transaction() as work:
        await watch_quarantine(COUNTIES_SENDING)(work)
    assert metric("quarantine_open", county="los-angeles") == 1
    assert metric("quarantine_oldest_open_seconds", county="los-angeles") == 0


async def test_it_is_tried_again_as_one_and_a_refusal_then_is_no_sending(
    database: Database,
    http: httpx.AsyncClient,  # noqa: F811
) -> None:
    await send(database, bad(1), again(bad(1), 1))
    (told,) = (await ask(http, "/v1/quarantine/resubmit", {"all": True}))["entries"]
    assert told["outcome"] == "refused"
    (one,) = (await ask(http, "/v1/quarantine"))["quarantine"]
    assert (one["sent"], one["attempts"], one["state"]) == (2, 1, "open")
    assert one["last_sent_at"] == one["quarantined_at"]
    await mend(database)
    (told,) = (await ask(http, "/v1/quarantine/resubmit", {"all": True}))["entries"]
    assert told["outcome"] == "recorded"
    await send(database, again(bad(1), 2))
    (one,) = await whole(database)
    assert (one["state"], one["sent"], one["history"][-1]["was"]) == ("open", 3, "resubmitted")


async def test_a_refusal_of_what_is_tried_again_does_not_open_what_was_closed_meanwhile(
    database: Database,
) -> None:
    await send(database, bad(1))
    (one,) = await entries(database)
    async with database.transaction() as work:
        await work.db.execute("UPDATE quarantine SET state = 'discarded', ended_at = quarantined_at")
    await send(database, replace(bad(1), resubmitted=one["quarantine_id"]))
    assert [(each["state"], each["sent"]) for each in await entries(database)] == [("discarded", 1)]


async def test_another_countys_same_content_is_another_entry(database: Database) -> None:
    async with database.transaction() as work:
        await record_batch([bad(1), again(bad(1), 1, YOLO)], work, COUNTIES_SENDING, HASH)
    assert sorted((one["county"], one["sent"]) for one in await entries(database)) == [
        ("los-angeles", 1),
        ("yolo", 1),
    ]


@pytest.mark.parametrize(
    ("batch", "states"),
    [
        ("good 5, bad 5", ["open"]),
        ("bad 5, good 5, bad 5", ["open"]),
        ("bad 5, good 5", ["superseded"]),
        ("bad 5, good 6", ["superseded"]),
        ("good 6, bad 5", ["open"]),
        ("good 4, bad 5", ["open"]),
    ],
)
async def test_what_comes_broken_again_after_the_record_stays_open_and_before_it_ends(
    database: Database, batch: str, states: list[str]
) -> None:
    await send(database, bad(1, revision=5))
    messages_of = []
    for what, revision in (each.split() for each in batch.split(", ")):
        sent = {"record_id": "r1", "revision": int(revision)}
        messages_of.append(bad(1, revision=int(revision)) if what == "bad" else court(**sent))
    await send(database, *messages_of)
    assert [one["state"] for one in await entries(database)] == states


async def test_what_was_superseded_and_comes_again_is_open_until_something_newer_comes(
    database: Database,
) -> None:
    await send(database, bad(1, revision=5))
    await send(database, court(record_id="r1", revision=5))
    await send(database, bad(1, revision=5), court(record_id="r1", revision=5))
    (one,) = await whole(database)
    assert (one["state"], outcomes(one)) == ("open", ["refused", "superseded", "opened again"])
    await send(database, court(record_id="r1", revision=6))
    assert [one["state"] for one in await entries(database)] == ["superseded"]


@pytest.mark.parametrize("known", [0, 20])
async def test_replicas_that_get_the_same_contents_in_other_orders_queue_up(
    database: Database, known: int
) -> None:
    numbers = list(range(200))
    if known:
        await send(database, *(bad(n) for n in numbers[:known]))

    async def replica(turn: int, order: list[int]) -> None:
        async with database.transaction() as work:
            await record_batch([again(bad(n), 1000 * turn + n) for n in order], work, COUNTIES_SENDING, HASH)

    turns = [numbers, numbers[::-1], numbers[100:] + numbers[:100], numbers[50:] + numbers[:50]]
    await asyncio.gather(*(replica(turn, order) for turn, order in enumerate(turns)))
    sent = {one["record_id"]: one["sent"] for one in await entries(database)}
    assert sent == {f"r{n}": 5 if n < known else 4 for n in numbers}


async def test_two_batches_that_each_end_what_the_other_keeps_queue_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(database, bad(1), bad(2))
    keep = quarantine_store.keep

    async def slow_keep(db: Any, kept: Any, now: Any) -> None:
        await keep(db, kept, now)
        await asyncio.sleep(0.2)

    async def replica(refused: int, right: int) -> None:
        async with database.transaction() as work:
            pair = [again(bad(refused), refused), court(record_id=f"r{right}", revision=2)]
            await record_batch(pair, work, COUNTIES_SENDING, HASH)

    monkeypatch.setattr(quarantine_store, "keep", slow_keep)
    await asyncio.gather(replica(1, right=2), replica(2, right=1))
    found = sorted((one["sent"], one["state"]) for one in await entries(database))
    assert found == [(2, "open"), (2, "superseded")]
