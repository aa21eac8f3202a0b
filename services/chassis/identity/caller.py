"""Who calls, and the grants by which a request was admitted."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

Role = Literal[
    "source",
    "records_unit",
    "district_attorney",
    "city_attorney",
    "clerk",
    "public_defender",
    "community_group",
    "integrator",
    "analyst",
    "operator",
    "auditor",
    "administrator",
]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
OF_INSTALLATION: Final[frozenset[Role]] = frozenset({"operator", "auditor", "administrator"})
"""Roles that no county and no city can have: such a grant admits nowhere."""
SIGNED_BY: Final[frozenset[Role]] = frozenset({"district_attorney", "city_attorney"})
"""Roles whose grants tell who signs from who prepares."""
Kind = Literal["person", "machine"]


@dataclass(frozen=True, slots=True)
class Grant:
    """What an account may be, and where."""

    role: Role
    county: str | None = None
    """None: the whole installation."""
    city: str | None = None
    """Of a city attorney: the city that a case must be routed to."""
    signer: bool = False
    """Of a prosecutor: may sign, not only prepare."""
    scope: frozenset[str] = frozenset()
    """Of a source: the formats that it may send. Of an integrator: ``dismissals``, ``suppression``."""

    def reaches(self, county: str | None, city: str | None = None) -> bool:
        """Whether it holds for a case of that county (None: of every county), routed to that city (None: to none)."""
        return self.county in (None, county) and self.city in (None, city)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who was admitted."""

    account: str
    """Opaque and stable, without a name: what audit rows, ``by`` of events and decisions carry."""
    kind: Kind
    grants: tuple[Grant, ...]
    """Only those that admitted this request."""
    break_glass: str | None = None
    """Why an operator looks at a case's content; None: no such look."""

    def reaches(self, county: str | None, city: str | None = None) -> bool:
        """Whether one of the grants holds for a case of that county, as ``Grant.reaches``."""
        return any(grant.reaches(county, city) for grant in self.grants)

    def reaches_any(self, cases: Iterable[tuple[str | None, str | None]]) -> bool:
        """Whether a grant holds for one of these cases, each a county and the city that it is routed to, None: none.

        One of the whole installation also where there are no cases.
        """
        return self.counties is None or any(self.reaches(county, city) for county, city in cases)

    @property
    def counties(self) -> frozenset[str] | None:
        """The counties that the grants hold in; None: every one."""
        found = {grant.county for grant in self.grants}
        return None if None in found else frozenset(county for county in found if county is not None)

    @property
    def scope(self) -> frozenset[str] | None:
        """What of a source or an integrator the grants reach; None: everything."""
        scopes = [grant.scope for grant in self.grants]
        return frozenset().union(*scopes) if scopes and all(scopes) else None

    @property
    def role(self) -> str:
        """The role that admitted this request: of several, the one that the route names first."""
        return self.grants[0].role if self.grants else "anyone"

    def has(self, role: Role) -> bool:
        """Whether a grant of this role admitted the request."""
        return any(grant.role == role for grant in self.grants)


ANYONE: Final = Caller("anyone", "machine", ())
"""Whoever calls a public route."""
