"""The grants of a trial: machines that act as each office, for the demo, tests and scripts."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from deploy.local.passwords import account_tokens
from deploy.sample.population.shape import CITIES
from services.chassis.identity.directory import sha256
from services.chassis.identity.grants.edit import granted, with_token, write_grants
from services.chassis.identity.grants.file import ADMINISTRATOR, GrantsFile, Person, read_grants
from services.chassis.runtime.private_file import changed_alone

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
    "trial-import": ("records_unit:*", "district_attorney:*", "clerk:*"),
}
"""Each office's account: what a script on a trial acts as. With real records, people sign in instead. The import
brings statements of several offices at once."""
NAMES: Final = {account: f"a script of the trial ({account})" for account in MACHINES}
"""As the console's pages name each."""
WHAT: Final = "a trial's account, for scripts"
SET_UP: Final = ("of the trial", "of the trial, too")
"""By whom the trial's own administrators are entered and confirmed."""
LAST_DAY: Final = date(2099, 12, 31)


def write_trial_grants(path: Path, secrets: Path, administrators: Iterable[str] = ()) -> None:
    """Adds what is missing to the file of grants, and to the folder's tokens; what else stands there is kept.

    ``administrators``: accounts of the built-in sign-in. An account that was revoked stays revoked. Raises WrongFile,
    OSError.
    """
    with changed_alone(path):
        _add_missing(path, account_tokens(secrets, MACHINES), administrators)


def _add_missing(path: Path, tokens: Mapping[str, str], administrators: Iterable[str]) -> None:
    before = file = read_grants(path) if path.exists() else GrantsFile()
    for account, grants in MACHINES.items():
        if account not in before.revoked:
            file = granted(file, account, grants, WHAT)
        if account not in before.revoked and not file.machine(sha256(tokens[account]), LAST_DAY):
            file = with_token(file, account, tokens[account], LAST_DAY)
    people = tuple(
        Person(
            account=one, what=SET_UP[0], grants=(ADMINISTRATOR,), entered_by=SET_UP[0], confirmed_by=SET_UP[1]
        )
        for one in administrators
    )
    others = tuple(one for one in file.persons if one.entered_by != SET_UP[0])
    if {*people} - {*file.persons}:
        file = file.model_copy(update={"persons": (*others, *people)})
    if file != before:
        write_grants(path, file)
