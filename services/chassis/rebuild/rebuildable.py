"""What a service says of itself so that its database can be built anew from the topics (``rebuilding.py``)."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from services.chassis.rebuild.tables import Compared
from services.chassis.runtime.service import Service
from services.chassis.runtime.work import Database, Received, Work


class Replay(Protocol):
    """One service's part. Three sources: its inputs by its handlers, what it published, what only people gave."""

    service: Service
    """Composed on the new database. Its handlers take the inputs in; what they emit is held back."""
    published: Sequence[str]
    """Its own topics: ids, versions and events that are out and stay as they are."""
    given: Sequence[str]
    """Tables that no topic has, copied whole from the old database; one that refers to another comes later."""
    compared: Mapping[str, Compared]
    """Tables that must be equal in the old and the new database, and by which columns."""

    async def forget(self, work: Work) -> None:
        """Before its own topics are read, from their beginning: nothing counts as published."""

    async def adopt(self, work: Work, published: Sequence[Received]) -> None:
        """Takes events of its own as out: the state counts on from them. In the order of each partition."""

    async def take_over(self, work: Work, old: Database, /) -> None:
        """What else only the old database knows, once the given tables are copied; ``old`` is a snapshot of it."""

    async def unsettled(self, work: Work) -> list[str]:
        """Keys whose state may differ from what is published, since this was asked last; all at first."""

    async def settle(self, work: Work, keys: Sequence[str]) -> None:
        """Emits, as new versions, whatever is otherwise in the new state than published; else nothing."""

    async def finish(self, work: Work) -> None:
        """Clears away what only the rebuild needed; the service runs on this database next."""


class CannotReplay(Exception):
    """Why the rebuild cannot go on; the text is for the operator and names no person."""


class SwitchedAlready(CannotReplay):
    """The new database is the service's database, or was."""
