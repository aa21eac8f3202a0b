"""Counties' intake as it is in force: a county's corrected profiles are read while ingest runs, wrong ones never."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from prometheus_client import Gauge

from reliefstream_contracts.identifiers import CountyName
from services import county_files
from services.chassis.runtime.telemetry import log
from services.ingest.profiles.counties import SendingCounty, sending_county_in

REFUSED = Gauge(
    "reliefstream_profiles_refused",
    "1: the county's files changed and are wrong; the files before stay in force",
    ["county"],
)
LOOK_S = 2.0

Stamp = frozenset[tuple[str, int, int]]
"""Name, time of change and size of each file of a county."""


class InForce(NamedTuple):
    """What a county's feeds are read by. ``refused``: why its newer files are not; empty: it has none."""

    profiles: Mapping[str, str]
    """Name to fingerprint."""
    refused: str


class CountiesInForce(Mapping[CountyName, SendingCounty]):
    """A county's intake by its name. Which counties there are is settled at the start: their topics are."""

    def __init__(self, folder: Path) -> None:
        """Raises WrongFile."""
        self._paths: dict[CountyName, Path] = {}
        self._found: dict[CountyName, SendingCounty] = {}
        for path in county_files(folder):
            found = sending_county_in(path)
            self._found[found.intake.county], self._paths[found.intake.county] = found, path
        self._taken = {county: self._stamp(county) for county in self._found}
        self._noticed = dict(self._taken)
        self._refused = dict.fromkeys(self._found, "")
        for county in self._found:
            REFUSED.labels(county).set(0)

    def __getitem__(self, county: CountyName) -> SendingCounty:
        return self._found[county]

    def __iter__(self) -> Iterator[CountyName]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def in_force(self) -> dict[CountyName, InForce]:
        """By county."""
        return {
            county: InForce(
                {name: profile.fingerprint for name, profile in intake.profiles.items()},
                self._refused[county],
            )
            for county, intake in self._found.items()
        }

    def look(self, *, at_once: bool = False) -> None:
        """Reads changed files once they have stayed the same for one check; ``at_once``: without that wait."""
        for county in self._found:
            stamp = self._stamp(county)
            still, self._noticed[county] = stamp == self._noticed[county], stamp
            if stamp != self._taken[county] and (still or at_once):
                self._taken[county] = stamp
                self._read(county)

    async def keep_looking(self) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(LOOK_S)
            self.look()

    def _read(self, county: CountyName) -> None:
        try:
            found = sending_county_in(self._paths[county])
        except (ValueError, OSError) as error:
            self._refused[county] = str(error)
            REFUSED.labels(county).set(1)
            log().error("county's files refused, those before stay in force", county=county, wrong=str(error))
            return
        self._found[county], self._refused[county] = found, ""
        REFUSED.labels(county).set(0)
        log().info("county's files read", county=county, profiles=sorted(found.profiles))

    def _stamp(self, county: CountyName) -> Stamp:
        found = set()
        for path in self._paths[county].parent.rglob("*.yaml"):
            try:
                about = path.stat()
            except OSError:  # it is being replaced
                continue
            found.add((path.name, about.st_mtime_ns, about.st_size))
        return frozenset(found)
