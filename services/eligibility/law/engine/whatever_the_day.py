"""Caches tests whose result does not depend on the day: each runs once for a conviction."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from services.eligibility.law.input.judged_conviction import Case

P = ParamSpec("P")
T = TypeVar("T")
UNASKED = object()


def whatever_the_day(test: Callable[Concatenate[Case, P], T]) -> Callable[Concatenate[Case, P], T]:
    """Caches a test's result in the case's memory. Only for a test that never reads ``as_of``."""

    @wraps(test)
    def asked(case: Case, /, *args: P.args, **kwargs: P.kwargs) -> T:
        question = (test, *args) if args else test
        found: T = case.memory.get(question, UNASKED)
        if found is UNASKED:
            found = case.memory[question] = test(case, *args, **kwargs)
        return found

    return asked
