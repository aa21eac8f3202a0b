"""Erases what was refused long ago: nobody can tell whose it is, and whether a court sealed it since."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from services.chassis.runtime.unit_of_work import Work
from services.ingest.quarantine import store as quarantine_store

AT_A_TIME = 1000


def erase_old(kept: timedelta) -> Callable[[Work], Awaitable[bool]]:
    """The job that erases it; True: there is more."""

    async def erase(work: Work) -> bool:
        return await quarantine_store.erase_old(work.db, work.now - kept, work.now, AT_A_TIME) == AT_A_TIME

    return erase
