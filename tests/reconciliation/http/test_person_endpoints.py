"""Names and numbers of the persons on a list for the court: of the county's own, audited, whatever id the list has."""

from uuid import uuid4

import httpx
import pytest

from services.chassis.http.application import Application
from services.chassis.runtime.database import Database
from services.reconciliation.http.endpoints import Dependencies
from services.reconciliation.http.person_endpoints import persons
from tests.accounts import every_office
from tests.reconciliation.published import BY_IDENTIFIERS, Published, feed
from tests.reconciliation.records import a_case, a_person, a_rap_sheet

pytestmark = pytest.mark.servers


async def asked(database: Database, county: str, *subjects: object) -> list[dict[str, object]]:
    application = Application(
        "reconciliation",
        [persons],
        [Dependencies(database.transaction, BY_IDENTIFIERS)],
        every_office("secret"),
    )
    headers = {"Authorization": "Bearer secret"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application), base_url="http://reconciliation", headers=headers
    ) as client:
        body = {"subject_ids": [str(one) for one in subjects]}
        answer = await client.post(f"/v1/counties/{county}/persons", json=body)
        found: list[dict[str, object]] = answer.json()["persons"]
        return found


async def test_a_person_is_named_under_the_id_that_was_asked_for_also_after_a_merge(
    database: Database,
) -> None:
    published = Published()
    cases = [a_case(f"C{n}", person=a_person(cii=(f"100000{n}",))) for n in (1, 2)]
    await feed(database, cases, published)
    await feed(database, [a_rap_sheet("R1", person=a_person(None, cii=("1000001", "1000002")))], published)
    (retired,) = [one for one in published.histories.values() if one.retired_into]

    found = await asked(database, "los-angeles", retired.subject_id, uuid4())

    assert [one["subject_id"] for one in found] == [str(retired.subject_id)]
    assert found[0]["cii_numbers"] == ["1000001", "1000002"]
    assert found[0]["names"]
    acts = await database.pool.fetch("SELECT act, object FROM audit_log WHERE act = 'name_persons'")
    assert [one["object"] for one in acts] == [f"subject/{retired.subject_id}"]


async def test_a_person_of_whom_the_county_sent_nothing_is_left_out(database: Database) -> None:
    published = Published()
    await feed(database, [a_case("C1", person=a_person(cii=("1000001",)))], published)
    (subject,) = published.histories

    assert await asked(database, "fresno", subject) == []
