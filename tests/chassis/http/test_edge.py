"""What every service answers on HTTP, whatever it does."""

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.chassis.http.edge import not_allowed


async def test_a_wrong_method_is_told_which_are_right() -> None:
    async def records(_: Request) -> Response:
        return PlainTextResponse("")

    app = Starlette(
        routes=[Route("/records", records, methods=["POST"])], exception_handlers={405: not_allowed}
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as http:
        answer = await http.get("/records")

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json()["detail"] == "This path answers POST."
