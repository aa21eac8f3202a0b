"""The file of grants in words."""

from collections.abc import Iterator

from services.chassis.identity.grants_file import GrantsFile


def lines(file: GrantsFile) -> Iterator[str]:
    """A line each for machines and persons, and one for who is revoked."""
    for machine in file.machines:
        ends = ", ".join(f"until {token.until}" for token in machine.tokens) or "none"
        yield f"{machine.account}  {', '.join(machine.grants)}  tokens: {ends}  {machine.what}".rstrip()
    for person in file.persons:
        waits = "waits for a second person  " if person.waits else ""
        yield f"{person.account}  {', '.join(person.grants)}  {waits}{person.what}".rstrip()
    if file.revoked:
        yield f"revoked: {', '.join(file.revoked)}"
    if not (file.machines or file.persons or file.revoked):
        yield "The file grants nothing."
