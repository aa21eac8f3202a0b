"""Reliefs that fail in a job are set aside, so that one never blocks the others of its chunk.

They are tried again from time to time, as the next release may have fixed the defect.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

from prometheus_client import Counter

from reliefstream_contracts.identifiers import ReliefId
from services.chassis.runtime.database import transient
from services.chassis.runtime.telemetry import defect, log
from services.chassis.runtime.unit_of_work import Work

TRIED_AGAIN_AFTER = timedelta(hours=1)
SET_ASIDE = Counter("reliefstream_relief_set_aside_total", "Reliefs set aside because of a defect", ["job"])

Rows = Sequence[Any]
Step = Callable[[Rows], Awaitable[None]]


async def all_or_each(work: Work, job: str, rows: Rows, step: Step) -> list[Any]:
    """Runs a step on rows with a ``relief_id``: on all together, or one by one where that fails.

    Returns the rows that fail alone; their only effect is their relief's row in ``set_aside``. Raises a transient
    error: the whole chunk is tried again.
    """
    failed: list[Any] = []
    where: dict[ReliefId, str] = {}
    if await _attempt(work, rows, step) is not None:
        for row in rows:
            error = await _attempt(work, [row], step)
            if error is not None:
                failed.append(row)
                where[row["relief_id"]] = defect(error)
    await _keep(work, {row["relief_id"] for row in rows}, where)
    if failed:
        SET_ASIDE.labels(job).inc(len(failed))
        log().error("reliefs set aside", job=job, count=len(failed), defect=next(iter(where.values())))
    return failed


async def _attempt(work: Work, rows: Rows, step: Step) -> Exception | None:
    emitted = len(work.emitted)
    try:
        async with work.db.transaction():
            await step(rows)
    except Exception as error:
        if transient(error):
            raise
        del work.emitted[emitted:]
        return error
    return None


async def _keep(work: Work, tried: Iterable[ReliefId], failed: dict[ReliefId, str]) -> None:
    await work.db.execute(
        "DELETE FROM set_aside WHERE relief_id = ANY ($1)", sorted(set(tried) - set(failed))
    )
    found = sorted(failed.items())
    await work.db.execute(
        """INSERT INTO set_aside SELECT relief_id, defect, $3 FROM unnest($1::uuid[], $2::text[])
               AS new (relief_id, defect)
           ON CONFLICT (relief_id) DO UPDATE SET defect = excluded.defect, at = excluded.at""",
        [relief_id for relief_id, _ in found],
        [where for _, where in found],
        work.now,
    )
