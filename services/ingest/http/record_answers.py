"""What the intake of records answers once it has read the body, and how its OpenAPI document says so."""

from typing import Any

from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from reliefstream_contracts.receipts import Problem, ReceiptIssued
from services.chassis.http.problems import MEDIA_TYPE, ProblemDetails, problem, problems
from services.ingest.http.bodies import CSV, JSON, NDJSON, Limits


class RecordsTaken(BaseModel):
    """What became of each record; anything was recorded or known."""

    received: int
    recorded: int
    repeats: int
    quarantined: int
    receipts: list[ReceiptIssued]


REFUSED = {
    400: "The sender went away before the end of the body.",
    404: "No such county; ``detail`` lists those that there are.",
    408: "The body took too long to come.",
    413: "The body is beyond the limits.",
    415: "The content type, encoding or profile is none that this county sends.",
    422: "Nothing of the body can be recorded; where it holds records, with a receipt for each.",
    429: "Too many of the county's records are in flight: Retry-After says when to send again.",
    503: "Intake is busy: Retry-After says when to come again.",
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "One case, cases as lines, or DOJ's file; a county's own feed in a type of its own.",
        "content": {
            JSON: {"schema": {"type": "object"}},
            NDJSON: {"schema": {"type": "string"}},
            CSV: {"schema": {"type": "string"}},
        },
    }
}


def answers() -> dict[int | str, dict[str, Any]]:
    """The answers of the route, as FastAPI's ``responses`` takes them."""
    retry = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    said = problems(REFUSED)
    for status in (429, 503):
        said[status]["headers"] = retry
    return said


def taken(receipts: list[ReceiptIssued]) -> Response:
    """200 when anything was recorded or known; 422 when everything was refused."""
    statuses = [receipt.status for receipt in receipts]
    quarantined = statuses.count("quarantined")
    body = {
        "received": len(receipts),
        "recorded": statuses.count("recorded"),
        "repeats": statuses.count("repeat"),
        "quarantined": quarantined,
        "receipts": [receipt.to_dict() for receipt in receipts],
    }
    if quarantined < len(receipts):
        return JSONResponse(body)  # as it is: FastAPI would check each receipt once more
    first = receipts[0].problems[0]
    details = ProblemDetails(
        type="urn:reliefstream:problem:all_refused",
        title="Every record was refused",
        status=422,
        detail=f"{first.where}: {first.what}; {first.remedy}. Each receipt says why.",
        code=first.code,
    )
    return JSONResponse({**details.model_dump(), **body}, 422, media_type=MEDIA_TYPE)


def refused(found: Problem) -> Response:
    """Of the whole body."""
    return problem(422, found.code, "Body refused", f"{found.where}: {found.what}; {found.remedy}.")


def too_large(code: str, what: str, limits: Limits) -> Response:
    """What the body has too much of, and what to do."""
    return problem(
        413,
        code,
        "Body too large",
        f"The body has {what}. A body has at most {limits.size:,} bytes, {limits.lines:,} lines and "
        f"{limits.records:,} cases or persons. Send larger files with: reliefstream submit",
    )
