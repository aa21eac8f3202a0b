"""What services report while they forget what a court sealed, or a seal is taken away. Topic ``forgotten-v1``: it names
nobody."""

from typing import ClassVar, Literal

from reliefstream_contracts.event import Event
from reliefstream_contracts.identifiers import ReliefId

ForgettingService = Literal["ingest", "reconciliation", "eligibility", "notification"]


class Forgetting(Event):
    """What one service reports of one sealed relief."""

    TOPIC: ClassVar[str] = "forgotten-v1"
    PRODUCERS: ClassVar[tuple[str, ...]] = ("ingest", "reconciliation", "eligibility", "notification")

    relief_id: ReliefId

    def partition_key(self) -> str:
        return str(self.relief_id)

    def identity(self) -> str:
        return self.key()


class LinksPinned(Forgetting):
    """The person's records stay linked, whatever of them is forgotten: ingest may leave the conviction out of them."""

    TYPE: ClassVar[str] = "reliefstream.sealing.links-pinned.v1"

    def key(self) -> str:
        return f"{self.relief_id}/pinned"


class ConvictionForgotten(Forgetting):
    """One service holds nothing of the conviction any more. It names neither the person nor the case.

    ``copies``: of ingest, keyed hashes of the counts of other records that came in lately and were the same conviction:
    they are on their way without it, and a conviction of such a count is none. ``others``: of ingest, keyed hashes of
    the named counts whose numbers their sources have given to other convictions: those stay.
    """

    TYPE: ClassVar[str] = "reliefstream.sealing.conviction-forgotten.v1"

    service: ForgettingService
    copies: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def key(self) -> str:
        return f"{self.relief_id}/{self.service}"


class SealRemoved(Forgetting):
    """A clerk took the seal away, as it was a mistake: its count is taken in again, and nobody has to suppress it."""

    TYPE: ClassVar[str] = "reliefstream.sealing.seal-removed.v1"

    def key(self) -> str:
        return f"{self.relief_id}/removed"
