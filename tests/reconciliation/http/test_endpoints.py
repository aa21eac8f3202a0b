"""What the operator reads."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.chassis.http.application import Application
from services.chassis.runtime.database import Database
from services.cli.printed.subject_report import report
from services.reconciliation.handlers import Linker
from services.reconciliation.http import queries as reading
from services.reconciliation.http.endpoints import Dependencies, reconciliation
from services.reconciliation.weights_file import load_model
from tests.accounts import every_office
from tests.reconciliation.linkage.test_resemblance import case, sheet
from tests.reconciliation.published import BY_IDENTIFIERS as LINKER
from tests.reconciliation.published import Published, feed
from tests.reconciliation.records import a_case, a_person, a_rap_sheet

pytestmark = pytest.mark.servers


def application(database: Database, linker: Linker) -> Application:
    dependencies = Dependencies(database.transaction, linker)
    return Application("reconciliation", [reconciliation], [dependencies], every_office("secret"))


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application(database, LINKER)),
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
    assert answer["names"] == list(dict.fromkeys(answer["names"])), "each name stands once"
    sources = {one["key"]: one["source"] for one in answer["counts"]}
    counted = [one for conviction in answer["history"]["convictions"] for one in conviction["counts"]]
    assert sources == {one["key"]: one["source"] for one in counted}, "each count as its source says it"
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
    assert answer["history"]["convictions"] == published.to_dict()["convictions"]


async def test_an_id_that_never_was_and_one_that_is_none_get_problem_details(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get(f"/v1/subjects/{uuid4()}")).json()["code"] == "no_subject"
    assert (await client.get("/v1/subjects/luke")).json()["code"] == "not_an_id"


async def test_without_the_operators_token_nothing_is_shown(client: httpx.AsyncClient) -> None:
    for path in ("/v1/counts", "/v1/export/subjects", "/v1/export/discrepancies", f"/v1/subjects/{uuid4()}"):
        assert (await client.get(path, headers={"Authorization": "Bearer wrong"})).status_code == 401


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


@pytest.fixture
async def resembling(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The endpoints where resemblance links, and two rap sheets that claim one case alike."""
    linker = Linker(load_model())
    unclear, others = case(case="BA77"), [sheet(), sheet("R2", case="BA555", cii="B99999999")]
    await feed(database, [unclear, *others, case("C9")], Published(), linker)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application(database, linker)),
        base_url="http://reconciliation",
        headers={"Authorization": "Bearer secret"},
    ) as client:
        yield client


async def subject_with(client: httpx.AsyncClient, record: str) -> dict[str, Any]:
    lines = (await client.get("/v1/export/subjects")).text.splitlines()
    (found,) = [line for line in map(json.loads, lines) if record in line["records"]]
    return dict((await client.get(f"/v1/subjects/{found['subject_id']}")).json())


async def test_a_subject_shows_how_much_its_records_resemble_and_who_else_it_may_be(
    resembling: httpx.AsyncClient,
) -> None:
    linked = await subject_with(resembling, "court/los-angeles/C9")
    (likeness,) = linked["likenesses"]
    assert ("case_number", "shared") in [(one["field"], one["level"]) for one in likeness["evidence"]]
    unclear = await subject_with(resembling, "court/los-angeles/C1")
    assert {one["subject_id"] for one in unclear["undecided"]} <= {
        linked["subject_id"],
        (await subject_with(resembling, "doj/los-angeles/R2"))["subject_id"],
    }
    assert unclear["undecided"]
    assert unclear["in_doubt"]
    told = "\n".join(report({"reconciliation": unclear}))
    assert "may be the same person as subject" in told
    rivals = [one["linked"] for one in unclear["undecided"]]
    assert any(rivals) and told.count("but another, who cannot be the same person") == rivals.count(True)
    assert "OCAMPO" not in told
    assert "by resemblance: probability" in "\n".join(report({"reconciliation": linked}))


async def test_what_a_person_decides_links_at_once_and_is_shown_with_who_and_why(
    resembling: httpx.AsyncClient, database: Database
) -> None:
    unclear, other = "court/los-angeles/C1", "doj/los-angeles/R2"
    body = {"one": unclear, "other": other, "same": True, "reason": "fingerprints"}
    answer = await resembling.post("/v1/link-decisions", json=body)
    assert len(answer.json()["subjects"]) == 1
    shown = await subject_with(resembling, unclear)
    assert (shown["decisions"][0]["decided_by"], shown["in_doubt"]) == ("operator", False)
    assert "by decision of operator" in "\n".join(report({"reconciliation": shown}))
    parted = await resembling.post(
        "/v1/link-decisions", json=body | {"same": False, "other": shown["subject_id"]}
    )
    assert len(parted.json()["subjects"]) == 2
    async with database.pool.acquire() as db:
        kept = await db.fetch(
            "SELECT same, superseded_at IS NULL AS valid FROM link_decisions ORDER BY decided_at"
        )
        acts = await db.fetch(
            "SELECT DISTINCT who, act, outcome FROM audit_log WHERE act = 'decide_link' ORDER BY 3"
        )
    assert [tuple(row) for row in kept] == [(True, False), (False, True)]
    assert [tuple(row) for row in acts] == [
        ("operator", "decide_link", "one person"),
        ("operator", "decide_link", "two persons"),
    ]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"same": "perhaps"}, 422, "invalid_body"),
        ({"reason": ""}, 422, "invalid_body"),
        ({"more": 1}, 422, "invalid_body"),
        ({"other": "court/los-angeles/C1"}, 409, "not_decidable"),
        ({"other": "court/los-angeles/nobody"}, 409, "not_decidable"),
        ({"other": str(uuid4())}, 409, "not_decidable"),
    ],
)
async def test_a_decision_about_nothing_is_answered_and_changes_nothing(
    resembling: httpx.AsyncClient, database: Database, change: dict[str, Any], status: int, code: str
) -> None:
    body = {"one": "court/los-angeles/C1", "other": "doj/los-angeles/R2", "same": True, "reason": "b"}
    answer = await resembling.post("/v1/link-decisions", json=body | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    async with database.pool.acquire() as db:
        assert await db.fetchval("SELECT count(*) FROM link_decisions") == 0
