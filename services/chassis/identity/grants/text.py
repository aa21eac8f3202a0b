"""A grant as one line, as groups of a provider and the grants file write it. Pure.

``clerk:fresno``, ``district_attorney:fresno:signer``, ``city_attorney:fresno:clovis:signer``, ``source:fresno:court``,
``source:*:doj``, ``operator``. ``*`` as the county: the whole installation.
"""

from services.chassis.identity.caller import OF_INSTALLATION, ROLES, SIGNED_BY, Grant, Role

SIGNER = "signer"
EVERYWHERE = "*"
WITH_SCOPE: dict[Role, frozenset[str]] = {
    "source": frozenset({"court", "doj"}),
    "integrator": frozenset({"dismissals", "suppression"}),
}
"""Roles whose grants must say what of it is granted."""


class NoGrant(ValueError):
    """A text that is no grant; the text of the error says why."""


def grant_of(text: str) -> Grant:
    """The grant. Raises NoGrant."""
    name, *rest = text.split(":")
    if name not in ROLES:
        raise NoGrant(f"no role {name!r}: one of {', '.join(ROLES)}")
    role = name
    if role in OF_INSTALLATION:
        if rest:
            raise NoGrant(f"{role} is of the whole installation: write {role} alone")
        return Grant(role)
    if not rest or not rest[0]:
        raise NoGrant(f"{role} of which county? {role}:COUNTY, or {role}:{EVERYWHERE} for every county")
    county = None if rest[0] == EVERYWHERE else rest[0]
    rest = rest[1:]
    if role in WITH_SCOPE:
        return Grant(role, county, scope=_scope(role, rest))
    signer = bool(rest) and rest[-1] == SIGNER and role in SIGNED_BY
    rest = rest[:-1] if signer else rest
    if role == "city_attorney":
        if county is None or len(rest) != 1 or not rest[0]:
            raise NoGrant("a city attorney has a county and a city: city_attorney:COUNTY:CITY")
        return Grant(role, county, rest[0], signer)
    if rest:
        raise NoGrant(f"{role} has nothing but a county{' and signer' if role in SIGNED_BY else ''}")
    return Grant(role, county, None, signer)


def text_of(grant: Grant) -> str:
    """The line of a grant."""
    if grant.role in OF_INSTALLATION:
        return grant.role
    parts = [grant.role, grant.county or EVERYWHERE]
    parts += [grant.city] if grant.city else []
    parts += [SIGNER] if grant.signer else []
    parts += [",".join(sorted(grant.scope))] if grant.scope else []
    return ":".join(parts)


def _scope(role: Role, rest: list[str]) -> frozenset[str]:
    known = WITH_SCOPE[role]
    found = frozenset(rest[0].split(",")) if len(rest) == 1 else frozenset()
    if not found or not found <= known:
        raise NoGrant(f"{role} of what? {role}:COUNTY:{','.join(sorted(known))}, or one of them")
    return found
