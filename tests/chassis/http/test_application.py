"""What every service answers on HTTP, whatever it does."""

import json
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Query
from pydantic import Field

from services.chassis.http.application import Application, router
from services.chassis.http.problems import Refusal
from services.chassis.http.route import Undeclared
from services.chassis.http.text import Body, Day, Line, PlainText
from services.chassis.http.text import Query as Parameters
from services.chassis.identity.directory import shared_tokens
from services.chassis.identity.guard import OPERATOR, PUBLIC

toy = router()
SENTINEL = "Zaphod-1952-03-11"
"""Stands for a person's data; no answer may repeat it."""


class Order(Body):
    number: Annotated[Line, Field(max_length=60)]
    on: Day
    notes: Annotated[tuple[PlainText, ...], Field(max_length=3)] = ()


class Chosen(Parameters):
    county: PlainText | None = None
    limit: int = 10


@toy.post("/v1/orders/{number}", summary="Enter", dependencies=[OPERATOR])
async def enter(number: int, order: Order) -> Order:
    return order


@toy.get("/v1/orders", summary="List", dependencies=[OPERATOR])
async def listed(chosen: Annotated[Chosen, Query()]) -> Chosen:
    return chosen


@toy.delete("/v1/orders", summary="Delete", dependencies=[OPERATOR], status_code=204)
async def delete() -> None:
    return None


@toy.get("/v1/defect", summary="Fail", dependencies=[PUBLIC])
async def defect() -> None:
    raise ValueError(SENTINEL)


@toy.get("/v1/refusal", summary="Refuse", dependencies=[PUBLIC])
async def refusal() -> None:
    raise Refusal(409, "not_now", "Not now", "Come again tomorrow.")


def client(*routers: APIRouter) -> httpx.AsyncClient:
    app = Application("toy", routers or [toy], accounts=shared_tokens("secret"))
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False),
        base_url="http://toy",
        headers={"authorization": "Bearer secret"},
    )


async def ask(method: str, path: str, **given: Any) -> httpx.Response:
    async with client() as http:
        return await http.request(method, path, **given)


async def test_a_wrong_method_is_told_which_are_right() -> None:
    answer = await ask("GET", "/v1/orders/1")

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json()["detail"] == "This path answers POST."
    assert (await ask("PUT", "/v1/orders")).headers["allow"] == "DELETE, GET"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"on": SENTINEL, "number": "1"}, "on: should be a day of the calendar: YYYY-MM-DD"),
        ({"on": 0, "number": "1"}, "on: should be a day"),
        ({"on": "2026-02-30", "number": "1"}, "on: should be a day"),
        ({"on": "2026-01-05"}, "number: is missing"),
        ({"on": "2026-01-05", "number": f"{SENTINEL}\n"[:-1] + "\x01"}, "number: has a line break"),
        ({"on": "2026-01-05", "number": "1", SENTINEL: 1}, "body: is not known here"),
        ({"on": "2026-01-05", "number": "1", "notes": [SENTINEL + "\0"]}, "notes.0: has a NUL"),
        ({"on": "2026-01-05", "number": "1", "notes": SENTINEL}, "notes: should be a list"),
        ({"on": "2026-01-05", "number": SENTINEL * 20}, "number: should have at most 60 characters."),
        ({"on": "2026-01-05", "number": ""}, "number: should not be empty."),
        ({"on": "2026-01-05", "number": 1}, "number: should be a text."),
        (
            {"on": "2026-01-05", "number": "1", "notes": [SENTINEL] * 4},
            "notes: should have at most 3 entries.",
        ),
        (SENTINEL, "body: should be a JSON object"),
        ([SENTINEL], "body: should be a JSON object"),
    ],
)
async def test_what_does_not_fit_is_named_by_its_field_and_never_repeated(body: object, field: str) -> None:
    answer = await ask("POST", "/v1/orders/1", content=json.dumps(body))

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_body")
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in answer.json()["detail"]
    assert SENTINEL not in answer.text


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"{",
        b"\xff",
        b"[" * 10_000,
        b'{"on": ' + b"9" * 5_000 + b"}",
        rb'{"number": "\ud800", "on": "2026-01-05"}',
        b'{"number": "' + SENTINEL.encode(),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(sent: bytes) -> None:
    answer = await ask("POST", "/v1/orders/1", content=sent)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_body")
    assert SENTINEL not in answer.text


async def test_a_body_of_another_type_is_told_which_is_right() -> None:
    given = {"content-type": "text/plain"}
    answer = await ask("POST", "/v1/orders/1", content=b'{"number": "1"}', headers=given)

    assert answer.status_code == 422
    assert "application/json" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (f"limit={SENTINEL}", "invalid_query"),
        (f"{SENTINEL}=1", "invalid_query"),
        ("county=%00", "nul_in_query"),
    ],
)
async def test_a_query_that_does_not_fit_is_refused(query: str, code: str) -> None:
    answer = await ask("GET", f"/v1/orders?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert SENTINEL not in answer.text


async def test_a_defect_is_told_without_its_text() -> None:
    answer = await ask("GET", "/v1/defect")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert SENTINEL not in answer.text


async def test_a_refusal_is_answered_as_it_was_raised() -> None:
    answer = await ask("GET", "/v1/refusal")

    assert answer.json() == {
        "type": "urn:reliefstream:problem:not_now",
        "title": "Not now",
        "status": 409,
        "detail": "Come again tomorrow.",
        "code": "not_now",
    }


async def test_nothing_of_a_body_is_read_before_its_sender_is_known() -> None:
    async def never() -> Any:
        raise AssertionError("the body was read")
        yield b""

    for header, status in (("", 401), ("Basic secret", 401), ("Bearer ", 401), ("Bearer wrong", 401)):
        answer = await ask("POST", "/v1/orders/1", content=never(), headers={"authorization": header})
        assert (answer.status_code, "www-authenticate" in answer.headers) == (status, status == 401)


async def test_a_body_that_is_too_large_is_not_read_to_its_end() -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b" " * 10_000
        raise AssertionError("read to its end")

    declared = await ask("POST", "/v1/orders/1", content=b" " * 100_000)
    assert [(await ask("POST", "/v1/orders/1", content=endless())).status_code, declared.status_code] == [
        413,
        413,
    ]
    assert declared.headers["content-type"] == "application/problem+json"


def test_a_route_that_does_not_say_who_may_call_it_does_not_start() -> None:
    with pytest.raises(Undeclared, match="/v1/open"):
        router().add_api_route("/v1/open", defect)
    plain = APIRouter()
    plain.add_api_route("/v1/open", defect, dependencies=[OPERATOR])
    with pytest.raises(Undeclared, match="/v1/open"):
        Application("toy", [plain])


async def test_what_only_some_may_read_is_stored_nowhere_on_its_way() -> None:
    assert (await ask("GET", "/v1/orders")).headers["cache-control"] == "no-store"
    assert "cache-control" not in (await ask("GET", "/openapi.json")).headers


async def test_the_api_document_is_served_to_everyone() -> None:
    async with client() as http:
        answer = await http.get("/openapi.json", headers={"authorization": ""})
    document = answer.json()
    assert document["openapi"].startswith("3.1")
    entering = document["paths"]["/v1/orders/{number}"]["post"]
    assert set(entering["responses"]) == {"200", "401", "403", "404", "408", "413", "422", "429", "503"}
    assert set(entering["responses"]["422"]["content"]) == {"application/problem+json"}
