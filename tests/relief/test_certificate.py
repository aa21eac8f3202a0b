"""A certificate of relief can be verified later, also once nothing else of the conviction is left; a real Postgres."""

from typing import Any

import pytest

from reliefstream_contracts.sealing import SealRemoved
from services.chassis.runtime.unit_of_work import Delivery
from services.relief.sealing.forgetting import on_forgotten
from tests.relief.builders import a_snapshot
from tests.relief.conftest import Relief
from tests.relief.test_sealing import DISCLOSING, EVERY, forgotten_by, of_both, ordered
from tests.standing_texts import tables_with

pytestmark = pytest.mark.servers
VERIFY = "/v1/counties/los-angeles/certificates/verify"


async def certificate(relief: Relief, standing_order: dict[str, str]) -> dict[str, Any]:
    one = await ordered(relief, standing_order)
    made: dict[str, Any] = (await relief.http.post(f"/v1/reliefs/{one}/certificate")).json()
    return made


def on_paper(made: dict[str, Any], **changed: Any) -> dict[str, Any]:
    said = {name: made[name] for name in ("code", "case_number", "section", "conviction_date")}
    return {**said, **changed}


async def sealed_after(relief: Relief, made: dict[str, Any]) -> None:
    """The conviction of a certificate is sealed, and every service has forgotten it."""
    await relief.post(f"/v1/reliefs/{made['relief_id']}/seal", reason="the order says so")
    await relief.take(a_snapshot("A", 2))
    await forgotten_by(relief, made["relief_id"], *EVERY)


async def test_it_says_what_the_court_ordered_and_is_verified(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    made = await certificate(relief, standing_order)
    assert (made["order_number"], made["kind"]) == (standing_order["number"], "dismissal")
    found = await relief.http.post(VERIFY, json=on_paper(made))
    assert found.json()["sealed_on"] is None
    typed = on_paper(
        made, code=made["code"].replace("-", " ").lower(), section=made["section"].replace(" ", "")
    )
    assert (await relief.http.post(VERIFY, json=typed)).json() == found.json()


async def test_once_it_is_sealed_the_certificate_still_is_and_says_so(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    made = await certificate(relief, standing_order)
    await sealed_after(relief, made)
    found = (await relief.http.post(VERIFY, json=on_paper(made))).json()
    assert (found["order_number"], found["sealed_on"] is None) == (standing_order["number"], False)
    assert await tables_with(relief.service.database.pool, *DISCLOSING, made["code"]) == []


async def test_once_the_seal_was_taken_away_as_a_mistake_the_certificate_is_not_genuine(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    made = await certificate(relief, standing_order)
    await sealed_after(relief, made)
    async with relief.service.transaction() as work:
        await on_forgotten([Delivery(SealRemoved.of({"relief_id": made["relief_id"]}))], work)
    assert (await relief.http.post(VERIFY, json=on_paper(made))).status_code == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"code": "AAAA-BBBB-CCCC-DDDD"},
        {"case_number": "BA999999"},
        {"section": "HS 11360"},
        {"conviction_date": "1999-01-01"},
        {"conviction_date": None},
    ],
)
async def test_a_certificate_that_was_changed_is_not_genuine(
    relief: Relief, standing_order: dict[str, str], changed: dict[str, Any]
) -> None:
    made = await certificate(relief, standing_order)
    refused = await relief.http.post(VERIFY, json=on_paper(made, **changed))
    assert (refused.status_code, refused.json()["code"]) == (404, "not_genuine")


async def test_of_another_county_it_is_not_genuine(relief: Relief, standing_order: dict[str, str]) -> None:
    made = await certificate(relief, standing_order)
    elsewhere = await relief.http.post("/v1/counties/fresno/certificates/verify", json=on_paper(made))
    assert elsewhere.status_code == 404


async def test_what_no_court_has_ordered_has_no_certificate(relief: Relief) -> None:
    await relief.take(a_snapshot("A", 1, of_both()))
    [one] = await relief.relief_ids()
    refused = await relief.http.post(f"/v1/reliefs/{one}/certificate")
    assert (refused.status_code, refused.json()["code"]) == (409, "state_does_not_fit")


async def test_a_clerk_finds_a_dismissal_by_its_case_and_by_what_it_waits_for(
    relief: Relief, standing_order: dict[str, str]
) -> None:
    one = await ordered(relief, standing_order)
    top = "/v1/counties/los-angeles/seals/dismissals"
    [line] = (await relief.http.get(top)).json()["dismissals"]
    assert (line["relief_id"], line["stage"], line["shown_by"]) == (one, "court_record", [])
    for query in (f"case_number={line['case_number']}", "stage=court_record", f"relief_id={one}"):
        assert len((await relief.http.get(f"{top}?{query}")).json()["dismissals"]) == 1
    for query in ("case_number=ELSE", "stage=due", f"after={one}"):
        assert (await relief.http.get(f"{top}?{query}")).json()["dismissals"] == []
    await relief.post(f"/v1/reliefs/{one}/seal", reason="the order says so")
    assert (await relief.http.get(top)).json()["dismissals"][0]["stage"] == "being_sealed"
