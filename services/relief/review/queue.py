"""The queue of reviews that wait: pages in the order of their due days, and how many there are by each filter."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from services.chassis.runtime.work import Database
from services.relief.review.case import Review
from services.relief.review.store import review_of

FACETS = ("office", "city", "reason", "section", "court", "question", "state")
ROWS_AT_A_TIME = 500


class Filter(NamedTuple):
    """None: any. ``cities``: only what these cities' attorneys have. ``today``: the day in the county."""

    county: str
    today: date
    cities: Sequence[str] | None = None
    city: str | None = None
    office: str | None = None
    reason: str | None = None
    question: str | None = None
    section: str | None = None
    court: str | None = None
    state: str | None = None
    held: bool | None = None
    claimed: bool | None = None
    claimed_by: str | None = None
    due_by: date | None = None

    def sql(self) -> tuple[str, list[Any]]:
        """A condition on ``reviews`` and its values; only the filters that are given stand in it."""
        given: list[Any] = [self.county]
        parts = ["in_county = $1", "state IN ('open', 'prepared')"]

        def add(condition: str, value: Any) -> None:
            if value is not None:
                given.append(value)
                parts.append(condition.format(f"${len(given)}"))

        add("office = 'city_attorney' AND city = ANY ({}::text[])", self.cities)
        add("city = {}", self.city)
        add("office = {}", self.office)
        add("reason = {}", self.reason)
        add("questions @> ARRAY[{}::text]", self.question)
        add("section = {}", self.section)
        add("court = {}", self.court)
        add("state = {}", self.state)
        add("(coalesce(held_until, '-infinity') > {})", self.today if self.held else None)
        add("(coalesce(held_until, '-infinity') <= {})", self.today if self.held is False else None)
        add("claimed_by = {}", self.claimed_by)
        add("due_on <= {}", self.due_by)
        if self.claimed is not None:
            parts.append("claimed_by IS NOT NULL" if self.claimed else "claimed_by IS NULL")
        return " AND ".join(parts), given


async def page(db: Database, asked: Filter, after: tuple[date, UUID] | None, limit: int) -> list[Review]:
    """Those that wait, the first due first, behind ``after``."""
    where, given = asked.sql()
    if after:
        given += after
        where += f" AND (due_on, review_id) > (${len(given) - 1}, ${len(given)})"
    given.append(limit)
    rows = await db.fetch(
        f"SELECT * FROM reviews WHERE {where} ORDER BY due_on, review_id LIMIT ${len(given)}",  # noqa: S608
        *given,
    )
    return [review_of(row) for row in rows]


async def counts(db: Database, asked: Filter) -> dict[str, dict[str, int]]:
    """How many wait, by each value of each filter, and how many are held, claimed and overdue."""
    where, given = asked.sql()
    plain = [facet for facet in FACETS if facet != "question"]
    sets = ", ".join(f"({facet})" for facet in plain)
    given.append(asked.today)
    today = f"${len(given)}::date"
    rows = await db.fetch(
        f"""SELECT {", ".join(plain)}, grouping({", ".join(plain)}) AS grouped, count(*) AS number,
                count(*) FILTER (WHERE held_until > {today}) AS held, count(claimed_by) AS claimed,
                count(*) FILTER (WHERE due_on < {today}) AS overdue
            FROM reviews WHERE {where} GROUP BY GROUPING SETS ((), {sets})""",  # noqa: S608
        *given,
    )
    found: dict[str, dict[str, int]] = {facet: {} for facet in (*FACETS, "total")}
    for row in rows:
        places = [place for place in range(len(plain)) if not row["grouped"] >> (len(plain) - 1 - place) & 1]
        if not places:
            found["total"] = {name: row[name] for name in ("number", "held", "claimed", "overdue")}
        elif (value := row[plain[places[0]]]) is not None:
            found[plain[places[0]]][value] = row["number"]
    asking = await db.fetch(
        f"""SELECT question, count(*) AS number FROM reviews, unnest(questions) AS question
            WHERE {where} GROUP BY 1""",  # noqa: S608
        *given[:-1],
    )
    found["question"] = {row["question"]: row["number"] for row in asking}
    return {facet: dict(sorted(each.items())) for facet, each in found.items()}


async def every(db: Database, asked: Filter) -> AsyncIterator[Review]:
    """All that wait, the first due first, a few hundred at a time."""
    where, given = asked.sql()
    query = f"SELECT * FROM reviews WHERE {where} ORDER BY due_on, review_id"  # noqa: S608
    async for row in db.cursor(query, *given, prefetch=ROWS_AT_A_TIME):
        yield review_of(row)


async def first_free(db: Database, asked: Filter) -> Review | None:
    """The first due that nobody has claimed and nobody holds, locked; those that others lock are passed over."""
    where, given = asked._replace(held=False, claimed=False).sql()
    row = await db.fetchrow(
        f"""SELECT * FROM reviews WHERE {where} ORDER BY due_on, review_id LIMIT 1
            FOR UPDATE SKIP LOCKED""",  # noqa: S608
        *given,
    )
    return review_of(row) if row else None
