"""Statistics of what was determined: equal to the export, without anybody in it, for a county or for all."""

from collections import Counter
from datetime import date

import httpx

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import CountyName, derived
from services.chassis.http.application import Application
from services.chassis.identity.caller import Grant
from services.chassis.identity.directory import Account, Directory, sha256
from services.chassis.runtime.clock import SystemClock
from services.chassis.runtime.database import Database
from services.chassis.runtime.made_on_demand import MadeOnDemand
from services.chassis.runtime.unit_of_work import Delivery, Work
from services.eligibility import endpoints as http
from services.eligibility.files.county_files import CountyPolicies, Selected
from services.eligibility.files.statute_files import load_statute
from services.eligibility.handlers import Judging
from services.eligibility.law.input.judged_conviction import County
from services.eligibility.rules import RuleBook
from services.eligibility.statistics.counting import Release, release
from services.eligibility.statistics.endpoints import StatisticsDependencies, statistics
from tests.eligibility.builders import LOS_ANGELES, a_conviction, a_history

YOLO = CountyName("yolo")
TODAY = date(2020, 3, 1)
COUNTIES = {
    county.name: CountyPolicies(county, (Selected(date(2020, 1, 1), "statute"),))
    for county in (LOS_ANGELES, County(YOLO))
}
BOOK = RuleBook(load_statute(), COUNTIES, {})


def person(number: int) -> HistoryChanged:
    """One of many who differ in section, level, sex, race and age."""
    section = ("HS 11357(a)", "HS 11358", "HS 11359", "VC 10851")[number % 4]
    return a_history(
        a_conviction(section, name=f"{number}", level_convicted="felony" if number % 3 else "misdemeanor"),
        a_conviction(
            "HS 11359", name=f"{number}b", event="b", conviction_date=date(1990 + number % 20, 5, 1)
        ),
        subject_id=derived("subject", str(number)),
        sex="M" if number % 5 else "F",
        race="BLACK" if number % 2 else "WHITE",
        birth_date=date(1950 + number % 40, 1, 1),
    )


class Asked:
    """Eligibility's HTTP with one account."""

    def __init__(self, database: Database, *grants: Grant) -> None:
        async def counted(work: Work, _: None) -> Release | None:
            return await release(work, BOOK.statute, TODAY)

        self.database = database
        self.releases = MadeOnDemand(counted, SystemClock(), 900, wait_seconds=0)
        parts = [
            http.Dependencies(database.transaction, BOOK, lambda: TODAY),
            StatisticsDependencies(database.transaction, BOOK, self.releases),
        ]
        account = Account("a", "person", grants)
        app = Application(
            "eligibility", [http.eligibility, statistics], parts, Directory({sha256("word"): account})
        )
        self.transport = httpx.ASGITransport(app=app)

    async def get(self, path: str, **query: str) -> httpx.Response:
        headers = {"Authorization": "Bearer word"}
        async with httpx.AsyncClient(transport=self.transport, base_url="http://here") as client:
            return await client.get(path, params=query, headers=headers)

    async def count(self) -> None:
        """The job, once somebody has asked."""
        assert await self.releases.get(None) is None
        async with self.database.transaction() as work:
            await self.releases.job(work)


async def put(database: Database, *histories: HistoryChanged) -> None:
    async with database.transaction() as work:
        judging = Judging(BOOK, lambda: TODAY)
        await judging.on_histories([Delivery(history) for history in histories], work)


async def test_statistics_equal_the_export_and_small_counts_are_in_neither_total(database: Database) -> None:
    await put(database, *map(person, range(120)))
    asked = Asked(database, Grant("district_attorney", LOS_ANGELES.name), Grant("analyst"))
    await asked.count()

    exported = (await asked.get("/v1/export/determinations", county="los-angeles")).text.splitlines()
    lines = [Determination.from_json(line) for line in exported]
    answer = (await asked.get("/v1/statistics", county="los-angeles")).json()
    rows = {(row["by"], row["group"], row["outcome"]): row for row in answer["rows"]}

    assert rows["", "", ""]["convictions"] == len(lines) > 120
    expected = {
        "": Counter(("", one.outcome) for one in lines),
        "level": Counter((one.level or "unknown", one.outcome) for one in lines),
        "decade": Counter(
            (f"{one.disposition_date.year // 10}0s", one.outcome) for one in lines if one.disposition_date
        ),
        "source": Counter((one.source, one.outcome) for one in lines),
    }
    for by, counts in expected.items():
        for (group, outcome), number in counts.items():
            row = rows[by, group, outcome]
            assert row["withheld"] or row["convictions"] == number, (by, group, outcome)
    assert sum(not row["withheld"] for row in answer["rows"]) > len(answer["rows"]) / 2
    assert all(row["persons"] is None or row["persons"] >= 11 for row in answer["rows"])


async def test_of_what_stays_on_record_persons_are_counted_alone(database: Database) -> None:
    await put(database, *map(person, range(60)))
    asked = Asked(database, Grant("analyst"))
    await asked.count()

    rows = {
        (row["by"], row["group"], row["outcome"]): row
        for row in (await asked.get("/v1/statistics")).json()["rows"]
    }

    assert rows["record", "felony", ""]["persons"] == 60
    assert rows["record", "felony", ""]["convictions"] is None
    assert rows["record", "felony", "cleared"]["convictions"] is None


async def test_who_may_see_one_county_is_not_told_of_all(database: Database) -> None:
    asked = Asked(database, Grant("analyst", YOLO))

    assert (await asked.get("/v1/statistics")).status_code == 403
    assert (await asked.get("/v1/statistics", county="los-angeles")).status_code == 403


async def test_before_anybody_is_counted_there_is_nothing_and_no_error(database: Database) -> None:
    asked = Asked(database, Grant("analyst", YOLO))
    answer = await asked.get("/v1/statistics", county="yolo")

    assert (answer.status_code, answer.json()["made_at"], answer.json()["rows"]) == (200, None, [])
