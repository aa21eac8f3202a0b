"""The job that publishes the head of an audit log, signed, once an hour while the log grows."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from services.chassis.audit.signature import public_key, signed_head
from services.chassis.runtime.telemetry import log
from services.chassis.runtime.unit_of_work import Work

EVERY = timedelta(hours=1)
SECONDS_BETWEEN_LOOKS = 60.0


def publish_head(service: str, private_key: str) -> Callable[[Work], Awaitable[bool]]:
    """Emits the head when the log has grown and the last one was published an hour ago or never.

    Raises ValueError for a key that is none.
    """
    log().info("heads of the audit log are signed", public_key=public_key(private_key))

    async def job(work: Work) -> bool:
        head = await work.db.fetchrow(
            """INSERT INTO audit_heads (sequence, hash, at)
               SELECT sequence, hash, $1 FROM audit_log
               WHERE sequence = (SELECT max(sequence) FROM audit_log)
                 AND NOT EXISTS (SELECT FROM audit_heads WHERE at > $2)
               ON CONFLICT DO NOTHING RETURNING sequence, encode(hash, 'hex') AS hash""",
            work.now,
            work.now - EVERY,
        )
        if head:
            work.emit(signed_head(private_key, service, head["sequence"], head["hash"], work.now))
        return False

    return job
