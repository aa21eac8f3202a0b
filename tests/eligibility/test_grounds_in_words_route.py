"""Whoever shows a review asks for its grounds in words: the law's own, whoever asks."""

import httpx

from services.chassis.http.application import Application
from services.chassis.identity.caller import Grant
from services.chassis.identity.directory import Account, Directory, sha256
from services.eligibility.endpoints import eligibility

ACCOUNT = Account("person-1", "person", (Grant("city_attorney", "los-angeles", "Torrance"),))


async def test_grounds_come_back_as_clauses_in_their_order() -> None:
    grounds = [
        {"rule": "level", "citation": "HS 11361.8", "finding": "unknown", "facts": {}},
        {
            "rule": "earlier_super_strike",
            "citation": "PC 667(e)(2)(C)(iv)",
            "finding": "met",
            "facts": {"section": "PC 187(a)", "conviction_date": "1999-04-02"},
        },
    ]
    service = Application("eligibility", [eligibility], accounts=Directory({sha256("t"): ACCOUNT}))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(service), base_url="http://e", headers={"Authorization": "Bearer t"}
    ) as http:
        answer = await http.post("/v1/grounds-in-words", json={"grounds": grounds})
    assert answer.status_code == 200, answer.text
    unknown, met = answer.json()["clauses"]
    assert unknown.startswith("it is not known whether it is a")
    assert met == "an earlier conviction, PC 187(a) of April 2, 1999, is a super strike"
