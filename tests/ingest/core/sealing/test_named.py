"""Which counts of a record are the conviction that relief names."""

import pytest

from services.ingest.core.sealing.facts import CountFacts
from services.ingest.core.sealing.named import sealed_in


def facts(key: str, case: str = "X1", base: str = "HS11358", day: str = "1995-06-01") -> CountFacts:
    return CountFacts(key, "record/1", (case,) if case else (), base, base, (day,) if day else ())


SEALED = facts("1")
TWIN = facts("2")


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ([SEALED], {"1"}),
        ([SEALED, TWIN], {"1"}),
        ([facts("1", base="HS11359")], {"1"}),
        ([facts("1", case="", day="")], {"1"}),
        ([facts("1", case="X2")], {"1"}),
        ([facts("1", base="PC459", day="1990-01-02")], set()),
        ([facts("1", case="X2", day="1990-01-02")], set()),
        ([facts("1", base="PC459"), TWIN], {"2"}),
        ([facts("1", base="PC459", day="1990-01-02"), TWIN], {"2"}),
        ([TWIN, facts("3")], {"2"}),
        ([facts("2", case="")], set()),
    ],
)
def test_a_number_alone_is_no_conviction(shown: list[CountFacts], expected: set[str]) -> None:
    assert sealed_in(SEALED, shown, {"1"}, moved=True) == expected


def test_who_is_asked_again_takes_nothing_that_only_looks_like_it() -> None:
    assert sealed_in(SEALED, [TWIN], {"1"}, moved=False) == set()
