"""Who prosecuted: a city's own attorney, the county, or unknown; read from agencies' names by their words (I-20).

A rap sheet names whichever agency reported the step, by DOJ's own short names (ORI): ``CADA`` a district attorney,
``CAPD`` a city's police, ``CASC`` and ``CAMC`` a court.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.vocabulary.stated_facts import StatedFact
from services.eligibility.law.engine.finding import CitedTest
from services.eligibility.law.input.judged_conviction import Case, County

WORD = re.compile(r"[A-Z0-9]+")
NOISE = frozenset({"OFFICE", "OF", "THE", "S", "CITY"})
CITY_OFFICES = (("CITY", "ATTORNEY"), ("CITY", "ATTY"), ("CITY", "PROSECUTOR"))
COUNTY_OFFICES = (("DISTRICT", "ATTORNEY"), ("DIST", "ATTY"), ("D", "A"), ("DA",))
STATED = {"city": "city_attorney", "county": "district_attorney"}
"""What a statement on the fact ``prosecuted_by`` says."""
DISTRICT_ATTORNEY, POLICE, COURTS = "CADA", "CAPD", frozenset({"CASC", "CAMC"})


@dataclass(frozen=True, slots=True)
class Prosecutor:
    """``city`` is named as the county's list writes it, for a city on that list only; None where somebody stated that
    a city's attorney prosecuted, and the record does not name the city."""

    kind: Literal["city", "county", "unknown"]
    city: str | None = None


def prosecutor_of(case: Case) -> Prosecutor:
    """Who prosecuted the conviction: what its agency says, or the court where the record names no agency; where
    neither tells, or somebody stated otherwise, the statement."""
    conviction = case.conviction
    agency = conviction.prosecuting_agency or conviction.court
    recorded = prosecutor(agency, case.county.city_prosecutors, case.county.name)
    stated = case.facts.of(conviction, "prosecuted_by", STATED.get(recorded.kind))
    if stated is None or stated == STATED.get(recorded.kind):
        return recorded if stated is not None else Prosecutor("unknown")
    return Prosecutor("city" if stated == STATED["city"] else "county")


@lru_cache(maxsize=10_000)
def prosecutor(agency: str | None, cities: tuple[str, ...], county: str = "") -> Prosecutor:
    """Who an agency's name stands for. The police of a city on the list bring their misdemeanors to its attorney,
    those of another place to the county's; a court that is named after such a city sits there, but for the one
    that the county shares its name with. A city's attorney whose city is not on the list is unknown, and so is a
    sheriff, the highway patrol or no name at all. Kept, as records name few agencies again and again."""
    words = tuple(WORD.findall((agency or "").upper()))
    if words and words[0] in {DISTRICT_ATTORNEY, POLICE, *COURTS}:
        return _by_short_name(words[0], _place(words[1:]), cities, county)
    office = next((names for names in CITY_OFFICES if _within(names, words)), None)
    if office is not None:
        city = _named(tuple(word for word in _place(words) if word not in office), cities)
        return Prosecutor("city", city) if city else Prosecutor("unknown")
    if any(_within(names, words) for names in COUNTY_OFFICES):
        return Prosecutor("county")
    return Prosecutor("unknown")


def stated_by_another_city(history: HistoryChanged, county: County) -> tuple[StatedFact, ...]:
    """What a city's attorney stated of a conviction that its record gives to another city's attorney, and so may not be
    used. None of a conviction whose record names no city."""
    theirs = [one for one in history.stated_facts if one.stated_by.role == STATED["city"]]
    if not theirs:
        return ()
    agencies = {
        ref.key: one.prosecuting_agency or one.court
        for one in history.convictions
        if one.county == county.name
        for ref in one.counts
    }
    cities = {key: prosecutor(of, county.city_prosecutors, county.name).city for key, of in agencies.items()}
    return tuple(one for one in theirs if cities.get(one.count) not in (None, one.stated_by.city))


def prosecuted_by_city(case: Case) -> CitedTest:
    """Whether a city of the county's list filed it. Unknown when neither agency nor court says."""
    agency = case.conviction.prosecuting_agency or case.conviction.court
    found = prosecutor_of(case)
    facts = {"prosecuting_agency": agency} if agency else {}
    rule, citation = "prosecuted_by_city", "Gov. Code 41803.5"
    if found.kind == "unknown":
        return CitedTest(rule, "unknown", citation, facts, unknown="prosecuting_agency")
    if found.kind == "city":
        return CitedTest(rule, "met", citation, facts | ({"city": found.city} if found.city else {}))
    return CitedTest(rule, "not_met", citation, facts)


def _within(names: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[at : at + len(names)] == names for at in range(len(words)))


def _by_short_name(name: str, place: tuple[str, ...], cities: tuple[str, ...], county: str) -> Prosecutor:
    if name == DISTRICT_ATTORNEY:
        return Prosecutor("county")
    city = _named(place, cities)
    if name == POLICE and city is None:
        elsewhere = place and not any(_may_be(place, city) for city in cities)
        return Prosecutor("county" if elsewhere else "unknown")
    if city is None or (name != POLICE and _place(WORD.findall(county.upper())) == place):
        return Prosecutor("unknown")
    return Prosecutor("city", city)


def _place(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in NOISE)


def _named(place: tuple[str, ...], cities: tuple[str, ...]) -> str | None:
    return next((city for city in cities if place == _place(WORD.findall(city.upper()))), None)


def _may_be(place: tuple[str, ...], city: str) -> bool:
    """Whether a place may be the city cut short (``LONG BCH``, ``LA``) or a part of it (``LONG BEACH HARBOR``)."""
    full, short = "".join(_place(WORD.findall(city.upper()))), "".join(place)
    letters = iter(full)
    return short.startswith(full) or (short[0] == full[0] and all(letter in letters for letter in short))
