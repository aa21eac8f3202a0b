"""``python -m services.reconciliation.estimate``: weights of the linkage from this county's own records.

Reads what is stored of each record for comparison, nothing else; writes a file that ``RELIEFSTREAM_LINKAGE_WEIGHTS``
can name once it lies in ``weights/``. Frequencies of names are in it, and no person.
"""

import argparse
import asyncio
import os
import sys
from datetime import date
from pathlib import Path
from random import Random

import asyncpg

from services.chassis.runtime.unit_of_work import Database
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.learning import learn
from services.reconciliation.store.descriptions import from_text
from services.reconciliation.weights_file import as_text

MOST = 300_000
"""Records that are learnt from; of more, a part by the hash of their keys."""


async def stored_descriptions(db: Database) -> dict[str, Description]:
    """Descriptions of the records in reconciliation's database, of all or of an even part, by key."""
    number = await db.fetchval("SELECT count(*) FROM records WHERE description IS NOT NULL")
    rows = await db.fetch(
        """SELECT record_key, description FROM records
           WHERE description IS NOT NULL AND abs(hashtext(record_key)) % $1 = 0""",
        number // MOST + 1,
    )
    return {row["record_key"]: from_text(row["description"]) for row in rows}


async def _read(url: str) -> dict[str, Description]:
    db = await asyncpg.connect(url)
    try:
        return await stored_descriptions(db)
    finally:
        await db.close()


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--database", default=os.environ.get("RELIEFSTREAM_DATABASE_URL"))
    asked.add_argument("--version", default=f"own-{date.today().isoformat()}", help="the file's name")  # noqa: DTZ011
    asked.add_argument("--seed", type=int, default=1, help="of the pairs drawn at random")
    asked.add_argument("--out", type=Path, required=True, help="directory for VERSION.yaml")
    given = asked.parse_args()
    if not given.database:
        asked.error("give --database, reconciliation's own database as a URL")
    described = asyncio.run(_read(given.database))
    if len(described) < 1000:
        asked.error(f"{len(described)} records are too few to learn from: 1,000 at least")
    weights = learn(described, Random(given.seed).randrange, given.version)  # noqa: S311 - it must repeat
    file = given.out / f"{given.version}.yaml"
    file.write_text(as_text(weights, f"{len(described):,} records, seed {given.seed}"), encoding="utf-8")
    sys.stdout.write(f"{file}: one pair of {weights.persons:,} is one person's\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
