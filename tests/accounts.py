"""One account that is every office: tests of what a service does are not tests of who may ask for it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from services.chassis.identity.caller import ROLES, Grant
from services.chassis.identity.directory import Account, Directory, sha256, shared_tokens
from services.chassis.identity.grants.edit import granted, with_token, write_grants
from services.chassis.identity.grants.file import GrantsFile

NAME = "operator"
SECOND_CLERK = "second-clerk"
MACHINES = ("source", "integrator")
OFFICES = tuple(Grant(role, signer=True) for role in ROLES if role not in MACHINES)
LINES = (
    "records_unit:*",
    "district_attorney:*:signer",
    "clerk:*",
    "public_defender:*",
    "community_group:*",
    "analyst:*",
    "operator",
    "auditor",
)
LAST_DAY = date(2099, 12, 31)


def every_office(
    token: str, counties: Mapping[str, str] | None = None, integrators: Mapping[str, str] | None = None
) -> Directory:
    """The accounts of an application: this token is every office, the others are as ``shared_tokens`` has them."""
    known = shared_tokens(counties=counties, integrators=integrators).machines
    return Directory({**known, sha256(token): Account(NAME, "machine", OFFICES)})


def every_office_file(folder: Path, token: str, second_clerk: str = "") -> Path:
    """A file of grants for a service's settings, where this token is every office but a city's attorney.

    ``second_clerk``: the token of another clerk, empty: there is none.
    """
    path = folder / "grants.yaml"
    file = with_token(granted(GrantsFile(), NAME, LINES, "of a test"), NAME, token, LAST_DAY)
    if second_clerk:
        file = granted(file, SECOND_CLERK, ("clerk:*",), "of a test")
        file = with_token(file, SECOND_CLERK, second_clerk, LAST_DAY)
    write_grants(path, file)
    return path
