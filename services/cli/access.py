"""``reliefstream access``: the file of grants, which each service reads again within seconds of a change."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from services.cli.client.local_root import local_root
from services.cli.terminal.exit import Refused, WrongUsage

if TYPE_CHECKING:
    from pydantic import ValidationError

    from services.chassis.identity.grants.file import GrantsFile

FILE = Annotated[
    Path | None,
    Parameter(
        name="--file",
        env_var="RELIEFSTREAM_GRANTS_FILE",
        help="the file of grants (YAML; else the local servers' own)",
    ),
]
app = App(
    name="access",
    help="Machines, their tokens, and persons: who is granted what, kept in the file of grants.",
)


@app.command(name="list")
def list_(
    *,
    file: FILE = None,
    uses: Annotated[
        bool, Parameter(negative="", help="ask each service when each token was last used")
    ] = False,
) -> None:
    """Show machines with their tokens' ids and ends, persons, and who is revoked."""
    from services.cli.client.token_uses import last_uses
    from services.cli.printed.grants import lines

    path = _place(file)
    if not path.exists():
        raise WrongUsage(f"{path}: there is no such file; reliefstream access grant begins one")
    for line in lines(_read(path), last_uses() if uses else None):
        print(line)


@app.command
def grant(
    account: Annotated[
        str, Parameter(help="a machine's (small letters, digits, hyphens), or a person's as whoami shows it")
    ],
    grants: Annotated[
        list[str], Parameter(negative=(), help="source:fresno:court, clerk:fresno, operator, administrator")
    ],
    *,
    file: FILE = None,
    what: Annotated[str, Parameter(help="what it is, for whoever reads the file")] = "",
) -> None:
    """Grant a machine or a person, in place of its grants before. A machine has no token yet: access token.

    An administrator's grant waits until a second person confirms it: reliefstream access confirm.
    """
    from services.chassis.identity.grants.edit import granted

    for one in grants:
        _check_place(one)
    changed = _change(file, lambda known, by: granted(known, account, tuple(grants), what, by))
    waits = any(one.account == account and one.waits for one in changed.persons)
    print(f"{account}: {', '.join(grants)}" + (" (waits for a second person)" if waits else ""))


@app.command
def confirm(
    account: Annotated[str, Parameter(help="a person whose grant as administrator waits")],
    *,
    file: FILE = None,
) -> None:
    """Confirm the grant of an administrator that another person entered."""
    from services.chassis.identity.grants.edit import confirmed

    _change(file, lambda known, by: confirmed(known, account, by))
    print(f"{account}: confirmed")


@app.command
def token(
    account: Annotated[str, Parameter(help="a machine of the file")],
    *,
    file: FILE = None,
    days: Annotated[int, Parameter(help="days until it ends")] = 90,
) -> None:
    """Make a machine's next token and print it, once. Of two before, the older one ends at once."""
    import secrets
    from datetime import UTC, datetime, timedelta

    from services.chassis.identity.grants.edit import with_token

    if not 1 <= days <= 400:
        raise WrongUsage("--days: from 1 to 400")
    made = secrets.token_hex(32)
    until = datetime.now(UTC).date() + timedelta(days=days)
    _change(file, lambda known, _: with_token(known, account, made, until))
    print(made)


@app.command
def revoke(
    account: Annotated[str, Parameter(help="as listed, or as the audit log has it")], *, file: FILE = None
) -> None:
    """Revoke an account: it opens nothing within a minute, whatever grants it elsewhere."""
    from services.chassis.identity.grants.edit import revoked

    _change(file, lambda known, _: revoked(known, account))
    print(f"{account}: revoked")


def _change(file: Path | None, change: "Callable[[GrantsFile, str], GrantsFile]") -> "GrantsFile":
    """Reads, changes and writes the file, as who signed in; what it says now. Raises WrongUsage, Refused."""
    from pydantic import ValidationError

    from services.chassis.identity.grants.edit import NotAllowed, NotInFile, changed_by, write_grants
    from services.chassis.runtime.private_file import changed_alone
    from services.cli.client.acting_person import acting_person

    path = _place(file)
    try:
        by = acting_person()
        with changed_alone(path):
            made = change(changed_by(_read(path), by), by)
            write_grants(path, made)
    except ValidationError as wrong:
        raise WrongUsage(_in_words(wrong)) from None
    except NotAllowed as wrong:
        raise Refused(str(wrong)) from None
    except NotInFile as wrong:
        raise WrongUsage(str(wrong)) from None
    except OSError as wrong:
        raise WrongUsage(f"{path}: {wrong.strerror}") from None
    return made


def _check_place(text: str) -> None:
    """Raises WrongUsage for a grant of a county, or of a city, that is not set up here."""
    from reliefstream_contracts.identifiers import CountyName
    from services import COUNTIES
    from services.chassis.identity.grants.text import NoGrant, grant_of
    from services.county_folders import counties

    try:
        given = grant_of(text)
    except NoGrant as wrong:
        raise WrongUsage(f"{text}: {wrong}") from None
    if given.county is None:
        return
    known = counties(COUNTIES)
    county = known.get(CountyName(given.county))
    if county is None:
        raise WrongUsage(f"{text}: no county {given.county!r} is set up here; known: {', '.join(known)}")
    if given.city and given.city not in county.city_prosecutors:
        cities = ", ".join(county.city_prosecutors) or "none"
        raise WrongUsage(f"{text}: no city attorney of {given.city!r} in {given.county}; known: {cities}")


def _in_words(wrong: "ValidationError") -> str:
    """Why an account or its grants are none, in words of our own."""
    said = {
        "string_pattern_mismatch": "An account is a machine's (small letters, digits and hyphens, at most 64, and no "
        "hyphen first), or a person's as reliefstream whoami shows it",
        "too_short": "Name at least one grant: clerk:fresno",
    }
    return "; ".join(said.get(one["type"], one["msg"]) for one in wrong.errors(include_input=False))


def _place(file: Path | None) -> Path:
    """The file that is meant: the option's or the environment's, else the local servers' own."""
    from deploy.local.layout import Layout

    return file or Layout(local_root()).grants


def _read(file: Path) -> "GrantsFile":
    """The file, or an empty one where it is not there yet. Raises WrongUsage."""
    from services.chassis.identity.grants.file import GrantsFile, read_grants
    from services.chassis.settings.located_yaml import WrongFile

    try:
        return read_grants(file) if file.exists() else GrantsFile()
    except WrongFile as wrong:
        raise WrongUsage(str(wrong)) from None
