"""A service does not start without a key of hashes that it keeps: what they recognise would pass unnoticed."""

from collections.abc import Awaitable, Callable, Collection
from typing import NamedTuple

from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.service import StartRefused
from services.chassis.runtime.unit_of_work import Work


class KeptHashes(NamedTuple):
    """``query``: a row with ``hash`` and ``owner``, what it is of, for each. ``without``: what a missing key causes."""

    query: str
    without: str


def every_key_is_there(
    hashing: KeyedHash, lost: Collection[str], kept: KeptHashes
) -> Callable[[Work], Awaitable[None]]:
    """A check before the start: each kept hash is by one of the keys, but for those whose ids are ``lost``.

    It raises StartRefused.
    """

    async def check(work: Work) -> None:
        rows = await work.db.fetch(
            f"""SELECT split_part(hash, '.', 1) AS key_id, count(DISTINCT owner) AS owners
                FROM ({kept.query}) AS kept GROUP BY 1 ORDER BY 1"""  # noqa: S608 - our own words
        )
        missing = [row for row in rows if row["key_id"] not in {*hashing.key_ids, *lost}]
        if missing:
            told = ", ".join(f"{row['key_id']} (of {row['owners']:,})" for row in missing)
            raise StartRefused(
                f"RELIEFSTREAM_SEALING_KEYS lacks keys of hashes that are kept, of the ids {told}: {kept.without}. "
                "Put each key behind the others; one that is lost for good: its id into RELIEFSTREAM_SEALING_KEYS_LOST"
            )

    return check
