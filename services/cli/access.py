"""``reliefstream access``: the file of grants, which each service reads again within seconds of a change."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from services.cli.terminal.exit import WrongUsage

if TYPE_CHECKING:
    from services.chassis.identity.grants_file import GrantsFile

FILE = Annotated[
    Path, Parameter(name="--file", env_var="RELIEFSTREAM_GRANTS_FILE", help="the file of grants (YAML)")
]
app = App(
    name="access",
    help="Machines, their tokens, and persons: who is granted what, kept in the file of grants.",
)


@app.command(name="list")
def list_(*, file: FILE) -> None:
    """Show machines with the ends of their tokens, persons, and who is revoked."""
    from services.cli.printed.grants import lines

    for line in lines(_read(file)):
        print(line)


@app.command
def grant(
    account: Annotated[
        str, Parameter(help="a new machine's: small letters, digits and hyphens, no person's name")
    ],
    grants: Annotated[
        list[str], Parameter(negative=(), help="source:fresno:court, operator, integrator:*:dismissals")
    ],
    *,
    file: FILE,
    what: Annotated[str, Parameter(help="what it is, for whoever reads the file")] = "",
) -> None:
    """Add a machine, or replace its grants. It has no token yet: reliefstream access token."""
    from services.chassis.identity.grants_edit import granted

    _change(file, lambda known: granted(known, account, tuple(grants), what))
    print(f"{account}: {', '.join(grants)}")


@app.command
def token(
    account: Annotated[str, Parameter(help="a machine of the file")],
    *,
    file: FILE,
    days: Annotated[int, Parameter(help="days until it ends")] = 90,
) -> None:
    """Make a machine's next token and print it, once. Of two before, the older one ends at once."""
    import secrets
    from datetime import UTC, datetime, timedelta

    from services.chassis.identity.grants_edit import with_token

    if not 1 <= days <= 400:
        raise WrongUsage("--days: from 1 to 400")
    made = secrets.token_hex(32)
    until = datetime.now(UTC).date() + timedelta(days=days)
    _change(file, lambda known: with_token(known, account, made, until))
    print(made)


@app.command
def revoke(
    account: Annotated[str, Parameter(help="as listed, or as the audit log has it")], *, file: FILE
) -> None:
    """Revoke an account: it opens nothing within a minute, whatever grants it elsewhere."""
    from services.chassis.identity.grants_edit import revoked

    _change(file, lambda known: revoked(known, account))
    print(f"{account}: revoked")


def _change(file: Path, change: "Callable[[GrantsFile], GrantsFile]") -> None:
    """Reads, changes and writes the file. Raises WrongUsage."""
    from pydantic import ValidationError

    from services.chassis.identity.grants_edit import NoMachine, write_grants

    try:
        write_grants(file, change(_read(file)))
    except ValidationError as wrong:
        raise WrongUsage("; ".join(one["msg"] for one in wrong.errors(include_input=False))) from None
    except (NoMachine, OSError) as wrong:
        raise WrongUsage(str(wrong)) from None


def _read(file: Path) -> "GrantsFile":
    """The file, or an empty one where it is not there yet. Raises WrongUsage."""
    from services.chassis.identity.grants_file import GrantsFile, read_grants
    from services.chassis.settings.located_yaml import WrongFile

    try:
        return read_grants(file) if file.exists() else GrantsFile()
    except WrongFile as wrong:
        raise WrongUsage(str(wrong)) from None
