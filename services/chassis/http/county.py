"""The county and the city that a request names."""

from collections.abc import Iterable

from services.chassis.http.problems import Refusal
from services.chassis.http.text import OptionalText, Query


class OfCounty(Query):
    """Left out: every county."""

    county: OptionalText = None


class OfCity(OfCounty):
    """Left out: every county, whether routed to a city's attorney or not."""

    city: OptionalText = None


def unknown_county(known: Iterable[str]) -> Refusal:
    """The answer 404 where a request names none of the counties that are set up."""
    counties = ", ".join(sorted(known)) or "none"
    return Refusal(
        404, "unknown_county", "Unknown county", f"No such county here; those set up are {counties}."
    )
