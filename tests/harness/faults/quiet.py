"""Waits until nothing is under way any more, outgoing webhooks included, as long as something moves."""

import asyncio
import time

import asyncpg

from deploy.local.addresses import Addresses
from services.cli.client import addresses as cli
from services.cli.client.settled import settled
from services.cli.terminal.exit import Refused, ServerMissing
from tests.harness.faults.patience import STILL_S

LOOK_S = 60.0


async def quiet(given: Addresses) -> None:
    """Returns when two looks in a row found nothing. Raises Refused or ServerMissing where the same is still under way,
    or the same service still away, long after that was first seen."""
    found = cli.Addresses(given.kafka, given.http, given.operator_token, given.county_tokens)
    before, since = "", time.monotonic()
    while True:
        try:
            await settled(found, LOOK_S)
            return await _delivered(given.database_urls["notification"])
        except (Refused, ServerMissing) as waits:
            if str(waits) != before:
                before, since = str(waits), time.monotonic()
            elif time.monotonic() - since > STILL_S:
                raise
            await asyncio.sleep(0.5)


async def _delivered(url: str) -> None:
    """Spares us the pauses before another try of a webhook, which grow to hours: they end at once."""
    db, deadline = await asyncpg.connect(url), time.monotonic() + LOOK_S
    try:
        while waiting := await db.fetchval("SELECT count(*) FROM deliveries WHERE status = 'waiting'"):
            if time.monotonic() > deadline:
                raise Refused(f"webhooks still wait to be delivered: {waiting}")
            await db.execute(
                """UPDATE deliveries SET due_at = least(due_at, $1), claimed_until = least(claimed_until, $1)
                   WHERE status = 'waiting' AND (due_at > now() OR claimed_until > now() + interval '5 s')""",
                await db.fetchval("SELECT now() - interval '1 s'"),
            )
            await asyncio.sleep(0.3)
    finally:
        await db.close()
