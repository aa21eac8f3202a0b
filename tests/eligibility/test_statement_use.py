"""An office is told whether the law uses what it stated: not of another city's conviction."""

from typing import Any

import httpx
import pytest

from services.chassis.http.application import Application
from services.chassis.identity.caller import Grant
from services.chassis.identity.directory import Account, Directory, sha256
from services.chassis.runtime.database import Database
from services.eligibility.endpoints import Dependencies
from services.eligibility.statement_use import statement_use
from tests.eligibility.builders import LOS_ANGELES, a_conviction, a_history, a_statement
from tests.eligibility.test_histories_route import BOOK, YOLO, put

pytestmark = pytest.mark.servers
CITY = LOS_ANGELES.city_prosecutors[0]
OTHER_CITY = LOS_ANGELES.city_prosecutors[1]
SAID = a_statement("1", "plants", "at_most_six").statement_id


async def told(
    database: Database, *, agency: str | None, grant: Grant, asked: str = SAID, county: str = LOS_ANGELES.name
) -> httpx.Response:
    """What is told of a statement that ``CITY``'s attorney made."""
    conviction = a_conviction("HS 11358", level_convicted="misdemeanor", prosecuting_agency=agency)
    await put(
        database, a_history(conviction, stated_facts=(a_statement("1", "plants", "at_most_six", city=CITY),))
    )
    directory = Directory({sha256("word"): Account("a1", "person", (grant,))})
    parts = Dependencies(database.transaction, BOOK, lambda: None)  # type: ignore[arg-type,return-value]
    app = Application("eligibility", [statement_use], [parts], directory)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://here") as http:
        path = f"/v1/counties/{county}/statements/{asked}"
        return await http.get(path, headers={"Authorization": "Bearer word"})


@pytest.mark.parametrize(("agency", "used"), [(CITY, True), (OTHER_CITY, False), (None, True)])
async def test_the_city_that_stated_it_hears_whether_the_law_uses_it(
    database: Database, agency: str | None, used: bool
) -> None:
    named = f"{agency} City Attorney" if agency else None
    grant = Grant("city_attorney", LOS_ANGELES.name, CITY)
    answer: dict[str, Any] = (await told(database, agency=named, grant=grant)).json()
    assert (answer["used"], answer["why"] is None) == (used, used)
    if not used:
        assert "another city's attorney" in answer["why"]


@pytest.mark.parametrize(
    ("grant", "asked", "county"),
    [
        (Grant("city_attorney", LOS_ANGELES.name, OTHER_CITY), SAID, LOS_ANGELES.name),
        (Grant("district_attorney", LOS_ANGELES.name), "2", LOS_ANGELES.name),
        (Grant("district_attorney", YOLO), SAID, YOLO),
    ],
)
async def test_nobody_hears_of_a_statement_of_another_or_of_none(
    database: Database, grant: Grant, asked: str, county: str
) -> None:
    answer = await told(database, agency=None, grant=grant, asked=asked, county=county)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_statement")
