"""Lists and counts of reliefs, for decisions and reports."""

from collections.abc import AsyncIterator
from typing import Any, Literal
from uuid import UUID

from reliefstream_contracts.county_file import CountyFile
from reliefstream_contracts.identifiers import SubjectId
from services.chassis.runtime.unit_of_work import Database
from services.county_folders import Counties
from services.relief.lifecycle.current_subject import LEADS, PERSON_OF_RELIEF
from services.relief.lifecycle.transitions import WAITING, Relief
from services.relief.store import relief_of

ROWS_AT_A_TIME = 500

Characteristic = Literal["kind", "level", "race", "sex"]
CHARACTERISTICS: dict[Characteristic, str] = {
    "kind": "kind",
    "level": "conviction ->> 'level'",
    "race": "conviction ->> 'race'",
    "sex": "conviction ->> 'sex'",
}


async def waiting(db: Database, county: CountyFile) -> dict[str, Any]:
    """How many proposals wait for an order in the county, and why; the reason is None when none waits."""
    number: int = await db.fetchval(
        "SELECT count(*) FROM reliefs WHERE county = $1 AND state = ANY ($2)", county.county, list(WAITING)
    )
    confirmed: bool | None = await db.fetchval(
        "SELECT confirmed_at IS NOT NULL FROM standing_orders WHERE county = $1 AND ended_at IS NULL",
        county.county,
    )
    why = (
        "order mode is batch: propose an order, and enter and confirm it when the court has made it"
        if county.order_mode == "batch"
        else "they are being ordered under the standing order"
        if confirmed
        else "the standing order waits for another clerk: reliefstream order confirm"
        if confirmed is False
        else "order mode is standing and no standing order is in force: enter one"
    )
    return {"waiting": number, "why": why if number else None}


async def listed(
    db: Database,
    *,
    county: str | None,
    state: str | None,
    after: UUID | None,
    limit: int,
    city: str | None = None,
    case_number: str | None = None,
    count: str | None = None,
) -> list[Relief]:
    """Reliefs by id, those above ``after``; None does not filter."""
    rows = await db.fetch(
        """SELECT * FROM reliefs
           WHERE ($1::text IS NULL OR county = $1) AND ($2::text IS NULL OR state = $2)
             AND ($3::text IS NULL OR case_number = $3) AND ($4::uuid IS NULL OR relief_id > $4)
             AND ($6::text IS NULL OR relief_id = (SELECT relief_id FROM relief_counts WHERE count_key = $6))
             AND ($7::text IS NULL OR city = $7)
           ORDER BY relief_id LIMIT $5""",
        county,
        state,
        case_number,
        after,
        limit,
        count,
        city,
    )
    return [relief_of(row) for row in rows]


async def subject(db: Database, subject_id: SubjectId) -> dict[str, Any] | None:
    """The last snapshot of a subject, and the reliefs on its counts; None for an unknown subject."""
    row = await db.fetchrow("SELECT * FROM subjects WHERE subject_id = $1", subject_id)
    if row is None:
        return None
    found = await db.fetch(
        "SELECT DISTINCT ON (conviction_id) finding FROM findings WHERE subject_id = $1 ORDER BY conviction_id",
        subject_id,
    )
    reliefs = await db.fetch(
        """SELECT * FROM reliefs WHERE relief_id IN (
               SELECT relief_id FROM relief_counts JOIN findings USING (count_key) WHERE subject_id = $1)
           ORDER BY relief_id""",
        subject_id,
    )
    return {
        "subject_id": str(subject_id),
        "version": row["version"],
        "retired_into": str(row["retired_into"]) if row["retired_into"] else None,
        "findings": [each["finding"] for each in found],
        "reliefs": [relief_of(each).to_dict() for each in reliefs],
    }


async def counts(db: Database, counties: Counties) -> dict[str, dict[str, Any]]:
    """By county: what waits and why, and by state the convictions, persons and earliest conviction date.

    Each conviction counts once, also when relieved twice. A person is counted under the current subject id; one with
    relief in two states is counted in both. ``set_aside``: what a job could not order because of a defect.
    """
    found: dict[str, dict[str, Any]] = {
        name: {"order_mode": county.order_mode, **await waiting(db, county)}
        for name, county in counties.items()
    }
    totals = await db.fetch(
        f"""WITH {PERSON_OF_RELIEF}
            SELECT county, state, count(*) FILTER (WHERE {LEADS}) AS convictions,
                count(DISTINCT person) FILTER (WHERE {LEADS}) AS persons,
                min(conviction ->> 'conviction_date') FILTER (WHERE {LEADS}) AS earliest_conviction,
                count(acknowledged_by_court_at) FILTER (WHERE {LEADS}) AS acknowledged_by_court,
                count(acknowledged_by_doj_at) FILTER (WHERE {LEADS}) AS acknowledged_by_doj,
                count(*) FILTER (WHERE discrepancy_open) AS open_discrepancies
            FROM reliefs JOIN persons USING (relief_id) GROUP BY 1, 2 ORDER BY 1, 2"""  # noqa: S608
    )
    for county, state, *numbers in totals:
        names = list(totals[0].keys())[2:]
        kept = {name: each for name, each in zip(names, numbers, strict=True) if each}
        if kept:
            found.setdefault(county, {})[state] = kept
    withheld = await db.fetch(
        """SELECT finding -> 'conviction' ->> 'county' AS county, finding ->> 'withheld' AS withheld,
               count(DISTINCT conviction_id) AS convictions
           FROM findings WHERE finding ->> 'withheld' IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"""
    )
    for county, why, number in withheld:
        found.setdefault(county, {}).setdefault("withheld", {})[why] = number
    aside = await db.fetch(
        """SELECT county, count(*) FROM set_aside JOIN reliefs USING (relief_id)
           WHERE state = ANY ($1) GROUP BY 1 ORDER BY 1""",
        list(WAITING),
    )
    for county, number in aside:
        found.setdefault(county, {})["set_aside"] = number
    return found


async def groups(db: Database, *by: Characteristic) -> list[dict[str, Any]]:
    """Convictions and persons by county, state and these characteristics; for the operator: not suppressed.

    Each conviction counts once. A person counts once in each line, so persons of lines do not add up where a
    person can be in several.
    """
    described = "".join(f", {CHARACTERISTICS[each]} AS {each}" for each in by)
    places = ", ".join(str(number) for number in range(1, 3 + len(by)))
    rows = await db.fetch(
        f"""WITH {PERSON_OF_RELIEF}
            SELECT county, state{described}, count(*) AS convictions, count(DISTINCT person) AS persons
            FROM reliefs JOIN persons USING (relief_id)
            WHERE {LEADS} GROUP BY {places} ORDER BY {places}"""  # noqa: S608 - expressions of our own
    )
    return [dict(row) for row in rows]


async def exported(db: Database, county: str | None, city: str | None) -> AsyncIterator[dict[str, Any]]:
    """Every relief (of a county and city, if given) by id, one line each, without the person's sex and race."""
    query = """SELECT * FROM reliefs WHERE ($1::text IS NULL OR county = $1) AND ($2::text IS NULL OR city = $2)
               ORDER BY relief_id"""
    async for row in db.cursor(query, county, city, prefetch=ROWS_AT_A_TIME):
        relief = relief_of(row)
        known, order = relief.conviction, relief.court_order
        yield {
            "relief_id": str(relief.relief_id),
            "county": known.county,
            "city": known.city,
            "case_number": row["case_number"],
            "court": known.court,
            "code_section": known.section,
            "level": known.level,
            "conviction_date": known.conviction_date,
            "relief": relief.kind,
            "redesignated_to": relief.redesignated_to,
            "state": relief.state,
            "reason": relief.reason,
            "policy": relief.policy,
            "rests_on": relief.rests_on,
            "obstacle": relief.obstacle,
            "subject_id": str(known.subject_id),
            "counts": list(known.counts),
            "proposed_at": relief.proposed_at,
            "challenged_at": relief.challenge.at if relief.challenge else None,
            "challenge_reason_code": relief.challenge.reason_code if relief.challenge else None,
            "challenge_after_window": relief.challenge.after_window if relief.challenge else None,
            "challenge_ruling": relief.challenge.ruling if relief.challenge else None,
            "order_number": order.number if order else None,
            "order_date": order.on if order else None,
            "judge": order.judge if order else None,
            "standing": order.standing if order else None,
            "ordered_at": relief.ordered_at,
            "acknowledged_by_court_at": relief.acknowledged_by_court_at,
            "acknowledged_by_doj_at": relief.acknowledged_by_doj_at,
            "discrepancy_open": relief.discrepancy_open,
        }
