"""What one person entered counts only when another has confirmed it, exactly as it was entered."""

import hashlib
import json


class SamePerson(Exception):
    """Who entered it asks to confirm it."""


class EntryChanged(Exception):
    """What is entered is other than what the confirming person was shown."""


def digest_of(*facts: object) -> str:
    """The SHA-256 of all that was entered, by whom and when; it changes with any of it."""
    return hashlib.sha256(json.dumps([str(each) for each in facts]).encode()).hexdigest()


def confirmed_as_shown(entered_by: str | None, digest: str | None, account: str, shown: str) -> None:
    """Raises SamePerson where the account is the one that entered it, EntryChanged where it was shown another entry."""
    if entered_by == account:
        raise SamePerson
    if digest != shown:
        raise EntryChanged
