"""What the operator reads."""

import json
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from starlette.applications import Starlette

from services.chassis.database import Database
from services.reconciliation import reading
from services.reconciliation.http import routes
from tests.reconciliation.published import Published, feed
from tests.reconciliation.records import a_case, a_person, a_rap_sheet

pytestmark = pytest.mark.servers


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=routes(database.transaction, "secret"))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://reconciliation",
        headers={"Authorization": "Bearer secret"},
    ) as client:
        yield client


@pytest.fixture
async def merged(database: Database) -> Published:
    """Two subjects that a third record merged."""
    published = Published()
    cases = [a_case(f"C{n}", person=a_person(cii=(f"100000{n}",))) for n in (1, 2)]
    await feed(database, cases, published)
    await feed(database, [a_rap_sheet("R1", person=a_person(None, cii=("1000001", "1000002")))], published)
    return published


async def test_a_subject_shows_its_records_and_why_they_are_linked(
    client: httpx.AsyncClient, merged: Published
) -> None:
    (retired,) = [one for one in merged.histories.values() if one.retired_into]
    answer = (await client.get(f"/v1/subjects/{retired.subject_id}")).json()
    assert answer["subject_id"] == str(retired.retired_into)
    assert answer["retired"] == [str(retired.subject_id)]
    assert [record["record"] for record in answer["records"]] == [
        "court/los-angeles/C1",
        "court/los-angeles/C2",
        "doj/los-angeles/R1",
    ]
    assert answer["links"] == [
        {
            "identifier": "cii_number",
            "records": [f"court/los-angeles/C{n}", "doj/los-angeles/R1"],
            "surname": "unknown to some",
            "birth_date": "equal",
        }
        for n in (1, 2)
    ]
    published = merged.histories[retired.retired_into] if retired.retired_into else None
    assert published is not None
    assert answer["history"]["convictions"] == published.model_dump(mode="json")["convictions"]


async def test_an_id_that_never_was_and_one_that_is_none_get_problem_details(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get(f"/v1/subjects/{uuid4()}")).json()["code"] == "no_subject"
    assert (await client.get("/v1/subjects/luke")).json()["code"] == "not_an_id"


async def test_without_the_operators_token_nothing_is_shown(client: httpx.AsyncClient) -> None:
    for path in ("/v1/counts", "/v1/export/subjects", "/v1/export/discrepancies", f"/v1/subjects/{uuid4()}"):
        assert (await client.get(path, headers={"Authorization": "Bearer wrong"})).status_code == 403


async def test_a_query_with_a_nul_is_answered_and_never_reaches_the_database(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get("/v1/export/discrepancies?county=%00")).json()["code"] == "nul_in_query"


async def test_exports_have_a_line_each_and_no_name_or_birth_date(
    client: httpx.AsyncClient, merged: Published
) -> None:
    subjects = (await client.get("/v1/export/subjects")).text
    lines = [json.loads(line) for line in subjects.splitlines()]
    assert sorted(len(line["records"]) for line in lines) == [0, 3]
    ledger = (await client.get("/v1/export/discrepancies")).text
    assert {json.loads(line)["discrepancy_id"] for line in ledger.splitlines()} == set(
        map(str, merged.discrepancies)
    )
    for text in (subjects, ledger):
        assert "SKYWALKER" not in text
        assert "1960-03-14" not in text


async def test_an_export_keeps_the_subject_of_a_withdrawn_record_and_not_the_record(
    client: httpx.AsyncClient, database: Database
) -> None:
    published = Published()
    for record in (a_case(), a_case(sequence=2, withdrawn=True)):
        await feed(database, [record], published)
    (line,) = (await client.get("/v1/export/subjects")).text.splitlines()
    assert (json.loads(line)["records"], json.loads(line)["convictions"]) == ([], [])


async def test_an_export_has_every_subject_once_and_by_id_however_many_pages_it_takes(
    client: httpx.AsyncClient, merged: Published, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await feed(database, [a_case(f"D{n}", person=a_person(cii=(f"200000{n}",))) for n in range(5)], merged)
    in_one = (await client.get("/v1/export/subjects")).text
    monkeypatch.setattr(reading, "PAGE", 2)
    assert (await client.get("/v1/export/subjects")).text == in_one
    ids = [json.loads(line)["subject_id"] for line in in_one.splitlines()]
    assert ids == sorted(map(str, merged.histories))


async def test_counts_add_up(client: httpx.AsyncClient, merged: Published) -> None:
    counts = (await client.get("/v1/counts")).json()
    assert (counts["records"], counts["subjects"], counts["retired"]) == (3, 1, 1)
    assert sum(kind["open"] + kind["resolved"] for kind in counts["discrepancies"].values()) == len(
        merged.discrepancies
    )


async def test_an_export_of_one_county_has_that_countys_lines_only(
    client: httpx.AsyncClient, merged: Published
) -> None:
    assert merged.discrepancies
    for what in ("subjects", "discrepancies"):
        everything = (await client.get(f"/v1/export/{what}")).text.splitlines()
        ours = (await client.get(f"/v1/export/{what}?county=los-angeles")).text.splitlines()
        assert ours and set(ours) <= set(everything)
        assert (await client.get(f"/v1/export/{what}?county=alpine")).text == ""
