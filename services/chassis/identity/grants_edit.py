"""Changes to the file of grants. Pure, but for ``write_grants``."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import yaml

from services.chassis.identity.directory import sha256
from services.chassis.identity.grants_file import GrantsFile, Machine, Token
from services.chassis.runtime.private_file import private_file


class NoMachine(ValueError):
    """The file has no machine of this account; the text says so."""


def granted(file: GrantsFile, account: str, grants: tuple[str, ...], what: str) -> GrantsFile:
    """With this machine's grants, new or replaced; it is no longer revoked. Raises pydantic's ValidationError."""
    kept = _machine(file, account)
    made = Machine(
        account=account,
        what=what or (kept.what if kept else ""),
        grants=grants,
        tokens=kept.tokens if kept else (),
    )
    left = tuple(one for one in file.revoked if one != account)
    return file.model_copy(update={"machines": (*_others(file, account), made), "revoked": left})


def with_token(file: GrantsFile, account: str, token: str, until: date) -> GrantsFile:
    """With the hash of the machine's next token, and of the one before. Raises NoMachine."""
    kept = _machine(file, account)
    if kept is None:
        raise NoMachine(f"No machine {account!r} stands in the file: reliefstream access grant adds it")
    tokens = (*kept.tokens[-1:], Token(sha256=sha256(token), until=until))
    made = kept.model_copy(update={"tokens": tokens})
    return file.model_copy(update={"machines": (*_others(file, account), made)})


def revoked(file: GrantsFile, account: str) -> GrantsFile:
    """With the account revoked; the hashes of its tokens are gone."""
    kept = _machine(file, account)
    bare = (kept.model_copy(update={"tokens": ()}),) if kept else ()
    all_revoked = tuple(sorted({*file.revoked, account}))
    return file.model_copy(update={"machines": (*_others(file, account), *bare), "revoked": all_revoked})


def write_grants(path: Path, file: GrantsFile) -> None:
    """Writes the file whole, readable by its owner: a crash leaves the old one or the new one. Raises OSError."""
    new = path.with_name(path.name + ".new")
    with private_file(new) as out:
        yaml.safe_dump(file.model_dump(mode="json", exclude_defaults=True), out, sort_keys=False, width=120)
    new.replace(path)


def _machine(file: GrantsFile, account: str) -> Machine | None:
    return next((one for one in file.machines if one.account == account), None)


def _others(file: GrantsFile, account: str) -> Iterator[Machine]:
    return (one for one in file.machines if one.account != account)
