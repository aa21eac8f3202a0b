"""Tests that find the same on every day are asked once of a conviction, however many days and rows ask them."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from services.eligibility.law.engine.case import Case

P = ParamSpec("P")
T = TypeVar("T")
UNASKED = object()


def whatever_the_day(test: Callable[Concatenate[Case, P], T]) -> Callable[Concatenate[Case, P], T]:
    """The test, kept in the case's memory: for one that never looks at ``as_of``."""

    @wraps(test)
    def asked(case: Case, /, *args: P.args, **kwargs: P.kwargs) -> T:
        question = (test, *args)
        found: T = case.memory.get(question, UNASKED)
        if found is UNASKED:
            found = case.memory[question] = test(case, *args, **kwargs)
        return found

    return asked
