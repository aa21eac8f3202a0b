"""Every word of a policy's vocabulary takes its own example, and nothing else."""

from datetime import date
from typing import Any

import pytest
import yaml

from services.eligibility.law.conditions.conditions import WrongCondition, read_condition
from services.eligibility.law.conditions.vocabulary import VOCABULARY
from services.eligibility.law.engine.laws import LAWS

WORDS = {**VOCABULARY, **{name: word for law in LAWS.values() for name, word in law.words.items()}}
WRONG: tuple[Any, ...] = (
    *(None, False, 0, -1, 1.5, "", "fifty", [], [[]], [1], {}, {"a": 1}, 10**50),
    *(yaml.safe_load("2016-11-09 10:00:00"), ["crime"], ["11357 HS"], "4060 BP"),
)


@pytest.mark.parametrize("name", WORDS)
def test_a_word_takes_its_example_and_reads_as_prose(name: str) -> None:
    _, says = read_condition({name: yaml.safe_load(WORDS[name].example)}, WORDS)

    assert says
    assert "{" not in says


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_word_refuses_what_it_does_not_take_and_says_where(name: str, wrong: Any) -> None:
    with pytest.raises(WrongCondition, match=f"^{name}: ") as refused:
        read_condition({name: wrong}, WORDS)

    assert refused.value.key == name


@pytest.mark.parametrize("combination", ["all", "any"])
def test_otherwise_stands_alone(combination: str) -> None:
    with pytest.raises(WrongCondition, match="otherwise: stands alone"):
        read_condition({combination: [{"otherwise": True}, {"deceased": True}]})


def test_a_condition_within_another_kind_of_joining_is_set_apart() -> None:
    parts = [
        {"deceased": True},
        {"any": [{"age_at_least": 50}, {"convicted_on_or_after": date(2016, 11, 9)}]},
    ]

    assert read_condition({"all": parts})[1] == (
        "deceased and (50 or older on the day or convicted on or after 2016-11-09)"
    )
