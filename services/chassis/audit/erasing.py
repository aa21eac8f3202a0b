"""Erases the reasons that were given for acts on what is forgotten: the one part of the log that may name a person."""

from collections.abc import Iterable

from services.chassis.runtime.unit_of_work import Database


async def erase_reasons(db: Database, objects: Iterable[str]) -> None:
    """Erases the reason of each act on these objects, each as in ``Act.object``. The rows stay, and the chain holds."""
    await db.execute(
        """DELETE FROM audit_texts USING audit_log
           WHERE audit_texts.id = audit_log.id AND why_hash IS NOT NULL AND object = ANY ($1::text[])""",
        list(objects),
    )
