"""The limit on records in flight downstream of intake, with fair shares for the counties.

All counties share the topics downstream of intake, where a record waits behind every earlier record. So the queue there
is kept short, about ``seconds`` long, and each county's other records wait in its own topic.
"""

from math import ceil, exp

SMOOTHED_S = 2.0
"""Time constant of the average of the rate."""
REMEMBERED_S = 5.0
"""Time constant of a county's recent records."""
LONGEST_WAIT_S = 60


class InFlight:
    """Counts records that came in and records that were processed downstream. Times are in seconds of any one clock."""

    def __init__(self, *, seconds: float, least: int) -> None:
        """``seconds``: how long the records in flight may take to be processed; ``least`` may always be in flight."""
        self._seconds, self._least = seconds, least
        self.admitted = 0
        """Records that came in since the start."""
        self.rate = 0.0
        """Records processed a second, averaged."""
        self._waiting, self._counted, self._passed, self._at = 0, 0, -1, 0.0
        self._sent: dict[str, tuple[float, float]] = {}

    @property
    def limit(self) -> int:
        """The limit of records in flight: those processed in ``seconds``, but not below the least."""
        return max(self._least, int(self.rate * self._seconds))

    @property
    def records(self) -> int:
        """Records in flight: those that waited at the last measurement, and those that came in since."""
        return self._waiting + self.admitted - self._counted

    def measured(self, *, waiting: int, passed: int, admitted: int, at: float) -> None:
        """Takes a measurement: records that wait, all records processed so far, and ``admitted`` at that time."""
        if self._passed >= 0 and at > self._at:
            weight = 1 - exp((self._at - at) / SMOOTHED_S)
            now = max(0, passed - self._passed) / (at - self._at)
            self.rate += weight * (now - self.rate)
        self._waiting, self._counted, self._passed, self._at = waiting, admitted, passed, at

    def came_in(self, county: str, records: int, at: float) -> None:
        """Counts records that a county sent, by topic or HTTP."""
        self.admitted += records
        self._sent = {name: (left, at) for name in self._sent if (left := self._lately(name, at)) >= 1}
        self._sent[county] = (self._lately(county, at) + records, at)

    def wait(self, county: str, at: float) -> int | None:
        """Whole seconds until a county should send again; None: it may send now.

        When the limit is reached, a county that recently had less than an equal share, with one share kept for a new
        county, may still send, up to twice the limit.
        """
        over = self.records - self.limit
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
