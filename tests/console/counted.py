"""Statistics as the services show them."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.chassis.http.problems import problem

AT = "2026-11-03T10:00:00Z"


def row(by: str, group: str, outcome: str, count: int | None) -> dict[str, Any]:
    """One count; None: withheld."""
    persons = None if by == "record" else count
    return {
        "by": by, "group": group, "outcome": outcome, "convictions": persons, "persons": count,
        "withheld": count is None,
    }  # fmt: skip


async def judged(request: Request) -> Response:
    """What eligibility counted."""
    rows = [
        row("", "", "", 1400),
        row("", "", "dismissal", 1100),
        row("", "", "needs_review", 300),
        *(row("level", "felony", outcome, count) for outcome, count in (("", 1200), ("dismissal", 1000))),
        row("level", "unknown", "", None),
        row("source", "court", "", 400),
        row("record", "felony", "", 900),
        row("record", "felony", "cleared", 700),
    ]
    county = request.query_params.get("county")
    return JSONResponse(
        {"made_at": AT, "as_of": "2026-11-03", "county": county, "smallest": 11, "rows": rows}
    )


async def relief(request: Request) -> Response:
    """What relief counted."""
    reliefs = [
        row("", "", "", 80),
        row("", "", "dismissed_and_sealed", 60),
        row("challenge", "none", "", 68),
        row("challenge", "sustained", "", 12),
        row("record_to_order", "within a day", "", 60),
    ]
    reviews = [row("", "", "", 30), row("office", "district_attorney", "", 30)]
    county = request.query_params.get("county")
    said = {"made_at": AT, "county": county, "smallest": 11, "reliefs": reliefs, "reviews": reviews}
    return JSONResponse(said)


async def compared(request: Request) -> Response:
    """What eligibility says of another policy."""
    policy = request.query_params.get("policy")
    if policy == "nowhere":
        return problem(422, "unknown_policy", "Unknown policy", "There are statute.")

    def change(under: str, group: str, count: int | None, **facts: str) -> dict[str, Any]:
        row = {
            "table": "changes",
            "policy": under,
            "by": "",
            "group": group,
            "before": "",
            "after": "",
            **facts,
        }
        return {**row, "convictions": None if row["table"] == "records" else count, "persons": count}

    record = {"table": "records", "by": "felony"}
    rows = [
        change("statute", "", 60),
        change("statute", "", 48, before="needs review", after="dismissal"),
        change("statute", "felony", None, by="level"),
        change("", "has", 500, **record),
        change("los-angeles-2020", "no more", 300, **record),
        change("statute", "no more", 320, **record),
    ]
    return JSONResponse({
        "county": "los-angeles", "in_force": "los-angeles-2020", "policies": {"statute": "The least", "x": "Another"},
        "policy": policy, "made_at": AT if policy == "statute" else None, "smallest": 11,
        "rows": rows if policy == "statute" else [],
    })  # fmt: skip
