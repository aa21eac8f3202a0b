"""How much of the ledger is open, by kind and age: for whoever is on call, and never about one person."""

from prometheus_client import Gauge

from services.chassis.work import Work

OPEN = Gauge("reliefstream_open_discrepancies", "Open discrepancies by kind and age", ["kind", "age"])
AGES = {"up to 7 days": 7, "up to 30 days": 30, "up to 90 days": 90, "more than 90 days": None}


async def measure(work: Work) -> bool:
    """Sets ``reliefstream_open_discrepancies``; a job of the service. A kind of which none is open is absent."""
    rows = await work.db.fetch(
        """SELECT kind, floor(extract(epoch FROM $1 - first_seen) / 86400)::int AS days, count(*) AS number
           FROM discrepancies WHERE open GROUP BY 1, 2""",
        work.now,
    )
    OPEN.clear()
    for row in rows:
        OPEN.labels(row["kind"], _age(row["days"])).inc(row["number"])
    return False


def _age(days: int) -> str:
    return next(name for name, most in AGES.items() if most is None or days < most)
