"""How much may be under way between intake and the people it is for, and who had how much of it.

All counties share the topics downstream of intake, and there a record waits behind every record before it. So the queue
is kept short there, about ``seconds`` long, and each county's own records wait in its own topic.
"""

from math import ceil, exp

SMOOTHED_S = 2.0
"""Over how long the rate of the flow is averaged."""
REMEMBERED_S = 5.0
"""Over how long a county is held to what it has sent."""
LONGEST_WAIT_S = 60


class Flow:
    """Counts what came in and what the services behind have done. Times are in seconds of any one clock."""

    def __init__(self, *, seconds: float, least: int) -> None:
        """``seconds``: how long the flow may take for what is under way; ``least`` records may always be."""
        self._seconds, self._least = seconds, least
        self.admitted = 0
        """Records that came in since the start."""
        self.rate = 0.0
        """Records a second that pass, of late."""
        self._waiting, self._counted, self._passed, self._at = 0, 0, -1, 0.0
        self._sent: dict[str, tuple[float, float]] = {}

    @property
    def limit(self) -> int:
        """Records that may be under way: what passes in ``seconds``; of a flow that stands still, the least."""
        return max(self._least, int(self.rate * self._seconds))

    @property
    def under_way(self) -> int:
        """Records that were waiting when last measured, and those that came in since."""
        return self._waiting + self.admitted - self._counted

    def measured(self, *, waiting: int, passed: int, admitted: int, at: float) -> None:
        """Takes what was measured: records that wait, records that passed in all, and ``admitted`` as it was then."""
        if self._passed >= 0 and at > self._at:
            weight = 1 - exp((self._at - at) / SMOOTHED_S)
            now = max(0, passed - self._passed) / (at - self._at)
            self.rate += weight * (now - self.rate)
        self._waiting, self._counted, self._passed, self._at = waiting, admitted, passed, at

    def came_in(self, county: str, records: int, at: float) -> None:
        """Counts what a county brought in, by topic or HTTP."""
        self.admitted += records
        self._sent = {name: (left, at) for name in self._sent if (left := self._lately(name, at)) >= 1}
        self._sent[county] = (self._lately(county, at) + records, at)

    def wait(self, county: str, at: float) -> int | None:
        """Whole seconds until a county should ask again; None: it may come in now.

        While the limit is reached, whoever has had less than an equal share of late, with one share left over for
        somebody new, may still come in, up to twice the limit.
        """
        over = self.under_way - self.limit
        if over < 0:
            return None
        everything = sum(self._lately(name, at) for name in self._sent)
        mine, others = self._lately(county, at), len(self._sent.keys() - {county})
        if over < self.limit and mine * (others + 2) <= everything:
            return None
        share = self.rate / (others + 1)
        if share < 1:
            return LONGEST_WAIT_S
        return min(LONGEST_WAIT_S, max(1, ceil((over + min(mine, self.limit)) / share)))

    def _lately(self, county: str, at: float) -> float:
        records, when = self._sent.get(county, (0.0, at))
        return records * exp((when - at) / REMEMBERED_S)
