"""Changes to the file of grants. Pure, but for ``write_grants``."""

import os
import re
import stat
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import yaml

from services.chassis.identity.directory import OPERATOR, sha256
from services.chassis.identity.grants.file import ADMINISTRATOR, PERSONS, GrantsFile, Machine, Person, Token
from services.chassis.identity.provider import PERSON
from services.chassis.runtime.private_file import private_file


class NotInFile(ValueError):
    """What a change is about is not in the file; the text says what is missing."""


class NotAllowed(ValueError):
    """Who asks for a change may not make it; the text says who may."""


def granted(file: GrantsFile, account: str, grants: tuple[str, ...], what: str, by: str = "") -> GrantsFile:
    """With the grants of this machine or person, new or replaced; it is no longer revoked.

    ``by``: who enters them, empty: nobody who signed in. An administrator's wait until ``confirmed``.
    Raises NotAllowed, pydantic's ValidationError.
    """
    left = tuple(one for one in file.revoked if one != account)
    file = file.model_copy(update={"revoked": left})
    if not account.startswith(PERSON):
        kept = _machine(file, account)
        tokens = kept.tokens if kept else ()
        what = what or (kept.what if kept else "")
        machine = Machine(account=account, what=what, grants=grants, tokens=tokens)
        return file.model_copy(update={"machines": (*_others(file, account), machine)})
    if ADMINISTRATOR in grants and by in ("", account):
        raise NotAllowed(
            "Two other persons grant an administrator: one of them signs in first (reliefstream login)"
        )
    person = Person(account=account, what=what, grants=grants, entered_by=by)
    return _with_person(file, person)


def confirmed(file: GrantsFile, account: str, by: str) -> GrantsFile:
    """With the grant of an administrator confirmed by a second person. Raises NotInFile, NotAllowed."""
    kept = next((one for one in file.persons if one.account == account), None)
    if kept is None or not kept.waits:
        raise NotInFile(f"No grant of {account} waits for a second person: reliefstream access list")
    if by in ("", kept.entered_by, account):
        raise NotAllowed("Another person confirms it: not who entered it, not who is granted, and signed in")
    made = Person(**{**kept.model_dump(), "confirmed_by": by})
    return _with_person(file, made)


def changed_by(file: GrantsFile, by: str) -> GrantsFile:
    """The file, where this account (empty: nobody who signed in) may change it. Raises NotAllowed.

    From two administrators on, only they: with one alone, no administrator could confirm a second.
    """
    if len(file.administrators) > 1 and by not in file.administrators:
        raise NotAllowed("The file has administrators: sign in as one of them (reliefstream login)")
    return file


def with_token(file: GrantsFile, account: str, token: str, until: date) -> GrantsFile:
    """With the hash of the machine's next token, and of the one before. Raises NotInFile."""
    kept = _machine(file, account)
    if kept is None:
        raise NotInFile(f"No machine {account!r} stands in the file: reliefstream access grant adds it")
    tokens = (*kept.tokens[-1:], Token(sha256=sha256(token), until=until))
    made = kept.model_copy(update={"tokens": tokens})
    return file.model_copy(update={"machines": (*_others(file, account), made)})


def revoked(file: GrantsFile, account: str) -> GrantsFile:
    """With the account revoked; the hashes of its tokens are gone.

    A person may be granted by the provider alone, and the operator's token by the settings; any other account that the
    file does not have is none. Raises NotInFile.
    """
    every: tuple[Machine | Person, ...] = (*file.machines, *file.persons)
    known = {one.account for one in every} | {*file.revoked, OPERATOR}
    if account not in known and not re.fullmatch(PERSONS, account):
        near = ", ".join(get_close_matches(account, known, 3))
        meant = f"is {near} meant?" if near else "reliefstream access list"
        raise NotInFile(f"No account {account!r} stands in the file: {meant}")
    kept = _machine(file, account)
    bare = (kept.model_copy(update={"tokens": ()}),) if kept else ()
    all_revoked = tuple(sorted({*file.revoked, account}))
    return file.model_copy(update={"machines": (*_others(file, account), *bare), "revoked": all_revoked})


def write_grants(path: Path, file: GrantsFile) -> None:
    """Writes the file whole: a crash leaves the old one or the new one. It is its owner's alone, or keeps its mode.

    Who read it before does so within ``changed_alone``. Raises OSError.
    """
    with private_file(path.resolve()) as out:
        if path.exists():
            os.fchmod(out.fileno(), stat.S_IMODE(path.stat().st_mode))
        yaml.safe_dump(file.model_dump(mode="json", exclude_defaults=True), out, sort_keys=False, width=120)


def _with_person(file: GrantsFile, person: Person) -> GrantsFile:
    others = tuple(one for one in file.persons if one.account != person.account)
    return file.model_copy(update={"persons": (*others, person)})


def _machine(file: GrantsFile, account: str) -> Machine | None:
    return next((one for one in file.machines if one.account == account), None)


def _others(file: GrantsFile, account: str) -> Iterator[Machine]:
    return (one for one in file.machines if one.account != account)
