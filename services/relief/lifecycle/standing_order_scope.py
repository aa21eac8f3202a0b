"""Which relief a standing order reaches."""

from reliefstream_contracts.frozen import Frozen
from reliefstream_contracts.relief import CourtOrder
from services.relief.lifecycle.transitions import WAITING, Relief


class StandingOrderInForce(Frozen):
    """``covers_decisions``: its scope says that it also reaches what rests on a person's decision."""

    order: CourtOrder
    covers_decisions: bool = False

    def reaches(self, relief: Relief) -> bool:
        """Whether it orders this relief as it arrives."""
        return relief.state in WAITING and (self.covers_decisions or relief.rests_on is None)
