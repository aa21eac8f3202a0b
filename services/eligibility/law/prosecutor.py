"""Who prosecuted: a city's own attorney, the county, or unknown; read from the agency's name by its words (I-20)."""

import re
from dataclasses import dataclass
from typing import Literal

from services.eligibility.law.case import Case
from services.eligibility.law.finding import CitedTest

WORD = re.compile(r"[A-Z0-9]+")
NOISE = frozenset({"OFFICE", "OF", "THE", "S", "CITY"})
CITY_OFFICES = (("CITY", "ATTORNEY"), ("CITY", "ATTY"), ("CITY", "PROSECUTOR"))
COUNTY_OFFICES = (("DISTRICT", "ATTORNEY"), ("DIST", "ATTY"), ("D", "A"), ("DA",))


@dataclass(frozen=True, slots=True)
class Prosecutor:
    """``city`` is named as the county's list writes it, for a city on that list only."""

    kind: Literal["city", "county", "unknown"]
    city: str | None = None


def prosecutor(agency: str | None, cities: tuple[str, ...]) -> Prosecutor:
    """Who an agency's name stands for. A city's attorney whose city is not on the list is unknown, and so is
    a court, a police department or no name at all."""
    words = tuple(WORD.findall((agency or "").upper()))
    office = next((names for names in CITY_OFFICES if _within(names, words)), None)
    if office is not None:
        place = tuple(word for word in words if word not in NOISE and word not in office)
        for city in cities:
            if place == tuple(word for word in WORD.findall(city.upper()) if word not in NOISE):
                return Prosecutor("city", city)
        return Prosecutor("unknown")
    if any(_within(names, words) for names in COUNTY_OFFICES):
        return Prosecutor("county")
    return Prosecutor("unknown")


def prosecuted_by_city(case: Case) -> CitedTest:
    """Whether a city of the county's list filed it. Unknown when the agency does not say."""
    agency = case.conviction.prosecuting_agency
    found = prosecutor(agency, case.county.city_prosecutors)
    facts = {"prosecuting_agency": agency} if agency else {}
    rule, citation = "prosecuted_by_city", "Gov. Code 41803.5"
    if found.kind == "unknown":
        return CitedTest(rule, "unknown", citation, facts, unknown="prosecuting_agency")
    if found.city is not None:
        return CitedTest(rule, "met", citation, facts | {"city": found.city})
    return CitedTest(rule, "not_met", citation, facts)


def _within(names: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[at : at + len(names)] == names for at in range(len(words)))
