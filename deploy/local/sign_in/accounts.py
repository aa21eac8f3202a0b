"""The fabricated people of a trial: who signs in at the built-in provider, and the groups that it says they have."""

from dataclasses import dataclass
from typing import Final

from services.chassis.identity.access_token import SignedIn
from services.chassis.identity.provider import PREFIX, account_of

STRENGTH: Final = "mfa"
"""``acr`` of every sign-in, as if a second factor had been shown."""
CITY: Final = "Los Angeles"
COUNTIES: Final = ("los-angeles", "sacramento")


@dataclass(frozen=True, slots=True)
class Person:
    """``subject``: what tokens name (``sub``). ``grant``: a line of a grant; it becomes a group of the provider."""

    subject: str
    name: str
    grant: str

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups as tokens list them. Of an administrator none: that grant stands in the file of grants."""
        return () if self.grant == ADMINISTRATOR else (PREFIX + self.grant,)


ADMINISTRATOR: Final = "administrator"


def _of_county(county: str) -> tuple[Person, ...]:
    place = county.replace("-", " ").title()
    return (
        Person(f"{county}-preparer", f"Deputy district attorney, {place}", f"district_attorney:{county}"),
        Person(f"{county}-signer", f"District attorney, {place}", f"district_attorney:{county}:signer"),
        Person(f"{county}-clerk", f"Clerk, {place}", f"clerk:{county}"),
        Person(f"{county}-second-clerk", f"Second clerk, {place}", f"clerk:{county}"),
        Person(f"{county}-records-unit", f"Records unit, {place}", f"records_unit:{county}"),
        Person(f"{county}-public-defender", f"Public defender, {place}", f"public_defender:{county}"),
        Person(f"{county}-community-group", f"Community group, {place}", f"community_group:{county}"),
    )


PEOPLE: Final = (
    *_of_county(COUNTIES[0]),
    Person("city-preparer", f"Deputy city attorney, {CITY}", f"city_attorney:{COUNTIES[0]}:{CITY}"),
    Person("city-signer", f"City attorney, {CITY}", f"city_attorney:{COUNTIES[0]}:{CITY}:signer"),
    *_of_county(COUNTIES[1]),
    Person("analyst", "Analyst of the state", "analyst:*"),
    Person("operator", "Operator", "operator"),
    Person("auditor", "Auditor", "auditor"),
    Person("administrator", "Administrator", ADMINISTRATOR),
    Person("second-administrator", "Second administrator", ADMINISTRATOR),
)


def person(subject: str) -> Person | None:
    """The person of this subject; None: there is none."""
    return next((one for one in PEOPLE if one.subject == subject), None)


def names(issuer: str) -> dict[str, str]:
    """The name of each person of this provider, by account."""
    return {account_of(SignedIn(issuer, one.subject, (), frozenset())): one.name for one in PEOPLE}


def administrators(issuer: str) -> list[str]:
    """The opaque accounts of the administrators of this provider, for the file of grants."""
    people = (one for one in PEOPLE if one.grant == ADMINISTRATOR)
    return [account_of(SignedIn(issuer, one.subject, (), frozenset())) for one in people]
