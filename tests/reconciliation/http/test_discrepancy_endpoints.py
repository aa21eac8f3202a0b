"""The ledger as the records unit works through it: what is open, both sources' values, close, put off, who is who."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.identifiers import CaseNumber, CountyName
from reliefstream_contracts.records import SourceRecord
from services.chassis.http.application import Application
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery
from services.reconciliation.handlers import Linker
from services.reconciliation.http.discrepancy_endpoints import discrepancy_routes
from services.reconciliation.http.referral_dependencies import ReferralDependencies
from services.reconciliation.weights_file import load_model
from tests.accounts import every_office
from tests.reconciliation.linkage.test_resemblance import case, sheet
from tests.reconciliation.published import BY_IDENTIFIERS, Published, feed
from tests.reconciliation.records import LOS_ANGELES, a_case, a_count, a_rap_sheet

pytestmark = pytest.mark.servers
TODAY = date(2026, 11, 2)
MODEL = load_model()
TOP = f"/v1/counties/{LOS_ANGELES}/discrepancies"


@asynccontextmanager
async def ledger(database: Database, day: date = TODAY) -> AsyncIterator[httpx.AsyncClient]:
    counties = {
        name: CountyFile.model_validate(
            {"county": name, "policies": [{"from": date(2020, 1, 1), "policy": "statute"}]}
        )
        for name in (LOS_ANGELES, CountyName("kern"))
    }
    parts = ReferralDependencies(database.transaction, counties, SystemClock(day), uuid4, MODEL)
    application = Application("reconciliation", [discrepancy_routes], [parts], every_office("secret"))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application),
        base_url="http://r",
        headers={"Authorization": "Bearer secret"},
    ) as client:
        yield client


def differing(case_level: str = "misdemeanor", sequence: int = 1) -> list[SourceRecord]:
    """DOJ's and the court's record of one conviction, which give its level differently."""
    count = a_count(
        "1", event="case", court="Van Nuys", level_convicted=case_level, case_number=CaseNumber("BA012345")
    )
    return [a_rap_sheet(), a_case("C1", count, sequence=sequence, revision=sequence)]


async def the_differing(client: httpx.AsyncClient) -> dict[str, Any]:
    found = (await client.get(TOP, params={"kind": "differing_fact"})).json()["discrepancies"]
    (one,) = found
    return dict((await client.get(f"{TOP}/{one['discrepancy']['discrepancy_id']}")).json())


async def test_an_entry_is_shown_with_what_each_source_says(database: Database) -> None:
    await feed(database, differing(), Published())
    async with ledger(database) as client:
        shown = await the_differing(client)
        assert [(one["source"], one["level"]) for one in shown["counts"]] == [
            ("court", "misdemeanor"),
            ("doj", "felony"),
        ]
        assert shown["closable"] is True
        counts = (await client.get(f"{TOP}/counts")).json()["counts"]
        assert counts["kind"]["differing_fact"] == 1
        assert counts["total"]["number"] == sum(counts["kind"].values())
        elsewhere = f"/v1/counties/kern/discrepancies/{shown['discrepancy']['discrepancy_id']}"
        assert (await client.get(elsewhere)).status_code == 404


async def test_a_closed_entry_stays_closed_until_its_sources_differ_in_another_way(
    database: Database,
) -> None:
    published = Published()
    await feed(database, differing(), published)
    async with ledger(database) as client:
        shown = await the_differing(client)
        entry = shown["discrepancy"]
        one = f"{TOP}/{entry['discrepancy_id']}"
        body = {"version": entry["version"], "reason": "DOJ was told"}
        assert (await client.post(f"{one}/close", json={**body, "version": 7})).status_code == 412
        assert (await client.post(f"{one}/close", json=body)).json() == {"done": True}
        assert (await client.post(f"{one}/close", json=body)).json() == {"done": False}
        closed = (await client.get(one)).json()
        assert closed["discrepancy"]["status"] == "resolved"
        assert [(act["act"], act["account"], act["reason"]) for act in closed["acts"]] == [
            ("closed", "operator", "DOJ was told")
        ]
        async with database.transaction() as work:
            await BY_IDENTIFIERS.link_anew(work, ["doj/los-angeles/R1"])
        assert (await client.get(one)).json()["discrepancy"]["status"] == "resolved", "nothing differs anew"
        async with database.transaction() as work:
            await BY_IDENTIFIERS.on_records([Delivery(differing("infraction", 2)[1])], work)
        again = (await client.get(one)).json()["discrepancy"]
        assert again["status"] == "open"
        assert ["court", "infraction"] in again["values"]


async def test_what_is_put_off_waits_again_on_its_day(database: Database) -> None:
    await feed(database, differing(), Published())
    async with ledger(database) as client:
        shown = await the_differing(client)
        one = f"{TOP}/{shown['discrepancy']['discrepancy_id']}"
        said = {"until": (TODAY + timedelta(days=7)).isoformat(), "reason": "the file is ordered"}
        assert (
            await client.post(f"{one}/put-off", json={**said, "until": TODAY.isoformat()})
        ).status_code == 422
        assert (await client.post(f"{one}/put-off", json=said)).json() == {"done": True}
        waiting = (await client.get(TOP, params={"put_off": "no", "kind": "differing_fact"})).json()
        assert waiting["discrepancies"] == []
        (later,) = (await client.get(TOP, params={"put_off": "yes"})).json()["discrepancies"]
        assert later["put_off_until"] == said["until"]
    async with ledger(database, day=TODAY + timedelta(days=7)) as client:
        waiting = (await client.get(TOP, params={"put_off": "no", "kind": "differing_fact"})).json()
        assert len(waiting["discrepancies"]) == 1


async def test_an_identity_in_doubt_shows_the_records_side_by_side_with_each_fields_weight(
    database: Database,
) -> None:
    records = [case(case="BA77"), sheet(), sheet("R2", case="BA555", cii="B99999999")]
    await feed(database, records, Published(), Linker(MODEL))
    async with ledger(database) as client:
        found = (await client.get(TOP, params={"kind": "identity_in_doubt"})).json()["discrepancies"]
        shown = (await client.get(f"{TOP}/{found[0]['discrepancy']['discrepancy_id']}")).json()
        first, second = shown["sides"]
        assert {one["record"] for side in (first, second) for one in side["records"]} >= {
            key for _, key in shown["discrepancy"]["values"]
        }
        assert first["records"][0]["birth_date"]
        assert first["likeness"] is None
        weighed = {one["field"]: one["bits"] for one in second["likeness"]["evidence"]}
        assert weighed["birth_date"] > 0
        assert shown["closable"] is False
        body = {"version": shown["discrepancy"]["version"], "reason": "x"}
        refused = await client.post(f"{TOP}/{shown['discrepancy']['discrepancy_id']}/close", json=body)
        assert refused.json()["code"] == "not_closable"


async def test_pages_follow_each_other_and_a_wrong_place_is_answered(database: Database) -> None:
    cases = [a_case(f"C{n}", a_count("1", event="case", case_number=CaseNumber(f"BA{n}"))) for n in range(5)]
    await feed(database, cases, Published())
    async with ledger(database) as client:
        whole = (await client.get(TOP)).json()["discrepancies"]
        paged: list[Any] = []
        after = ""
        while after is not None:
            page = (await client.get(TOP, params={"limit": 2, "after": after})).json()
            paged += page["discrepancies"]
            after = page["next"]
        assert paged == whole
        assert len(whole) == 5
        assert (await client.get(TOP, params={"after": "yesterday/1"})).status_code == 422


async def test_the_summary_counts_what_is_open_and_new_in_each_county(database: Database) -> None:
    await feed(database, differing(), Published())
    async with ledger(database) as client:
        open_now = (await client.get(f"{TOP}/counts")).json()["counts"]["total"]["number"]
        path = "/v1/discrepancies/summary"
        (new,) = (await client.get(path, params={"since": "2020-01-01T00:00:00Z"})).json()["counties"]
        assert (new["county"], new["open"], new["new"]) == (LOS_ANGELES, open_now, open_now)
        (old,) = (await client.get(path, params={"since": "2099-01-01T00:00:00Z"})).json()["counties"]
        assert (old["new"], old["referrals"], old["referrals_overdue"]) == (0, 0, 0)
        assert (await client.get(path, params={"since": "yesterday"})).status_code == 422
