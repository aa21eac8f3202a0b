"""What the public defender does about a challenge, over HTTP against a real Postgres."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio

from services.chassis.identity.caller import Grant
from services.chassis.identity.directory import Account, Directory, sha256
from tests.relief.builders import a_determination, a_snapshot
from tests.relief.conftest import TOKEN, Relief

pytestmark = pytest.mark.servers
CHALLENGES = "/v1/counties/los-angeles/challenges"
ACCOUNTS = {
    "defender": Grant("public_defender", "los-angeles"),
    "alternate": Grant("public_defender", "los-angeles"),
    "fresno": Grant("public_defender", "fresno"),
    "clerk": Grant("clerk", "los-angeles"),
    "signer": Grant("district_attorney", "los-angeles", signer=True),
}


@dataclass
class Defence:
    """The service with one challenged relief and one that is not; who calls is an account's name."""

    relief: Relief
    http: httpx.AsyncClient
    challenged: str
    other: str

    async def get(self, who: str, path: str = "") -> httpx.Response:
        return await self.http.get(f"{CHALLENGES}{path}", headers=_token(who))

    async def act(self, who: str, verb: str, key: str = "", **body: Any) -> httpx.Response:
        path = f"{CHALLENGES}/{self.challenged}/{verb}"
        headers = _token(who) | ({"Idempotency-Key": key} if key else {})
        return await self.http.post(path, json=body, headers=headers)

    async def listed(self, who: str) -> list[str]:
        return [each["relief_id"] for each in (await self.get(who)).json()["reliefs"]]

    async def rule(self, outcome: str) -> None:
        path = f"/v1/reliefs/{self.challenged}/challenge/resolve"
        await self.http.post(path, json={"outcome": outcome}, headers=_token("clerk"))


def _token(who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {who}"}


@pytest_asyncio.fixture
async def defence(relief: Relief) -> AsyncIterator[Defence]:
    await relief.take(a_snapshot("A", 1, a_determination("d1"), a_determination("d2")))
    challenged, other = await relief.relief_ids()
    application = relief.service.application()
    application.state.accounts = Directory(
        {sha256(name): Account(name, "person", (grant,)) for name, grant in ACCOUNTS.items()}
        | {sha256(TOKEN): Account("operator", "machine", (Grant("operator"),))}
    )
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://relief") as http:
        path = f"/v1/reliefs/{challenged}/challenge"
        await http.post(path, json={"reason_code": "identity"}, headers=_token("signer"))
        yield Defence(relief, http, challenged, other)


async def test_a_defender_sees_what_is_challenged_in_its_county_and_no_other_relief(defence: Defence) -> None:
    assert await defence.listed("defender") == [defence.challenged]
    shown = (await defence.get("defender", f"/{defence.challenged}")).json()
    assert shown["relief"]["challenge"]["reason_code"] == "identity"
    assert (await defence.get("defender", f"/{defence.other}")).status_code == 404
    assert (await defence.get("fresno")).status_code == 403


async def test_the_court_and_the_prosecution_read_what_the_defence_answers(defence: Defence) -> None:
    for _ in range(2):
        await defence.act("defender", "answer", text="The fingerprints are another person's.")
    (listed,) = (await defence.get("clerk")).json()["reliefs"]
    assert listed["answered_at"] is not None
    for reader in ("clerk", "signer", "defender"):
        (answer,) = (await defence.get(reader, f"/{defence.challenged}")).json()["answers"]
        assert (answer["account"], answer["text"]) == ("defender", "The fingerprints are another person's.")


async def test_a_key_that_came_with_another_act_is_refused_and_nothing_is_lost_in_silence(
    defence: Defence,
) -> None:
    assert (await defence.act("defender", "answer", "k1", text="It is not this man.")).status_code == 200
    for refused in (
        await defence.act("defender", "answer", "k1", text="And he was abroad."),
        await defence.act("defender", "contacts", "k1", how="letter", outcome="reached"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "key_reused")
    logged = {"how": "visit", "outcome": "reached", "note": "wants a hearing"}
    for _ in range(2):
        assert (await defence.act("defender", "contacts", "k2", **logged)).status_code == 200
    shown = (await defence.get("defender", f"/{defence.challenged}")).json()
    assert (len(shown["answers"]), len(shown["contacts"])) == (1, 1)


async def test_contacts_with_the_client_are_for_defenders_alone(defence: Defence) -> None:
    logged = await defence.act(
        "defender", "contacts", how="letter", outcome="reached", note="wants a hearing"
    )
    assert [each["note"] for each in logged.json()["contacts"]] == ["wants a hearing"]
    for reader in ("clerk", "signer"):
        assert (await defence.get(reader, f"/{defence.challenged}")).json()["contacts"] == []


async def test_a_case_handed_over_on_a_conflict_is_only_the_next_defenders(defence: Defence) -> None:
    handed = await defence.act("defender", "hand-over", to_account="alternate", note="we defended a witness")
    assert handed.json()["handed_over"]["to_account"] == "alternate"
    assert await defence.listed("defender") == []
    assert (await defence.get("defender", f"/{defence.challenged}")).status_code == 404
    assert (await defence.act("defender", "answer", text="late")).status_code == 404
    assert await defence.listed("alternate") == [defence.challenged]
    assert (await defence.act("alternate", "answer", text="It is not this man.")).status_code == 200
    told = (await defence.get("clerk", f"/{defence.challenged}")).json()["handed_over"]
    assert (told["to_account"], told["note"]) == ("alternate", None)


async def test_a_case_handed_over_to_nobody_is_the_courts_to_appoint_counsel_for(defence: Defence) -> None:
    await defence.act("defender", "hand-over", note="we defended a witness")
    assert await defence.listed("alternate") == []
    (listed,) = (await defence.get("clerk")).json()["reliefs"]
    assert listed["handed_over_at"] is not None
    await defence.act("clerk", "hand-over", to_account="alternate", note="appointed today")
    assert await defence.listed("alternate") == [defence.challenged]
    assert await defence.listed("defender") == []


async def test_after_the_ruling_contacts_go_on_and_answers_do_not(defence: Defence) -> None:
    await defence.rule("sustained")
    assert await defence.listed("defender") == []
    refused = await defence.act("defender", "answer", text="late")
    assert (refused.status_code, refused.json()["code"]) == (409, "state_does_not_fit")
    assert (await defence.act("defender", "contacts", how="letter", outcome="reached")).status_code == 200


@pytest.mark.parametrize("who", ["clerk", "signer"])
async def test_nobody_but_a_defender_acts_for_the_defence(defence: Defence, who: str) -> None:
    for verb, body in {"answer": {"text": "x"}, "contacts": {"how": "letter", "outcome": "reached"}}.items():
        assert (await defence.act(who, verb, **body)).status_code == 403
    handed = await defence.act(who, "hand-over", note="x")
    assert handed.status_code == (200 if who == "clerk" else 403)


async def test_each_act_and_look_is_in_the_audit_log_without_its_text(defence: Defence) -> None:
    await defence.get("defender", f"/{defence.challenged}")
    await defence.act("defender", "contacts", how="visit", outcome="reached", note="secret")
    rows = await defence.relief.service.database.pool.fetch(
        "SELECT act, object, audit_log::text AS row FROM audit_log WHERE who = 'defender' ORDER BY id"
    )
    assert [row["act"] for row in rows] == ["show_challenge", "log_contact"]
    assert {row["object"] for row in rows} == {f"relief/{defence.challenged}"}
    assert not any("secret" in row["row"] for row in rows)
