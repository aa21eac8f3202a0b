"""The file of grants in words."""

from collections.abc import Iterator, Mapping

from services.chassis.identity.grants.file import GrantsFile, Machine, Token
from services.chassis.identity.token_uses import token_id

Uses = Mapping[tuple[str, str], str]
"""Account and token id to the moment of the last use."""


def lines(file: GrantsFile, uses: Uses | None = None) -> Iterator[str]:
    """A line each for machines and persons, and one for who is revoked. ``uses`` None: nothing is said of them."""
    for machine in file.machines:
        ends = ", ".join(_token(machine, token, uses) for token in machine.tokens) or "none"
        yield f"{machine.account}  {', '.join(machine.grants)}  tokens: {ends}  {machine.what}".rstrip()
    for person in file.persons:
        waits = "waits for a second person  " if person.waits else ""
        yield f"{person.account}  {', '.join(person.grants)}  {waits}{person.what}".rstrip()
    if file.revoked:
        yield f"revoked: {', '.join(file.revoked)}"
    if not (file.machines or file.persons or file.revoked):
        yield "The file grants nothing."


def _token(machine: Machine, token: Token, uses: Uses | None) -> str:
    said = f"{token_id(token.sha256)} until {token.until}"
    if uses is None:
        return said
    used = uses.get((machine.account, token_id(token.sha256)))
    return f"{said}, last used {used[:16]}" if used else f"{said}, never used"
