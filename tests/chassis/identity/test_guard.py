"""Which grants a guard admits, and where."""

from typing import Annotated

import httpx
import pytest
from fastapi import Query
from pydantic import BaseModel

from services.chassis.http.application import Application, router
from services.chassis.identity.caller import Caller, Grant
from services.chassis.identity.directory import Account, Directory, sha256
from services.chassis.identity.guard import BREAK_GLASS, PUBLIC, Grants, allowed


class Chosen(BaseModel):
    county: str | None = None
    city: str | None = None


toy = router()
seen: list[Caller] = []


def route(path: str, guard: Grants) -> None:
    async def endpoint(caller: Annotated[Caller, allowed(guard)], chosen: Annotated[Chosen, Query()]) -> str:
        seen.append(caller)
        return "shown"

    toy.add_api_route(path, endpoint)


route("/of/{county}", Grants("clerk", "city_attorney"))
route("/all", Grants("clerk", "city_attorney"))
route("/case", Grants("clerk", "city_attorney", per_case=True))
route("/sign/{county}", Grants("district_attorney", "clerk", signer=True))
route("/list", Grants("integrator", scope="dismissals"))
route("/content/{county}", Grants("clerk", break_glass=True))


@toy.get("/deaf", dependencies=[allowed(Grants("clerk", "auditor"))])
async def deaf() -> str:
    return "shown"


toy.add_api_route("/open", lambda: "shown", dependencies=[PUBLIC])

FRESNO = Grant("clerk", "fresno")
EVERYWHERE = Grant("clerk")
OF_CITY = Grant("city_attorney", "fresno", "clovis")
OPERATOR = Grant("operator")


async def ask(path: str, *grants: Grant, **headers: str) -> httpx.Response:
    directory = Directory({sha256("word"): Account("a1", "person", grants)})
    app = Application("toy", [toy], accounts=directory)
    given = {"authorization": "Bearer word", **headers}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://toy") as http:
        return await http.get(path, headers=given)


@pytest.mark.parametrize(
    ("path", "grant", "status"),
    [
        ("/of/fresno", FRESNO, 200),
        ("/of/kern", FRESNO, 403),
        ("/of/kern", EVERYWHERE, 200),
        ("/of/fresno", Grant("auditor"), 403),
        ("/of/fresno?county=kern", FRESNO, 403),
        ("/of/fresno?county=fresno", FRESNO, 200),
        ("/of/fresno", OF_CITY, 403),
        ("/of/fresno?city=clovis", OF_CITY, 200),
        ("/of/fresno?city=fresno", OF_CITY, 403),
        ("/of/fresno?city=clovis&city=fresno", OF_CITY, 403),
        ("/all", FRESNO, 403),
        ("/all?county=", FRESNO, 403),
        ("/all?county=fresno", FRESNO, 200),
        ("/all?county=fresno&county=kern", FRESNO, 403),
        ("/all", EVERYWHERE, 200),
        ("/case", FRESNO, 200),
        ("/case", OF_CITY, 200),
        ("/case?county=kern", FRESNO, 403),
        ("/case?city=fresno", OF_CITY, 403),
        ("/sign/fresno", Grant("district_attorney", "fresno"), 403),
        ("/sign/fresno", Grant("district_attorney", "fresno", signer=True), 200),
        ("/sign/fresno", FRESNO, 200),
        ("/list", Grant("integrator", scope=frozenset({"dismissals"})), 200),
        ("/list", Grant("integrator", scope=frozenset({"suppression"})), 403),
        ("/list", Grant("integrator"), 200),
        ("/deaf?county=fresno", FRESNO, 403),
        ("/deaf", Grant("auditor"), 200),
        ("/deaf", Grant("auditor", "fresno"), 403),
        ("/open", Grant("auditor"), 200),
    ],
)
async def test_a_grant_admits_in_its_own_county_and_city(path: str, grant: Grant, status: int) -> None:
    answer = await ask(path, grant)

    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "not_granted"


async def test_the_caller_has_only_the_grants_that_admitted_the_request() -> None:
    seen.clear()
    await ask("/of/fresno", FRESNO, OF_CITY, Grant("clerk", "kern"), OPERATOR)

    assert seen == [Caller("a1", "person", (FRESNO,))]


async def test_an_operator_sees_a_case_only_with_a_reason_and_the_caller_carries_it() -> None:
    seen.clear()
    without, blank = (
        await ask("/content/fresno", OPERATOR),
        await ask("/content/fresno", OPERATOR, **{BREAK_GLASS: " "}),
    )
    given = await ask("/content/fresno", OPERATOR, **{BREAK_GLASS: "incident 7"})
    elsewhere = await ask("/of/fresno", OPERATOR, **{BREAK_GLASS: "incident 7"})
    other = await ask("/content/fresno", Grant("auditor"), **{BREAK_GLASS: "incident 7"})

    assert [each.status_code for each in (without, blank, given, elsewhere, other)] == [
        403,
        403,
        200,
        403,
        403,
    ]
    assert [without.json()["code"], other.json()["code"]] == ["break_glass", "not_granted"]
    assert seen == [Caller("a1", "person", (OPERATOR,), "incident 7")]


async def test_a_case_is_reached_by_its_county_and_by_the_city_that_it_is_routed_to() -> None:
    both = Caller("a1", "person", (OF_CITY, Grant("clerk", "kern")))

    assert both.reaches("fresno", "clovis") and both.reaches("kern") and both.reaches("kern", "bakersfield")
    assert not both.reaches("fresno") and not both.reaches("fresno", "fresno") and not both.reaches(None)
    assert both.counties == {"fresno", "kern"}
    assert Caller("a1", "person", (FRESNO, EVERYWHERE)).counties is None


@pytest.mark.parametrize("word", ["", "wrong", "Word", "word2"])
async def test_a_token_that_is_nobodys_says_nothing_about_the_route(word: str) -> None:
    answers = [
        await ask(path, FRESNO, authorization=f"Bearer {word}")
        for path in ("/of/fresno", "/of/kern", "/case")
    ]

    assert {each.status_code for each in answers} == {401}
    assert len({each.text for each in answers}) == 1


async def test_who_signed_in_too_weakly_is_told_how_to_sign_in_where_that_would_admit_them() -> None:
    account = Account("a1", "person", (), ((FRESNO, frozenset({"mfa"})),))
    app = Application("toy", [toy], accounts=Directory({sha256("word"): account}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://toy") as http:
        answers = [
            await http.get(f"/of/{county}", headers={"authorization": "Bearer word"})
            for county in ("fresno", "kern")
        ]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (403, "weak_sign_in"),
        (403, "not_granted"),
    ]
    assert "sign in again with mfa" in answers[0].json()["detail"]
