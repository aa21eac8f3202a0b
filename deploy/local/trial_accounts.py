"""The grants of a trial: machines that act as each office, for the demo, tests and scripts."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from deploy.local.passwords import account_tokens
from deploy.sample.population.shape import CITIES
from services.chassis.identity.directory import sha256
from services.chassis.identity.grants_edit import write_grants
from services.chassis.identity.grants_file import GrantsFile, Machine, Token, read_grants

MACHINES: Final = {
    "trial-records-unit": ("records_unit:*",),
    "trial-preparer": ("district_attorney:*",),
    "trial-signer": ("district_attorney:*:signer",),
    "trial-second-signer": ("district_attorney:*:signer",),
    "trial-city-preparer": tuple(f"city_attorney:los-angeles:{city}" for city in CITIES),
    "trial-city-signer": tuple(f"city_attorney:los-angeles:{city}:signer" for city in CITIES),
    "trial-clerk": ("clerk:*",),
    "trial-second-clerk": ("clerk:*",),
    "trial-public-defender": ("public_defender:*",),
    "trial-community-group": ("community_group:*",),
    "trial-analyst": ("analyst:*",),
    "trial-auditor": ("auditor",),
}
"""Each office's account: what a script on a trial acts as. With real records, people sign in instead."""
WHAT: Final = "a trial's account, for scripts"
LIVES: Final = timedelta(days=365)
RENEWED: Final = timedelta(days=30)
"""So long before its end a token's last day is moved."""


def write_trial_grants(path: Path, secrets: Path, now: datetime) -> None:
    """Adds what is missing to the file of grants, and to the folder's tokens; what else stands there is kept.

    An account that was revoked stays revoked. Raises WrongFile, OSError.
    """
    before = read_grants(path) if path.exists() else GrantsFile()
    tokens = account_tokens(secrets, MACHINES)
    machines = {one.account: one for one in before.machines}
    for account, grants in MACHINES.items():
        if account not in before.revoked:
            machines[account] = _machine(machines.get(account), account, grants, tokens[account], now)
    after = before.model_copy(update={"machines": tuple(machines.values())})
    if after != before:
        write_grants(path, after)


def _machine(
    kept: Machine | None, account: str, grants: tuple[str, ...], token: str, now: datetime
) -> Machine:
    until = (now + LIVES).date()
    held = kept.tokens[0] if kept and kept.tokens else None
    if kept and held and held.sha256 == sha256(token) and held.until > (now + RENEWED).date():
        return kept
    return Machine(
        account=account, what=WHAT, grants=grants, tokens=(Token(sha256=sha256(token), until=until),)
    )
