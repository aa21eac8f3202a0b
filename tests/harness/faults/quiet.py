"""Waits until nothing is under way any more, outgoing webhooks included."""

import asyncio
import time

import asyncpg

from deploy.local.addresses import Addresses
from services.cli.client import addresses as cli
from services.cli.client.settled import settled
from services.cli.terminal.exit import Refused, ServerMissing

PATIENCE_S = 60.0


async def quiet(given: Addresses) -> None:
    """Returns when two looks in a row found nothing. Raises Refused, which says what is still under way."""
    found = cli.Addresses(given.kafka, given.http, given.operator_token, given.county_tokens)
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            await settled(found, max(1.0, deadline - time.monotonic()))
            return await _delivered(given.database_urls["notification"], deadline)
        except ServerMissing:  # a service is just being started again
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.5)


async def _delivered(url: str, deadline: float) -> None:
    """Spares us the pauses before another try of a webhook, which grow to hours: they end at once."""
    db = await asyncpg.connect(url)
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
