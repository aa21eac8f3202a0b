"""Back-fill: a job that computes this version's comparison keys for records stored by an older one, in chunks."""

from dataclasses import dataclass

from services.chassis.runtime.unit_of_work import Work
from services.reconciliation.handlers import Linker
from services.reconciliation.store.locked_records import stored_record
from services.reconciliation.store.records import COMPARED_BY

CHUNK = 200
TO_COMPARE = f"SELECT count(*) FROM records WHERE compared_by < {COMPARED_BY}"  # noqa: S608 - a number of ours
"""How many records are still to be compared."""
# The version stands in the text, as in the index that finds them: a parameter would not let it be used.
_NEXT = f"""SELECT record_key, type, body FROM records WHERE compared_by < {COMPARED_BY}
            ORDER BY record_key LIMIT $1"""  # noqa: S608 - a number of ours
_ONE_AT_A_TIME = 6_403_201
"""Of the advisory lock by which one replica at a time does this."""


@dataclass(frozen=True, slots=True)
class BackFill:
    """The job, with the linker of the service."""

    linker: Linker

    async def step(self, work: Work) -> bool:
        """Stores the keys of some records that lack this version's, and links the affected components again.

        Returns True when there may be more. It takes the same locks as arriving records do.
        """
        if not await work.db.fetchval("SELECT pg_try_advisory_xact_lock($1)", _ONE_AT_A_TIME):
            return False
        rows = await work.db.fetch(_NEXT, CHUNK)
        if rows:
            await self.linker.compare_anew(work, {row["record_key"]: stored_record(row) for row in rows})
        return len(rows) == CHUNK
