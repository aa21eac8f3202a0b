"""Limits the memory of HTTP bodies, in total and for each county."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Bounds(NamedTuple):
    """Limits on all bodies that are being read or processed."""

    county_bytes: int
    all_bytes: int
    county_requests: int


class Full(Exception):
    """There is no room for this body now."""

    def __init__(self, everybody: bool) -> None:
        """``everybody``: the total is reached, not the county's own limit."""
        super().__init__()
        self.everybody = everybody


class BodiesAtWork:
    """Counts requests and their bytes, from the first byte until the answer."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._requests: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()

    @contextmanager
    def one(self, county: str) -> Iterator["OneBody"]:
        """Room for one request, given back at the end. Raises Full."""
        if self._requests[county] >= self._bounds.county_requests:
            raise Full(everybody=False)
        self._requests[county] += 1
        body = OneBody(self, county)
        try:
            yield body
        finally:
            self._requests[county] -= 1
            self._bytes[county] -= body.size

    def take(self, county: str, size: int) -> None:
        """Room for so many bytes more. Raises Full."""
        if self._bytes[county] + size > self._bounds.county_bytes:
            raise Full(everybody=False)
        if self._bytes.total() + size > self._bounds.all_bytes:
            raise Full(everybody=True)
        self._bytes[county] += size


class OneBody:
    """One body and its bytes so far."""

    def __init__(self, all_of_them: BodiesAtWork, county: str) -> None:
        self._all, self._county = all_of_them, county
        self.size = 0

    def grow(self, size: int) -> None:
        """Room for so many bytes more. Raises Full."""
        self._all.take(self._county, size)
        self.size += size
