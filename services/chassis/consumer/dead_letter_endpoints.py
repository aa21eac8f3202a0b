"""The operator's way to work with dead letters: look at them, process them after a fix, discard them with a reason."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.chassis.consumer import dead_letters
from services.chassis.consumer.dead_letter_filter import WrongFilter, is_number, read_filter
from services.chassis.http.edge import operator_only, problem
from services.chassis.http.plain_text import is_plain
from services.chassis.runtime.telemetry import defect
from services.chassis.runtime.work import RawHandler, Transaction, Unprocessable, Work


def routes(transaction: Transaction, handlers: Mapping[str, RawHandler], token: str) -> list[BaseRoute]:
    """``/v1/dead-letters`` of a service; ``handlers`` by consumer, as letters name it."""

    async def listed(request: Request) -> Response:
        try:
            chosen = read_filter(request.query_params)
        except WrongFilter as wrong:
            return problem(422, "wrong_filter", "Wrong filter", str(wrong))
        async with transaction() as work:
            found = await dead_letters.letters(work.db, chosen)
        return JSONResponse({"dead_letters": [_told(one) for one in found]})

    async def shown(request: Request) -> Response:
        async with transaction() as work:
            found = await _asked(request, work)
        if found is None:
            return _none()
        headers, value = dict(found["headers"]), bytes(found["value"]).decode(errors="replace")
        told = _told({**found, "state": found["ended"] or "open", "headers": headers, "value": value})
        return JSONResponse(told, headers={"Cache-Control": "no-store"})  # it may hold personal data

    async def process(request: Request) -> Response:
        """Takes the record through the handler as it is now; what fails again stays open, with today's reason."""
        try:
            async with transaction() as work:
                found = await _asked(request, work, lock=True)
                if found is None:
                    return _none()
                if found["ended"] is not None:
                    return JSONResponse({"status": found["ended"], "before": True})
                handler = handlers.get(found["consumer"])
                if handler is None:
                    return problem(
                        409,
                        "no_consumer",
                        "No such consumer",
                        "The service no longer reads that topic: discard it.",
                    )
                await handler([dead_letters.record_of(found)], work)
                await dead_letters.end(work, found["id"], "processed")
        except Unprocessable as error:
            return JSONResponse({"status": "open", "reason": error.reason, "detail": error.detail})
        except Exception as error:
            return JSONResponse({"status": "open", "reason": "defect", "detail": defect(error)})
        return JSONResponse({"status": "processed"})

    async def discard(request: Request) -> Response:
        try:
            given = await request.json()
            said = [given[name] for name in ("why", "by")] if isinstance(given, dict) else []
        except (ValueError, KeyError, RecursionError):
            said = []
        if not said or not all(is_plain(text) and text.strip() for text in said):
            return problem(422, "no_reason", "No reason", 'Say why and who: {"why": "...", "by": "..."}')
        async with transaction() as work:
            found = await _asked(request, work, lock=True)
            if found is None:
                return _none()
            if found["ended"] is None:
                await dead_letters.end(work, found["id"], "discarded", said[0].strip(), said[1].strip())
        return JSONResponse({"status": found["ended"] or "discarded", "before": found["ended"] is not None})

    top, one = "/v1/dead-letters", "/v1/dead-letters/{number}"
    return [
        Route(top, operator_only(listed, token)),
        Route(one, operator_only(shown, token)),
        Route(f"{one}/process", operator_only(process, token), methods=["POST"]),
        Route(f"{one}/discard", operator_only(discard, token), methods=["POST"]),
    ]


async def _asked(request: Request, work: Work, *, lock: bool = False) -> Mapping[str, Any] | None:
    number = request.path_params["number"]
    return await dead_letters.letter(work.db, int(number), lock=lock) if is_number(number) else None


def _none() -> Response:
    return problem(404, "no_dead_letter", "No such dead letter", "No dead letter has this number.")


def _told(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if name in ("at", "record_at", "ended_at") and value else value
        for name, value in entry.items()
    }
