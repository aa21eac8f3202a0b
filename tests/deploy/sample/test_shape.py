"""The shape of the two waves."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.sample.chance.dice import Dice
from deploy.sample.chance.quota import Spaced, Urn
from deploy.sample.population.shape import shape_at, split


def test_at_scale_1_it_is_the_shape_of_the_two_waves() -> None:
    shape = shape_at(Fraction(1))
    assert shape.persons["core"] == 53_000
    assert sum(n * persons for n, persons in shape.core_convictions.items()) == 66_000
    assert shape.core_kinds == {"both": 52_100, "doj": 9_900, "city": 4_000}
    assert shape.court_kinds == {"felony": 20_000, "misdemeanor": 38_000}
    assert sum(n * persons for n, persons in shape.lacking.items()) == 40_600
    assert sum(n * persons for n, persons in shape.court_only_convictions.items()) == 17_400
    assert split(53_000, {"black": 32, "latino": 45, "white": 20, "other": 3}) == {
        "black": 16_960,
        "latino": 23_850,
        "white": 10_600,
        "other": 1_590,
    }


def test_a_hundredth_is_exact_hundredths() -> None:
    shape = shape_at(Fraction(1, 100))
    assert shape.persons["core"] == 530
    assert shape.core_kinds == {"both": 521, "doj": 99, "city": 40}
    assert shape.court_kinds == {"felony": 200, "misdemeanor": 380}
    assert all(shape.cities.values())
    assert shape.of_each_fault == 1


@given(st.fractions(min_value=Fraction(1, 1000), max_value=3))
def test_at_any_scale_every_quota_fits_its_persons_or_convictions(scale: Fraction) -> None:
    shape = shape_at(scale)
    persons, known = shape.persons["core"], sum(shape.core_kinds.values())
    for quota in (shape.core_convictions, shape.lacking, shape.traits, shape.added):
        assert sum(quota.values()) == persons
        assert min(quota.values()) >= 0
    assert sum(n * count for n, count in shape.core_convictions.items()) == known
    assert sum(shape.writings.values()) == known - shape.core_kinds["city"]
    assert sum(shape.cities.values()) == shape.core_kinds["city"]
    court_only = (shape.lacking, shape.court_only_convictions)
    assert sum(n * count for quota in court_only for n, count in quota.items()) == sum(
        shape.court_kinds.values()
    )


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 20), max_size=6), st.integers(0, 2**32))
def test_an_urn_gives_exactly_what_was_put_in(contents: dict[str, int], seed: int) -> None:
    urn = Urn(contents, Dice(seed))
    drawn = [urn.draw() for _ in range(sum(contents.values()))]
    assert {thing: drawn.count(thing) for thing in contents} == contents
    with pytest.raises(IndexError):
        urn.draw()


@given(st.integers(1, 300), st.data())
def test_spaced_is_due_exactly_as_often_as_wanted(turns: int, data: st.DataObject) -> None:
    wanted = data.draw(st.integers(0, turns))
    spaced = Spaced(wanted, turns)
    assert sum(spaced.due() for _ in range(turns)) == wanted
