"""The answer to a person who would confirm what they entered."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.chassis.http.problems import Refusal
from services.relief.orders.two_persons import SamePerson

OWN_ENTRY = "You entered it: another clerk of the county confirms it."


@contextmanager
def confirmed_by_another() -> Iterator[None]:
    """Context manager: refuses a confirmation by who made the entry. Raises Refusal 409."""
    try:
        yield
    except SamePerson:
        raise Refusal(409, "same_person", "Another person confirms it", OWN_ENTRY) from None
