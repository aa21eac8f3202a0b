"""The histories that a comparison of policies reads: all of a county's, a page at a time, for the operator only."""

import json
from datetime import date
from typing import Any

import httpx
import pytest

from reliefstream_contracts.histories import CountRef, HistoryChanged
from reliefstream_contracts.identifiers import CountyName, count_key, derived
from services.chassis.http.application import Application
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery
from services.eligibility import endpoints as http
from services.eligibility import exports
from services.eligibility.files.county_files import CountyPolicies, Selected
from services.eligibility.files.statute_files import load_statute
from services.eligibility.handlers import Judging
from services.eligibility.law.input.judged_conviction import County
from services.eligibility.rules import RuleBook
from tests.accounts import every_office
from tests.eligibility.builders import LOS_ANGELES, a_conviction, a_history

YOLO = CountyName("yolo")
PATH = "/v1/export/histories"
COUNTIES = {
    county.name: CountyPolicies(county, (Selected(date(2020, 1, 1), "statute"),))
    for county in (LOS_ANGELES, County(YOLO))
}
BOOK = RuleBook(load_statute(), COUNTIES, {})


def of(name: str, sent_by: CountyName = LOS_ANGELES.name, **changes: Any) -> HistoryChanged:
    """A person of that name, whose conviction that county sent."""
    ref = CountRef(key=count_key("doj", sent_by, "record", name), source="doj", sent_by=sent_by)  # type: ignore[arg-type]
    conviction = a_conviction(name=name, counts=(ref,), county=sent_by)
    facts = {"convictions": (conviction,), "subject_id": derived("subject", name)}
    return a_history(**facts | changes)


async def put(database: Database, *histories: HistoryChanged) -> None:
    """What the service keeps once these have come."""
    async with database.transaction() as work:
        judging = Judging(BOOK, lambda: date(2020, 3, 1))
        await judging.on_histories([Delivery(history) for history in histories], work)


async def answer(database: Database, token: str | None = "secret", **query: str) -> httpx.Response:
    dependencies = http.Dependencies(database.transaction, BOOK, lambda: date(2020, 3, 1))
    app = Application("eligibility", [http.eligibility], [dependencies], every_office("secret"))
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://here") as client:
        return await client.get(PATH, params=query, headers=headers)


async def test_each_history_comes_once_and_as_it_was_sent_whatever_the_size_of_a_page(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = [of(str(number)) for number in range(5)]
    await put(database, *sent)

    for page in (1, 2, 5, 500):
        monkeypatch.setattr(exports, "PAGE", page)
        lines = (await answer(database)).text.splitlines()
        got = [HistoryChanged.of(json.loads(line)) for line in lines]
        assert got == sorted(sent, key=lambda one: one.subject_id)


async def test_a_county_gets_those_that_came_through_its_door_and_no_retired_one(database: Database) -> None:
    retired = of("4", convictions=(), retired_into=derived("subject", "1"))
    await put(database, of("1"), of("2", YOLO), of("3"), retired)

    async def got(**query: str) -> int:
        return len((await answer(database, **query)).text.splitlines())

    assert (await got(county="los-angeles"), await got(county="yolo"), await got()) == (2, 1, 3)


async def test_nobody_but_the_operator_reads_histories(database: Database) -> None:
    await put(database, of("1"))

    refused = [await answer(database, token=token) for token in (None, "guess")]

    assert [one.status_code for one in refused] == [401, 401]
    assert not any("birth" in one.text for one in refused)


async def test_a_county_that_is_not_known_is_said_to_be(database: Database) -> None:
    got = await answer(database, county="nowhere")

    assert (got.status_code, got.json()["code"]) == (404, "unknown_county")
