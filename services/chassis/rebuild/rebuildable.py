"""What a service provides so that its database can be rebuilt from the topics (``rebuild.py``)."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from services.chassis.rebuild.tables import Compared
from services.chassis.runtime.service import Service
from services.chassis.runtime.unit_of_work import Database, Received, Work


class Replay(Protocol):
    """One service's part. Sources: its inputs, through its handlers; what it published; what only people entered."""

    service: Service
    """Composed on the new database. Its handlers consume the inputs; the events that they emit are not published."""
    published: Sequence[str]
    """The topics that it publishes: their ids, versions and events stay as they are."""
    given: Sequence[str]
    """Tables that no topic has, copied from the old database in this order: a table after those it refers to."""
    compared: Mapping[str, Compared]
    """Tables that must be equal in both databases, and the columns to compare."""

    async def forget(self, work: Work) -> None:
        """Marks everything as not published, before its own topics are read from the beginning."""

    async def adopt(self, work: Work, published: Sequence[Received]) -> None:
        """Marks its own events as published, so that versions continue from them. In the order of each partition."""

    async def take_over(self, work: Work, old: Database, /) -> None:
        """Copies what else only the old database has, after the given tables; ``old`` is a snapshot of it."""

    async def unsettled(self, work: Work) -> list[str]:
        """Keys whose state may differ from what was published, since the last call; all at the first."""

    async def settle(self, work: Work, keys: Sequence[str]) -> None:
        """Emits a new version for each key whose state differs from what was published."""

    async def finish(self, work: Work) -> None:
        """Removes what only the rebuild needed; the service runs on this database next."""


class CannotReplay(Exception):
    """The rebuild cannot go on; the text is for the operator and names no person."""


class SwitchedAlready(CannotReplay):
    """The new database is the service's database, or was."""
