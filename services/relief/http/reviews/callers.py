"""What a caller's grants admit of the reviews of a county."""

from typing import Annotated

from services.chassis.identity.caller import Caller, Grant
from services.chassis.identity.guard import Grants, allowed
from services.relief.review.review import Review
from services.relief.review.review_steps import Author

Office = Annotated[
    Caller, allowed(Grants("district_attorney", "city_attorney", "clerk", "records_unit", per_case=True))
]
"""Whoever works in an office that reviews; the endpoint shows and changes only what the grants reach."""
Prosecutor = Annotated[Caller, allowed(Grants("district_attorney", "city_attorney", per_case=True))]
Signer = Annotated[Caller, allowed(Grants("district_attorney", "city_attorney", signer=True, per_case=True))]
Halting = Annotated[Caller, allowed(Grants("clerk", "district_attorney"))]


def cities_of(caller: Caller) -> list[str] | None:
    """The cities whose queue is all that the caller sees; None: the county's whole queue."""
    if any(grant.role != "city_attorney" for grant in caller.grants):
        return None
    cities = {grant.city for grant in caller.grants}
    return None if None in cities else sorted(city for city in cities if city is not None)


def sees(caller: Caller, review: Review, county: str) -> bool:
    """Whether the review is of this county or in its queue, and of the caller's cities."""
    cities = cities_of(caller)
    of_county = county in (review.county, review.in_county)
    return of_county and (cities is None or (review.office == "city_attorney" and review.city in cities))


def author_on(caller: Caller, county: str, review: Review) -> Author | None:
    """The caller as the office that has the review; None: another office has it, or another county."""
    if review.in_county != county:
        return None
    grants = [grant for grant in caller.grants if _is_of(grant, review)]
    if not grants:
        return None
    return Author(review.office, caller.account, any(grant.signer for grant in grants))


def _is_of(grant: Grant, review: Review) -> bool:
    return grant.role == review.office and grant.reaches(review.in_county, review.city)
