"""What another policy would change, on the stored histories: the same figures as the command's, by a job."""

import httpx

from services.chassis.http.application import Application
from services.chassis.identity.caller import Grant
from services.chassis.identity.directory import Account, Directory, sha256
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from services.chassis.runtime.made_on_demand import MadeOnDemand
from services.chassis.runtime.unit_of_work import Work
from services.eligibility.comparison.person_compared import compared
from services.eligibility.comparison.shown_counts import figures
from services.eligibility.comparison.tally import Tally
from services.eligibility.files.policy_files import load_policy
from services.eligibility.statistics import what_if as counting
from services.eligibility.statistics.what_if import Asked, Compared
from services.eligibility.statistics.what_if_endpoints import WhatIfDependencies, what_if
from tests.eligibility.builders import LOS_ANGELES
from tests.eligibility.test_statistics import BOOK, TODAY, person, put

PLACE = "/v1/counties/los-angeles/what-if"
OTHER = "los-angeles-2020"


async def asked(database: Database, *grants: Grant, count: bool = True, **query: str) -> httpx.Response:
    """The answer, once the job has counted."""

    async def compare(work: Work, wanted: Asked) -> Compared | None:
        return await counting.compare(work, BOOK.on(TODAY), wanted, TODAY)

    comparisons = MadeOnDemand(compare, SystemClock(), 900, wait_seconds=0)
    parts = [WhatIfDependencies(database.transaction, BOOK, comparisons, lambda: TODAY)]
    account = Account("a", "person", grants or (Grant("analyst", LOS_ANGELES.name),))
    app = Application("eligibility", [what_if], parts, Directory({sha256("word"): account}))
    headers = {"Authorization": "Bearer word"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://here", headers=headers
    ) as client:
        await client.get(PLACE, params=query)
        if count:
            async with database.transaction() as work:
                await comparisons.job(work)
        return await client.get(PLACE, params=query)


async def test_the_figures_are_those_of_the_command_and_small_counts_are_withheld(database: Database) -> None:
    people = [person(number) for number in range(80)]
    await put(database, *people)

    found = (await asked(database, policy=OTHER)).json()

    tally = Tally(("statute", OTHER))
    for one in people:
        alone = compared(one, LOS_ANGELES, (load_policy("statute"), load_policy(OTHER)), BOOK.statute, TODAY)
        assert alone is not None
        tally.add(alone)
    expected = [(*line[:6], line[7]) for line in figures(tally).lines()]
    names = ("table", "policy", "by", "group", "before", "after")
    shown = [
        (*(row[name] for name in names), "*" if row["persons"] is None else str(row["persons"]))
        for row in found["rows"]
    ]
    assert shown == expected
    assert found["in_force"] == "statute"
    assert any(row["table"] == "changes" and row["persons"] for row in found["rows"])
    assert all(row["persons"] is None or row["persons"] >= 11 for row in found["rows"])


async def test_without_a_policy_those_that_there_are_are_named(database: Database) -> None:
    found = (await asked(database, count=False)).json()
    assert OTHER in found["policies"]
    assert (found["made_at"], found["rows"]) == (None, [])


async def test_a_policy_is_named_and_never_a_file(database: Database) -> None:
    for name in ("/etc/passwd", "../x.yaml", "nowhere"):
        answer = await asked(database, count=False, policy=name)
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_policy")


async def test_a_clerk_compares_no_policies(database: Database) -> None:
    assert (await asked(database, Grant("clerk", LOS_ANGELES.name), count=False)).status_code == 403
