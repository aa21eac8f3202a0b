"""One act that stops all ordering in a county, and one that lets it go on."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from reliefstream_contracts.identifiers import CountyName
from services.chassis.runtime.unit_of_work import Work
from services.relief.orders.standing_orders import LOCK


class Halt(NamedTuple):
    """Since when nothing is ordered in the county, by which account, and why."""

    at: datetime
    by_account: str
    reason: str


async def halted(work: Work, county: CountyName) -> Halt | None:
    """None: ordering goes on."""
    row = await work.db.fetchrow(
        "SELECT at, by_account, reason FROM ordering_halts WHERE county = $1", county
    )
    return Halt(*row) if row else None


async def halted_among(work: Work, counties: Iterable[str]) -> set[str]:
    """Those of the counties in which nothing is to be ordered; none is halted before the commit.

    To be asked when all rows that the caller may wait for are locked, as ``in_force``.
    """
    asked = sorted(set(counties))
    await work.db.execute(
        f"SELECT pg_advisory_xact_lock_shared({LOCK}) FROM unnest($1::text[]) AS county",  # noqa: S608
        asked,
    )
    rows = await work.db.fetch("SELECT county FROM ordering_halts WHERE county = ANY ($1)", asked)
    return {row["county"] for row in rows}


async def halt(work: Work, county: CountyName, account: str, reason: str) -> Halt:
    """Nothing is ordered in the county after this commits; a halt before it stays as it is."""
    await _wait_for_orders(work, county)
    await work.db.execute(
        "INSERT INTO ordering_halts VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        county,
        work.now,
        account,
        reason,
    )
    found = await halted(work, county)
    return found or Halt(work.now, account, reason)


async def resume(work: Work, county: CountyName) -> bool:
    """Lets ordering go on; False when it was not halted."""
    await _wait_for_orders(work, county)
    done: str = await work.db.execute("DELETE FROM ordering_halts WHERE county = $1", county)
    return done != "DELETE 0"


async def _wait_for_orders(work: Work, county: CountyName) -> None:
    await work.db.execute(
        f"SELECT pg_advisory_xact_lock({LOCK}) FROM (SELECT $1::text AS county)",  # noqa: S608
        county,
    )
