"""Weights are found again in data that was made with known ones."""

from dataclasses import replace
from math import log2

import pytest

from deploy.sample.chance.dice import Dice
from services.reconciliation.linkage.resemblance.estimation import Drawn, estimate, frequencies_of
from services.reconciliation.linkage.resemblance.weights import Field, Model, bits_of, probability_of

Row = tuple[str, ...]
AGREE = (90, 75, 85)
"""Of a hundred second rows of a person, how many have the first one's value in each field."""


def equal(at: int) -> Field[Row]:
    return Field(f"f{at}", ("equal", "different"), lambda a, b: int(a[at] != b[at]), keyed=True)


def fabricated(people: int) -> list[Row]:
    """Two rows a person."""
    dice, rows = Dice(3), []
    for _ in range(people):
        first = tuple(str(dice.below(400)) for _ in AGREE)
        second = (
            value if dice.chance(of) else str(dice.below(400)) for value, of in zip(first, AGREE, strict=True)
        )
        rows += [first, tuple(second)]
    return rows


@pytest.mark.slow
def test_m_u_and_the_number_of_persons_are_found_again_without_the_truth() -> None:
    rows, dice = fabricated(600), Dice(4)
    pairs = [
        (a, b) for at, a in enumerate(rows) for b in rows[at + 1 :] if set(enumerate(a)) & set(enumerate(b))
    ]
    strangers = [(dice.one_of(rows), dice.one_of(rows)) for _ in range(20_000)]
    drawn = Drawn(len(rows), pairs, strangers, {})
    found = estimate([equal(0), equal(1), equal(2)], drawn, version="v", link_at=0.99, review_at=0.5)
    for at, of in enumerate(AGREE):
        m, u = found.agreement[f"f{at}"]["equal"]
        assert m == pytest.approx(of / 100, abs=0.04)
        assert u == pytest.approx(1 / 400, rel=0.15)
    assert found.persons == pytest.approx(len(rows) * (len(rows) - 1) / 2 / 600, rel=0.1)


def test_what_one_person_agrees_in_is_not_counted_as_strangers_agreement_where_many_pairs_are_one_persons() -> (
    None
):
    rows = fabricated(40)
    pairs = [(a, b) for at, a in enumerate(rows) for b in rows[at + 1 :]]
    fields = [equal(0), equal(1), replace(equal(2), keyed=False)]
    found = estimate(fields, Drawn(len(rows), pairs, pairs, {}), version="v", link_at=0.99, review_at=0.5)
    assert sum(a[2] == b[2] for a, b in pairs) / len(pairs) > 0.01
    assert found.agreement["f2"]["equal"][1] == pytest.approx(1 / 400, abs=0.001)


def test_a_rare_value_says_more_than_a_frequent_one() -> None:
    rows: list[Row] = [("GARCIA" if n % 2 else f"NAME{n}",) for n in range(400)]
    field: Field[Row] = Field("f0", ("equal", "different"), lambda a, b: int(a != b), lambda a, _: a[0])
    strangers = [(a, b) for a in rows[:60] for b in rows[60:120]]
    drawn = Drawn(400, strangers[:50], strangers, {"f0": frequencies_of(row[0] for row in rows)})
    model = Model([field], estimate([field], drawn, version="v", link_at=0.99, review_at=0.5))
    common, rare = ("GARCIA",), ("ZUMWALT",)
    gap = model.bits(model.evidence([rare], [rare])) - model.bits(model.evidence([common], [common]))
    assert gap == pytest.approx(log2(0.5 * 400))


def test_probabilities_and_bits_are_each_others_inverse() -> None:
    for probability in (0.001, 0.5, 0.999):
        assert probability_of(bits_of(probability)) == pytest.approx(probability)
    assert probability_of(5000.0) == 1.0
