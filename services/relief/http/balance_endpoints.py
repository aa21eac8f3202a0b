"""The balance of DOJ's list over HTTP: sums of a county, and each conviction a line."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any, NamedTuple

from fastapi import Query as Parameters
from pydantic import BaseModel

from services.chassis.audit.act import audited
from services.chassis.audit.acting import ActingBy
from services.chassis.http.application import router
from services.chassis.http.ndjson import Ndjson
from services.chassis.http.problems import problems
from services.chassis.http.text import OptionalText, Query
from services.chassis.identity.caller import Caller
from services.chassis.identity.guard import Grants, allowed
from services.chassis.identity.row_security import as_caller
from services.chassis.runtime.unit_of_work import Database
from services.relief.http.dependencies import NO_COUNTY, County, Dependencies, Given
from services.relief.lifecycle.balance import PARTS, Became, Stands, became
from services.relief.lifecycle.transitions import State

balance_routes = router()
ROWS_AT_A_TIME = 500
LISTED = """
    SELECT DISTINCT ON (finding ->> 'conviction_id')
        finding -> 'conviction' ->> 'county' AS county,
        coalesce(finding -> 'conviction' -> 'source_case_numbers' ->> 'court',
                 finding -> 'conviction' ->> 'case_number') AS case_number,
        finding -> 'conviction' ->> 'section' AS section, finding -> 'conviction' ->> 'level' AS level,
        finding -> 'conviction' ->> 'conviction_date' AS conviction_date,
        finding -> 'conviction' -> 'counts' AS counts,
        finding ->> 'outcome' AS outcome, finding ->> 'reason' AS reason, finding ->> 'withheld' AS withheld,
        reliefs.state AS relief, reliefs.relief_id, waiting.review_id, waiting.decided, waiting.held_until
    FROM findings
        LEFT JOIN relief_counts USING (count_key) LEFT JOIN reliefs USING (relief_id)
        LEFT JOIN (
            SELECT unnest(counts) AS count_key, review_id, held_until,
                CASE WHEN state = 'decided' THEN prepared ->> 'decision' END AS decided
            FROM reviews WHERE state <> 'closed'
        ) AS waiting USING (count_key)
    WHERE ($1::text IS NULL OR finding -> 'conviction' ->> 'county' = $1)
        AND finding -> 'conviction' ->> 'counts' LIKE '%"doj/%'
    ORDER BY finding ->> 'conviction_id',
        array_position(ARRAY['ordered', 'sustained', 'challenged', 'overruled', 'proposed'], reliefs.state),
        waiting.review_id, subject_id
"""


class Balance(BaseModel):
    """``parts``: how many convictions by part and by why; they add up to ``listed``."""

    county: str
    as_of: date
    listed: int
    parts: dict[str, dict[str, int]]


class OfCounty(Query):
    """Left out: every county."""

    county: OptionalText = None


class Listed(NamedTuple):
    """One conviction of the list, and what became of it."""

    row: Any
    became: Became


@balance_routes.get(
    "/v1/counties/{county}/balance",
    summary="What became of the convictions on DOJ's list (HS 11361.9), in numbers",
    description="A conviction is listed where a DOJ record shows it (I-66).",
    dependencies=[allowed(Grants("records_unit", "district_attorney"))],
    responses=problems(NO_COUNTY),
)
async def show_balance(given: Given, county: County, by: ActingBy) -> Balance:
    today = given.today(county)
    counted: Counter[Became] = Counter()
    async with as_caller(given.transaction, by.caller) as work:
        async for each in listed(work.db, county.county, today):
            counted[each.became] += 1
        await audited(work, by.on(f"balance/{county.county}", "shown"))
    parts = {
        part: {one.why: number for one, number in sorted(counted.items()) if one.part == part}
        for part in PARTS
    }
    return Balance(county=county.county, as_of=today, listed=counted.total(), parts=parts)


@balance_routes.get(
    "/v1/export/balance",
    summary="Each conviction on DOJ's list and what became of it, one JSON object a line",
    dependencies=[allowed(Grants("records_unit", "district_attorney", break_glass=True))],
    response_class=Ndjson,
)
async def export_balance(given: Given, by: ActingBy, asked: Annotated[OfCounty, Parameters()]) -> Ndjson:
    async with given.transaction() as work:
        await audited(work, by.exported("balance", asked.county))
    return Ndjson(_lines(given, by.caller, asked.county))


async def _lines(given: Dependencies, caller: Caller, county: str | None) -> AsyncIterator[str]:
    async with as_caller(given.transaction, caller) as work:
        async for row, (part, why) in listed(work.db, county, given.today(None)):
            shown = {
                "county": row["county"],
                "case_number": row["case_number"],
                "section": row["section"],
                "level": row["level"],
                "conviction_date": row["conviction_date"],
                "part": part,
                "why": why,
                "outcome": row["outcome"],
                "reason": row["reason"],
                "relief_id": str(row["relief_id"]) if row["relief_id"] else None,
                "review_id": str(row["review_id"]) if row["review_id"] else None,
                "counts": row["counts"],
            }
            yield json.dumps(shown) + "\n"


async def listed(db: Database, county: str | None, today: date) -> AsyncIterator[Listed]:
    """Each conviction that a DOJ record shows; ``county`` None: of every county."""
    async for row in db.cursor(LISTED, county, prefetch=ROWS_AT_A_TIME):
        stands = Stands(
            outcome=row["outcome"],
            withheld=row["withheld"],
            relief=State(row["relief"]) if row["relief"] else None,
            decided=row["decided"],
            held=row["held_until"] is not None and row["held_until"] > today,
        )
        yield Listed(row, became(stands))
