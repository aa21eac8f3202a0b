"""Asks every route of every service as every role, in its own county and city and in another.

``python -m tests.contracts.grants_walk`` prints the table as it is now, to be compared with contracts/grants.yaml.
"""

import asyncio
import re
import sys
from collections.abc import Iterator

import httpx
import yaml

from services import SERVICES
from services.chassis.identity.caller import ROLES, Grant, Role
from services.chassis.identity.directory import Account, Directory, sha256
from services.chassis.identity.guard import BREAK_GLASS
from services.openapi import applications

OWN, OTHER, CITY, OTHER_CITY = "fresno", "kern", "clovis", "fowler"
SHARED = "every service"
PLACES = {"number": "1", "county": OWN, "delivery_id": "1"}
SOMEBODY = "00000000-0000-0000-0000-000000000001"


class Asking:
    """The services with one account, whose grants change."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.apps = applications(Directory(self.accounts))

    async def admits(self, service: str, method: str, path: str, grant: Grant, **headers: str) -> bool:
        self.accounts[sha256("word")] = Account("a1", "person", (grant,))
        transport = httpx.ASGITransport(self.apps[service], raise_app_exceptions=False)
        given = {"authorization": "Bearer word", **headers}
        async with httpx.AsyncClient(transport=transport, base_url="http://s") as http:
            return (await http.request(method, path, headers=given)).status_code not in (401, 403)


def filled(path: str, county: str = OWN) -> str:
    """The path with a value in each place; what it holds does not matter to a guard, but for the county."""
    places = {**PLACES, "county": county}
    return re.sub(r"{(\w+)}", lambda found: places.get(found[1], SOMEBODY), path)


async def observed(asking: Asking, service: str, method: str, path: str, role: Role) -> str | None:
    """What the role may there, in the table's words; None: nothing."""
    signs = role in ("district_attorney", "city_attorney")

    async def may(county: str | None, city: str | None, query: str = "", *, signer: bool = True) -> bool:
        grant = Grant(role, county, city, signer=signer)
        return await asking.admits(service, method, filled(path) + query, grant)

    if not await may(None, None):
        reason = {BREAK_GLASS: "incident 7"}
        with_reason = await asking.admits(service, method, filled(path), Grant(role), **reason)
        return "with a reason" if with_reason else None
    city = CITY if role == "city_attorney" else None
    of_city = f"&city={CITY}" if city else ""
    named = await may(OWN, city, f"?county={OWN}{of_city}")
    unnamed = await may(OWN, city) and ("{county}" not in path or city is not None)
    if city and not unnamed:
        assert not await may(OWN, city, f"?county={OWN}&city={OTHER_CITY}"), (path, "another city")
    if named and "{county}" not in path and not unnamed:
        assert not await may(OWN, city, f"?county={OTHER}{of_city}"), (path, "another county by its query")
    elsewhere = Grant(role, OWN, city, signer=True)
    if "{county}" in path:
        for query in ("", f"?county={OWN}"):
            other = filled(path, OTHER) + query
            assert not await asking.admits(service, method, other, elsewhere), (
                other,
                "another county's path",
            )
    where = "each case" if unnamed else "its county" if named else "the installation"
    return f"{where}, signer" if signs and not await may(None, None, signer=False) else where


def guarded(asking: Asking) -> Iterator[tuple[str, str, str]]:
    """Service, method and path of each route that is not open to everyone."""
    for service, app in asking.apps.items():
        for path, operations in app.openapi()["paths"].items():
            yield from (
                (service, method.upper(), path) for method, one in operations.items() if "security" in one
            )


def shared(path: str) -> bool:
    return path.startswith(
        ("/v1/dead-letters", "/v1/lost-records", "/v1/audit", "/v1/caller", "/v1/token-uses")
    )


async def table() -> dict[str, dict[str, dict[str, str]]]:
    """Service to route to role to where, as observed. What every service has stands once, and is the same in each."""
    asking = Asking()
    found: dict[str, dict[str, dict[str, str]]] = {SHARED: {}, **{service: {} for service in SERVICES}}
    for service, method, path in guarded(asking):
        may = {role: await observed(asking, service, method, path, role) for role in ROLES}
        admitted = {str(role): where for role, where in may.items() if where}
        place = found[SHARED if shared(path) else service]
        assert place.setdefault(f"{method} {path}", admitted) == admitted, (
            service,
            path,
            "as in the other services",
        )
    return found


if __name__ == "__main__":
    sys.stdout.write(yaml.safe_dump(asyncio.run(table()), sort_keys=False, width=120))
