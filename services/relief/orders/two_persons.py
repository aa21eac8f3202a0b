"""What one person entered counts only when another has confirmed it."""


class SamePerson(Exception):
    """Who entered it asks to confirm it."""


def another_than(entered_by: str | None, account: str) -> None:
    """Raises SamePerson where the account is the one that entered it."""
    if entered_by == account:
        raise SamePerson
