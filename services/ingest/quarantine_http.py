"""What the operator does with what was refused: look, try again, export."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from services.chassis.http import operator_only, problem
from services.ingest import store
from services.ingest.batch import record_batch
from services.ingest.doors import Doors
from services.ingest.http import Transaction
from services.ingest.sending import Sending

PAGE = 500


def operator_routes(doors: Doors, transaction: Transaction, operator_token: str) -> list[Route]:
    """The operator's routes, each behind its token."""

    async def entries(request: Request) -> Response:
        text = request.query_params.get("limit", "100")
        if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= 1000:
            return problem(400, "limit", "Wrong limit", "limit is a number from 1 to 1000.")
        county, reason = request.query_params.get("county"), request.query_params.get("reason")
        async with transaction() as work:
            found = await store.quarantined(work.db, county, reason, int(text))
        return JSONResponse({"quarantine": [_json(entry) for entry in found]})

    async def entry(request: Request) -> Response:
        async with transaction() as work:
            found = await store.one(work.db, request.path_params["quarantine_id"])
        return JSONResponse(_json(found)) if found else _none()

    async def resubmit(request: Request) -> Response:
        quarantine_id: UUID = request.path_params["quarantine_id"]
        async with transaction() as work:
            found = await store.one(work.db, quarantine_id, lock=True)
            if found is None:
                return _none()
            if found["status"] == "resubmitted":
                return JSONResponse({"quarantine_id": str(quarantine_id), "status": "resubmitted"})
            if found["county"] not in doors:
                return problem(409, "unknown_county", "Unknown county", "Its county has no door any more.")
            sending = Sending(
                receipt_id=f"resubmitted/{quarantine_id}/{found['attempts'] + 1}",
                county=found["county"],
                headers=found["headers"],
                value=found["raw"],
                resubmitted=quarantine_id,
            )
            (receipt,) = await record_batch([sending], work, doors)
            done = not receipt.quarantine_ids
            await store.tried_again(work.db, quarantine_id, done=done)
        return JSONResponse(
            {
                "quarantine_id": str(quarantine_id),
                "status": "resubmitted" if done else "open",
                "receipt": receipt.model_dump(mode="json"),
            }
        )

    async def lines(county: str | None) -> AsyncIterator[str]:
        after = None
        while True:
            async with transaction() as work:
                page = await store.quarantined(work.db, county, None, PAGE, after)
            yield "".join(json.dumps(_json(found)) + "\n" for found in page)
            if len(page) < PAGE:
                return
            after = page[-1]["quarantined_at"], page[-1]["quarantine_id"]

    async def export(request: Request) -> Response:
        return StreamingResponse(lines(request.query_params.get("county")), media_type="application/x-ndjson")

    async def counts(_: Request) -> Response:
        async with transaction() as work:
            return JSONResponse({"counties": await store.counts(work.db)})

    def route(path: str, endpoint: Any, method: str = "GET") -> Route:
        return Route(path, operator_only(endpoint, operator_token), methods=[method])

    return [
        route("/v1/quarantine", entries),
        route("/v1/quarantine/{quarantine_id:uuid}", entry),
        route("/v1/quarantine/{quarantine_id:uuid}/resubmit", resubmit, "POST"),
        route("/v1/export/quarantine", export),
        route("/v1/counts", counts),
    ]


def _json(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry as JSON; what was sent as text, one character a byte where it is not UTF-8."""
    shown = {**entry, "quarantine_id": str(entry["quarantine_id"])}
    shown["quarantined_at"] = entry["quarantined_at"].isoformat()
    if "raw" in entry:
        try:
            shown["raw"] = entry["raw"].decode()
        except UnicodeDecodeError:
            shown["raw"] = entry["raw"].decode("latin-1")
    return shown


def _none() -> Response:
    return problem(404, "not_found", "Not found", "No such entry: see reliefstream quarantine list.")
