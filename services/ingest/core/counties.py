"""A county's name, however a source writes it."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from reliefstream_contracts.identifiers import CountyName

_NAMES = (
    "ALAMEDA|ALPINE|AMADOR|BUTTE|CALAVERAS|COLUSA|CONTRA COSTA|DEL NORTE|EL DORADO|FRESNO|GLENN|HUMBOLDT|"
    "IMPERIAL|INYO|KERN|KINGS|LAKE|LASSEN|LOS ANGELES|MADERA|MARIN|MARIPOSA|MENDOCINO|MERCED|MODOC|MONO|"
    "MONTEREY|NAPA|NEVADA|ORANGE|PLACER|PLUMAS|RIVERSIDE|SACRAMENTO|SAN BENITO|SAN BERNARDINO|SAN DIEGO|"
    "SAN FRANCISCO|SAN JOAQUIN|SAN LUIS OBISPO|SAN MATEO|SANTA BARBARA|SANTA CLARA|SANTA CRUZ|SHASTA|SIERRA|"
    "SISKIYOU|SOLANO|SONOMA|STANISLAUS|SUTTER|TEHAMA|TRINITY|TULARE|TUOLUMNE|VENTURA|YOLO|YUBA"
)
COUNTIES = {name: CountyName(name.lower().replace(" ", "-")) for name in _NAMES.split("|")}
"""California's 58 counties (Government Code 23012), by name in upper case."""

_COUNTY = frozenset({"COUNTY", "CNTY", "CNTY.", "CO", "CO."})


class CountyIntake(NamedTuple):
    """The county that sent a record, with the names that its sources use for it."""

    county: CountyName
    names: frozenset[str] = frozenset()

    def county_of(self, text: str) -> CountyName | None:
        """The county that ``text`` names, this one by any of its names; None: blank, or no county's name.

        A name that is nearly one (``LOS ANGELS``) is none: nobody but a person can tell which is meant.
        """
        return _county_of(self, text)


@lru_cache(maxsize=10_000)
def _county_of(intake: CountyIntake, text: str) -> CountyName | None:
    name = _run_on(plain_name(text))
    if name in {_run_on(own) for own in (*intake.names, plain_name(intake.county))}:
        return intake.county
    return _BY_RUN_ON_NAME.get(name)


def _run_on(name: str) -> str:
    return name.replace(" ", "")


_BY_RUN_ON_NAME = {_run_on(name): county for name, county in COUNTIES.items()}
"""By the name without its blanks, as sources leave them out (``LOSANGELES``) or put more (``L A``)."""


def intake(county: CountyName, names: Iterable[str] = ()) -> CountyIntake:
    """The intake of a county; ``names`` as in its county.yaml."""
    return CountyIntake(county, frozenset(map(plain_name, names)))


def other_countys_name(county: CountyName, names: Iterable[str]) -> str | None:
    """The first of a county's names that is another county's; None: none is, or it is none of California's 58."""
    if county not in _BY_RUN_ON_NAME.values():
        return None
    return next(
        (each for each in names if _BY_RUN_ON_NAME.get(_run_on(plain_name(each)), county) != county), None
    )


def plain_name(text: str) -> str:
    """Trimmed, upper case, without ``COUNTY``, ``CO``, ``COUNTY OF`` and the like: ``LOS ANGELES``."""
    words = text.upper().replace("-", " ").split()
    if len(words) > 2 and words[0] in _COUNTY and words[1] == "OF":
        words = words[2:]
    if len(words) > 1 and words[-1] in _COUNTY:
        words = words[:-1]
    return " ".join(words)
