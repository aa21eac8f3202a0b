"""When each machine's token was last used: kept in memory, and written now and then."""

from datetime import datetime
from functools import partial

from services.chassis.runtime.clock import Clock
from services.chassis.runtime.unit_of_work import Work

OF_HASH = 8
"""Digits of a token's hash that tell it from another of the account."""
SECONDS_BETWEEN_WRITES = 10.0


def token_id(sha256: str) -> str:
    """The id under which people speak of a token: it tells nothing of the token itself."""
    return sha256[:OF_HASH]


class TokenUses:
    """The uses that are not written yet."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._unwritten: dict[tuple[str, str], datetime] = {}

    def used(self, account: str, sha256: str) -> None:
        """The token of this hash was used now."""
        self._unwritten[account, token_id(sha256)] = self._clock.now()

    async def write(self, work: Work) -> bool:
        """A job: writes the last use of each token."""
        uses = dict(self._unwritten)
        if uses:
            await work.db.execute(
                """INSERT INTO token_uses AS held SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[])
                   ON CONFLICT (account, token) DO UPDATE SET used_at = greatest(held.used_at, excluded.used_at)""",
                [account for account, _ in sorted(uses)],
                [token for _, token in sorted(uses)],
                [uses[one] for one in sorted(uses)],
            )
            work.on_commit.append(partial(self._forget, uses))
        return False

    def _forget(self, uses: dict[tuple[str, str], datetime]) -> None:
        for one, at in uses.items():
            if self._unwritten.get(one) == at:
                del self._unwritten[one]
