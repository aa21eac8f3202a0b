"""How much of the ledger is open, by kind and age: for whoever is on call, and never about one person."""

from prometheus_client import Gauge

from services.chassis.runtime.unit_of_work import Work
from services.reconciliation.linkage.identity.oversized_components import BY_DECISIONS, BY_IDENTIFIERS

OPEN = Gauge("reliefstream_open_discrepancies", "Open discrepancies by kind and age", ["kind", "age"])
OLDEST = Gauge("reliefstream_discrepancy_oldest_seconds", "Age of the oldest open discrepancy", ["kind"])
IN_OVERSIZED_COMPONENTS = Gauge(
    "reliefstream_records_in_oversized_components",
    "Records in oversized components, by what still links them",
    ["links"],
)
LINKS = {BY_IDENTIFIERS: "identifiers", BY_DECISIONS: "decisions"}
AGES = {"up to 7 days": 7, "up to 30 days": 30, "up to 90 days": 90, "more than 90 days": None}


async def measure(work: Work) -> bool:
    """Sets all gauges; a job of the service. A kind of which none is open is absent."""
    rows = await work.db.fetch(
        """SELECT kind, floor(extract(epoch FROM $1 - first_seen) / 86400)::int AS days, count(*) AS number,
                  extract(epoch FROM $1 - min(first_seen))::float8 AS oldest
           FROM discrepancies WHERE open GROUP BY 1, 2""",
        work.now,
    )
    OPEN.clear()
    OLDEST.clear()
    for row in sorted(rows, key=lambda row: row["oldest"]):
        OLDEST.labels(row["kind"]).set(row["oldest"])
        OPEN.labels(row["kind"], _age(row["days"])).inc(row["number"])
    counted = await work.db.fetch(
        "SELECT component_level, count(*) AS number FROM records WHERE component_level > 0 GROUP BY component_level"
    )
    numbers = {row["component_level"]: row["number"] for row in counted}
    for level, links in LINKS.items():
        IN_OVERSIZED_COMPONENTS.labels(links).set(numbers.get(level, 0))
    return False


def _age(days: int) -> str:
    return next(name for name, most in AGES.items() if most is None or days < most)
