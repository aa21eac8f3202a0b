"""Ingest does not start without a key by which it recognises what was sealed: it would be taken in anew, unnoticed."""

from collections.abc import Awaitable, Callable, Collection

from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.runtime.service import StartRefused
from services.chassis.runtime.unit_of_work import Work


def every_key_is_there(hashing: KeyedHash, lost: Collection[str]) -> Callable[[Work], Awaitable[None]]:
    """A check before the start: each seal can be recognised by one of the keys, but for those whose ids are ``lost``.

    It raises StartRefused.
    """

    async def check(work: Work) -> None:
        rows = await work.db.fetch(
            """SELECT split_part(hash, '.', 1) AS key_id, count(DISTINCT relief_id) AS seals
               FROM seals CROSS JOIN unnest(sealed) AS hash GROUP BY 1 ORDER BY 1"""
        )
        missing = [row for row in rows if row["key_id"] not in {*hashing.key_ids, *lost}]
        if missing:
            told = ", ".join(f"{row['key_id']} ({row['seals']:,} convictions)" for row in missing)
            raise StartRefused(
                f"RELIEFSTREAM_SEALING_KEYS lacks keys by which sealed convictions are recognised, of the ids {told}: "
                "they would be taken in again. Put each key behind the others; one that is lost for good: its id into "
                "RELIEFSTREAM_SEALING_KEYS_LOST"
            )

    return check
