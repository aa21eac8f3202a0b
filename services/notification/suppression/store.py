"""Dismissals by case, and how many counts each account has asked about."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from reliefstream_contracts.dismissals import ConvictionDismissed
from reliefstream_contracts.identifiers import CountyName
from services.chassis.runtime.needed_keys import KeptHashes
from services.chassis.runtime.unit_of_work import Database
from services.notification.suppression.counts import Count, case_numbers_of

HASHES = KeptHashes(
    "SELECT unnest(count_hashes) AS hash, relief_id AS owner FROM dismissals WHERE count_hashes IS NOT NULL",
    "screeners would not be told any more to suppress convictions that are sealed",
)
ByCase = Mapping[tuple[CountyName, str], Sequence[ConvictionDismissed]]
"""By county and comparable case number."""


async def of_cases(db: Database, counts: Collection[Count]) -> ByCase:
    """The dismissals in the cases of these counts, by county and comparable case number."""
    wanted = {(count.county, count.case_number) for count in counts}
    rows = await db.fetch(
        "SELECT event FROM dismissals WHERE county = ANY ($1) AND case_numbers && $2",
        sorted({county for county, _ in wanted}),
        sorted({number for _, number in wanted}),
    )
    found: dict[tuple[CountyName, str], list[ConvictionDismissed]] = {}
    for row in rows:
        event = ConvictionDismissed.from_json(row["event"])
        for number in case_numbers_of(event):
            found.setdefault((event.county, number), []).append(event)
    return found


async def any_sealed(db: Database, hashes: Collection[str]) -> set[str]:
    """Those of the hashes that are kept of a sealed count."""
    rows = await db.fetch(
        "SELECT unnest(count_hashes) AS kept FROM dismissals WHERE count_hashes && $1", sorted(set(hashes))
    )
    return {row["kept"] for row in rows} & set(hashes)


async def asked(db: Database, account: str, counts: Sequence[object], now: datetime) -> int:
    """Adds to what an account has asked about in this hour, in UTC; how many counts that are, these included."""
    total: int = await db.fetchval(
        """
        INSERT INTO suppression_asked AS known (account, hour, counts) VALUES ($1, date_trunc('hour', $2, 'UTC'), $3)
        ON CONFLICT (account) DO UPDATE SET
            counts = excluded.counts + CASE WHEN known.hour = excluded.hour THEN known.counts ELSE 0 END,
            hour = excluded.hour
        RETURNING counts
        """,
        account,
        now,
        len(counts),
    )
    return total
