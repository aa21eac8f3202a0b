"""A community group's lists, and reconciliation's application with accounts of each role that deals with them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import uuid4

import httpx

from reliefstream_contracts.county_file import CountyFile
from services.chassis.http.application import Application
from services.chassis.identity.caller import Grant
from services.chassis.identity.directory import Account, Directory, sha256
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from services.reconciliation.http.client_endpoints import client_routes
from services.reconciliation.http.referral_dependencies import ReferralDependencies
from services.reconciliation.http.referral_endpoints import referral_routes
from services.reconciliation.referrals.clock import ReferralClock
from services.reconciliation.weights_file import load_model
from tests.reconciliation.records import LOS_ANGELES

TODAY = date(2026, 11, 2)
REFERRALS = f"/v1/counties/{LOS_ANGELES}/referrals"
LINES = f"/v1/counties/{LOS_ANGELES}/referral-lines"
SIGNED = {"reference": "AUTH-17", "signed_on": "2026-10-01", "until": "2027-09-30"}
MODEL = load_model()
ACCOUNTS = {
    "centre": Grant("community_group", "los-angeles"),
    "another-centre": Grant("community_group", "los-angeles"),
    "records": Grant("records_unit", "los-angeles"),
    "prosecutor": Grant("district_attorney", "los-angeles"),
    "clerk": Grant("clerk", "los-angeles"),
    "defender": Grant("public_defender", "los-angeles"),
    "kern": Grant("records_unit", "kern"),
}


def somebody(**given: Any) -> dict[str, Any]:
    """The person of tests.reconciliation.records, as a community group knows them."""
    return {"surname": "Skywalker", "given_name": "Luke", "birth_date": "1960-03-14", **given}


def the_clock(day: date = TODAY) -> ReferralClock:
    return ReferralClock(MODEL, lambda: day)


async def looked(database: Database, day: date = TODAY) -> None:
    """Looks at all lines whose time has come."""
    more = True
    while more:
        async with database.transaction() as work:
            more = await the_clock(day).look(work)


async def looked_again(database: Database, day: date = TODAY) -> None:
    """As ``looked`` a day later."""
    async with database.pool.acquire() as db:
        await db.execute("UPDATE referral_lines SET look_at = now() WHERE look_at IS NOT NULL")
    await looked(database, day)


@asynccontextmanager
async def referrals_open(database: Database, day: date = TODAY) -> AsyncIterator["Offices"]:
    directory = Directory(
        {sha256(name): Account(name, "person", (grant,)) for name, grant in ACCOUNTS.items()}
    )
    counties = {
        LOS_ANGELES: CountyFile.model_validate(
            {"county": "los-angeles", "policies": [{"from": date(2020, 1, 1), "policy": "statute"}]}
        )
    }
    parts = ReferralDependencies(database.transaction, counties, SystemClock(day), uuid4, MODEL)
    application = Application("reconciliation", [referral_routes, client_routes], [parts], directory)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://r") as http:
        yield Offices(http)


class Offices:
    """Whoever calls, by the name of their account."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def submit(self, *persons: dict[str, Any], by: str = "centre", **headers: str) -> httpx.Response:
        return await self.ask(by, "POST", REFERRALS, json={"persons": list(persons)}, headers=headers)

    async def submit_csv(self, text: str | bytes, by: str = "centre") -> httpx.Response:
        return await self.ask(
            by, "POST", REFERRALS, content=text, headers={"Content-Type": "text/csv; charset=utf-8"}
        )

    async def ask(self, by: str, method: str, path: str, **given: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {by}", **given.pop("headers", {})}
        return await self._http.request(method, path, headers=headers, **given)

    async def told(self, receipt: httpx.Response, by: str = "centre") -> list[dict[str, Any]]:
        answer = await self.ask(by, "GET", f"{REFERRALS}/{receipt.json()['referral_id']}")
        lines: list[dict[str, Any]] = answer.json()["lines"]
        return lines
