"""Reads what is shown to a caller: Postgres itself shows no row that the caller's grants do not reach."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from services.chassis.identity.caller import Caller, Grant
from services.chassis.runtime.unit_of_work import Transaction, Work


@asynccontextmanager
async def as_caller(transaction: Transaction, caller: Caller) -> AsyncIterator[Work]:
    """A transaction that reads the caller's counties and cities as of one moment, and writes the audit log only.

    A mistake in a query shows too little, never another county's row (migrations/20261122000012_row_security.sql).
    """
    async with transaction() as work:
        await work.db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        await work.db.execute(
            """SELECT set_config('reliefstream.reach', $1, true),
                      set_config('role', 'reliefstream_reader', true)""",
            "\n".join(sorted({_reached(grant) for grant in caller.grants})),
        )
        yield work


def seen_by(transaction: Transaction, caller: Caller) -> Transaction:
    """Opens such transactions, for whoever reads in several."""
    return partial(as_caller, transaction, caller)


def _reached(grant: Grant) -> str:
    county = grant.county or "*"
    return f"{county}/{grant.city}" if grant.city else county
