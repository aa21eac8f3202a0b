"""Entries of the ledger as an office works through them: pages, how many there are, one with what people did."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.identifiers import DiscrepancyId
from services.chassis.runtime.unit_of_work import Database, Work
from services.reconciliation.referrals.store import OPEN

PUT_OFF = """(SELECT until FROM discrepancy_acts AS act WHERE act.discrepancy_id = discrepancies.discrepancy_id
              ORDER BY at DESC LIMIT 1)"""
"""The day on which an entry that was put off waits again; null: it was not put off."""


class Which(NamedTuple):
    """None: any. ``put_off``: until a day after ``today``."""

    county: str
    today: date
    kind: str | None = None
    owner: str | None = None
    put_off: bool | None = None

    def sql(self) -> tuple[str, list[Any]]:
        """A condition on ``discrepancies`` and its values."""
        given: list[Any] = [self.county]
        parts = ["open", "county = $1"]
        for name in ("kind", "owner"):
            if (value := getattr(self, name)) is not None:
                given.append(value)
                parts.append(f"{name} = ${len(given)}")
        if self.put_off is not None:
            given.append(self.today)
            later = f"coalesce({PUT_OFF} > ${len(given)}, false)"
            parts.append(later if self.put_off else f"NOT {later}")
        return " AND ".join(parts), given


class Entry(NamedTuple):
    """One entry. ``put_off_until``: None, or the day on which it waits again."""

    event: DiscrepancyChanged
    first_seen: datetime
    put_off_until: date | None


async def page(db: Database, asked: Which, after: tuple[datetime, UUID] | None, limit: int) -> list[Entry]:
    """Open entries, the oldest first, behind ``after``."""
    where, given = asked.sql()
    if after:
        given += after
        where += f" AND (first_seen, discrepancy_id) > (${len(given) - 1}, ${len(given)})"
    given.append(limit)
    rows = await db.fetch(
        f"""SELECT event, first_seen, {PUT_OFF} AS until FROM discrepancies WHERE {where}
            ORDER BY first_seen, discrepancy_id LIMIT ${len(given)}""",  # noqa: S608
        *given,
    )
    return [_entry(row) for row in rows]


async def counts(db: Database, asked: Which) -> dict[str, dict[str, int]]:
    """How many are open by kind and by owner, each as if its own filter was not set, and ``total`` of all filters."""
    found: dict[str, dict[str, int]] = {}
    for name, others in (("kind", asked._replace(kind=None)), ("owner", asked._replace(owner=None))):
        where, given = others.sql()
        rows = await db.fetch(
            f"SELECT {name} AS value, count(*)::int AS number FROM discrepancies WHERE {where} GROUP BY 1",  # noqa: S608
            *given,
        )
        found[name] = {row["value"]: row["number"] for row in sorted(rows, key=lambda row: row["value"])}
    where, given = asked.sql()
    total = await db.fetchval(f"SELECT count(*)::int FROM discrepancies WHERE {where}", *given)  # noqa: S608
    return {**found, "total": {"number": total}}


async def summary(db: Database, today: date, since: datetime) -> list[dict[str, Any]]:
    """Of each county what is open and new in the ledger, and persons whom groups named that wait for an answer."""
    rows = await db.fetch(
        f"""SELECT county, coalesce(open, 0) AS open, coalesce(new, 0) AS new,
                   coalesce(referrals, 0) AS referrals, coalesce(overdue, 0) AS referrals_overdue
            FROM (SELECT county, count(*)::int AS open, (count(*) FILTER (WHERE first_seen >= $2))::int AS new
                  FROM discrepancies WHERE open GROUP BY county) AS ledger
            FULL JOIN (SELECT county, count(*)::int AS referrals,
                              (count(*) FILTER (WHERE due_on < $1))::int AS overdue
                       FROM referral_lines WHERE {OPEN} GROUP BY county) AS named USING (county)
            ORDER BY county""",  # noqa: S608 - a condition of our own
        today,
        since,
    )
    return [dict(row) for row in rows]


async def one(db: Database, discrepancy_id: UUID, *, lock: bool = False) -> Entry | None:
    """The entry, open or resolved; None: there is none that may be seen."""
    row = await db.fetchrow(
        f"SELECT event, first_seen, {PUT_OFF} AS until FROM discrepancies WHERE discrepancy_id = $1"  # noqa: S608
        + (" FOR UPDATE" if lock else ""),
        discrepancy_id,
    )
    return _entry(row) if row else None


async def acts(db: Database, discrepancy_id: UUID) -> list[dict[str, Any]]:
    """What people did with an entry, in order."""
    rows = await db.fetch(
        "SELECT at, act, account, reason, until FROM discrepancy_acts WHERE discrepancy_id = $1 ORDER BY at",
        discrepancy_id,
    )
    return [dict(row) for row in rows]


async def record(
    work: Work, entry: DiscrepancyId, act: str, account: str, *, reason: str, until: date | None = None
) -> None:
    """Keeps what a person did."""
    await work.db.execute(
        """INSERT INTO discrepancy_acts (discrepancy_id, at, act, account, reason, until)
           VALUES ($1, clock_timestamp(), $2, $3, $4, $5)""",
        entry,
        act,
        account,
        reason,
        until,
    )


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(DiscrepancyChanged.from_json(row["event"]), row["first_seen"], row["until"])
