"""The queue of reviews that wait: pages in an order, how many by each filter, and who has how much of it."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from urllib.parse import quote, unquote
from uuid import UUID

from reliefstream_contracts.county_file import CALIFORNIA_TIME
from services.chassis.runtime.unit_of_work import Database
from services.relief.review.review import Review
from services.relief.review.store import review_of

PLAIN = ("office", "city", "reason", "section", "court", "state")
"""What is counted beside the questions."""
ROWS_AT_A_TIME = 500
Sort = Literal["due", "age", "section", "court"]
Place = tuple[Any, ...]
"""Where a page ends, in its order; the last part is the review's id."""


class Order(NamedTuple):
    """An order of the queue. ``by``: expressions of an index; ``read``: each part of a place from its text."""

    by: tuple[str, ...]
    read: tuple[Callable[[str], Any], ...]


SORTS: Mapping[Sort, Order] = {
    "due": Order(("due_on", "review_id"), (date.fromisoformat, UUID)),
    "age": Order(("opened_at", "review_id"), (datetime.fromisoformat, UUID)),
    "section": Order(("section", "due_on", "review_id"), (str, date.fromisoformat, UUID)),
    "court": Order(("coalesce(court, '')", "due_on", "review_id"), (str, date.fromisoformat, UUID)),
}
"""The first due first; the longest waiting; by section or court, each with its first due first."""


def place_of(review: Review, sort: Sort) -> str:
    """The place of a review in that order, as text."""
    parts = {
        "due": (review.due_on,),
        "age": (review.opened_at.isoformat(),),
        "section": (review.section, review.due_on),
        "court": (review.court or "", review.due_on),
    }[sort]
    return "/".join(quote(str(part), safe="") for part in (*parts, review.review_id))


def place_in(text: str, sort: Sort) -> Place:
    """The place that a text says. Raises ValueError for any other text."""
    parts = text.split("/")
    read = SORTS[sort].read
    if len(parts) != len(read):
        raise ValueError("another order's place")
    found = tuple(one(unquote(part)) for one, part in zip(read, parts, strict=True))
    if any(isinstance(part, datetime) and part.tzinfo is None for part in found):
        raise ValueError("a moment without an offset")
    return found


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
    opened_by: date | None = None

    def sql(self) -> tuple[str, list[Any]]:
        """A condition on ``reviews`` and its values; only the filters that are given stand in it."""
        given: list[Any] = [self.county]
        parts = ["in_county = $1", "state IN ('open', 'prepared')"]

        def add(condition: str, value: Any) -> None:
            if value is not None:
                given.append(value)
                parts.append(condition.format(f"${len(given)}"))

        add("office = 'city_attorney' AND city = ANY ({}::text[])", self.cities)
        add("office = 'city_attorney' AND city = {}", self.city)
        add("office = {}", self.office)
        add("reason = {}", self.reason)
        asking = "SELECT review_id FROM review_questions WHERE in_county = $1 AND question = {}"
        add(f"review_id IN ({asking})", self.question)
        add("section = {}", self.section)
        add("court = {}", self.court)
        add("state = {}", self.state)
        add("held_until > {}", self.today if self.held else None)
        add("(coalesce(held_until, '-infinity') <= {})", self.today if self.held is False else None)
        add("claimed_by = {}", self.claimed_by)
        add("due_on <= {}", self.due_by)
        add(f"(opened_at AT TIME ZONE '{CALIFORNIA_TIME}')::date <= {{}}", self.opened_by)
        if self.claimed is not None:
            parts.append("claimed_by IS NOT NULL" if self.claimed else "claimed_by IS NULL")
        return " AND ".join(parts), given


async def page(
    db: Database, asked: Filter, after: Place | None, limit: int, sort: Sort = "due"
) -> list[Review]:
    """Those that wait, in that order, behind ``after``."""
    where, given = asked.sql()
    by = ", ".join(SORTS[sort].by)
    if after:
        places = ", ".join(f"${len(given) + at}" for at in range(1, len(after) + 1))
        given += after
        where += f" AND ({by}) > ({places})"
    given.append(limit)
    rows = await db.fetch(
        f"SELECT * FROM reviews WHERE {where} ORDER BY {by} LIMIT ${len(given)}",  # noqa: S608
        *given,
    )
    return [review_of(row) for row in rows]


async def counts(db: Database, asked: Filter) -> dict[str, dict[str, int]]:
    """How many wait, by each value of each filter, and how many are held, claimed and overdue. In a transaction."""
    # The index has all that is asked for, in the order of its groups; the default, for disks that turn, would rather
    # read every review whole.
    await db.execute("SET LOCAL random_page_cost = 1.1")
    where, given = asked.sql()
    given.append(asked.today)
    today = f"${len(given)}::date"
    sets = ", ".join(f"({facet})" for facet in PLAIN)
    rows = await db.fetch(
        f"""WITH alike AS MATERIALIZED (
                SELECT {_any(*PLAIN, "questions")}, count(*) AS number,
                    count(*) FILTER (WHERE held_until > {today}) AS held, count(claimed_by) AS claimed,
                    count(*) FILTER (WHERE due_on < {today}) AS overdue
                FROM reviews WHERE {where} GROUP BY alike)
            SELECT {", ".join(PLAIN)}, NULL AS question, grouping({", ".join(PLAIN)}) AS grouped,
                sum(number)::int AS number, sum(held)::int AS held, sum(claimed)::int AS claimed,
                sum(overdue)::int AS overdue
            FROM alike GROUP BY GROUPING SETS ((), {sets})
            UNION ALL
            SELECT {", ".join("NULL" for _ in PLAIN)}, question, -1, sum(number)::int, 0, 0, 0
            FROM alike, unnest(questions) AS question GROUP BY question""",  # noqa: S608
        *given,
    )
    found: dict[str, dict[str, int]] = {facet: {} for facet in (*PLAIN, "question", "total")}
    for row in rows:
        facet = "question" if row["grouped"] < 0 else _grouped_by(row["grouped"])
        if facet is None:
            found["total"] = {name: row[name] or 0 for name in ("number", "held", "claimed", "overdue")}
        elif row[facet] is not None:
            found[facet][row[facet]] = row["number"]
    return {facet: dict(sorted(each.items())) for facet, each in found.items()}


def _any(*columns: str) -> str:
    """Of columns that all rows of a group have alike."""
    return ", ".join(f"any_value({column}) AS {column}" for column in columns)


def _grouped_by(grouped: int) -> str | None:
    """The facet whose bit Postgres' ``grouping`` leaves at zero; None: of none, the total."""
    places = range(len(PLAIN))
    return next((PLAIN[place] for place in places if not grouped >> (len(PLAIN) - 1 - place) & 1), None)


async def workload(db: Database, asked: Filter) -> list[dict[str, Any]]:
    """Who has how much of what waits: a row an office, a city and an account, ``account`` None: nobody claimed it."""
    await db.execute("SET LOCAL random_page_cost = 1.1")  # as counts
    where, given = asked.sql()
    given.append(asked.today)
    today = f"${len(given)}::date"
    rows = await db.fetch(
        f"""SELECT office, city, claimed_by AS account, count(*)::int AS number,
                   (count(*) FILTER (WHERE due_on < {today}))::int AS overdue,
                   (count(*) FILTER (WHERE held_until > {today}))::int AS held,
                   (count(*) FILTER (WHERE state = 'prepared'))::int AS prepared, min(due_on) AS first_due
            FROM reviews WHERE {where} GROUP BY office, city, claimed_by
            ORDER BY office, city NULLS FIRST, claimed_by NULLS FIRST""",  # noqa: S608
        *given,
    )
    return [dict(row) for row in rows]


async def every(db: Database, asked: Filter) -> AsyncIterator[Review]:
    """All that wait, the first due first, a few hundred at a time."""
    where, given = asked.sql()
    query = f"SELECT * FROM reviews WHERE {where} ORDER BY due_on, review_id"  # noqa: S608
    async for row in db.cursor(query, *given, prefetch=ROWS_AT_A_TIME):
        yield review_of(row)


async def first_free(db: Database, asked: Filter) -> Review | None:
    """The first due that nobody has claimed, holds or prepared, locked, of those that nobody else locks; None: none."""
    where, given = asked._replace(held=False, claimed=False, state="open").sql()
    row = await db.fetchrow(
        f"""SELECT * FROM reviews WHERE {where} ORDER BY due_on, review_id LIMIT 1
            FOR UPDATE SKIP LOCKED""",  # noqa: S608
        *given,
    )
    return review_of(row) if row else None
