"""The answer to a person who would confirm what they entered."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.chassis.http.problems import Refusal
from services.relief.orders.two_persons import EntryChanged, SamePerson

OWN_ENTRY = "You entered it: another clerk of the county confirms it."
CHANGED = "What is entered now is other than what you were shown: look at it again, and confirm that."


@contextmanager
def confirmed_by_another() -> Iterator[None]:
    """Context manager: refuses a confirmation by who made the entry (409), or of another entry than shown (412)."""
    try:
        yield
    except SamePerson:
        raise Refusal(409, "same_person", "Another person confirms it", OWN_ENTRY) from None
    except EntryChanged:
        raise Refusal(412, "entry_changed", "The entry changed", CHANGED) from None
