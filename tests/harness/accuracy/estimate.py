"""``python -m tests.harness.accuracy.estimate``: the committed weights, from a fabricated county made dirtier.

Seeds of its own: what is scored (linkage.py) is another county with other dirt.
"""

import argparse
from fractions import Fraction

from deploy.sample.chance.dice import Dice
from services.reconciliation import weights_file
from services.reconciliation.linkage.resemblance.description import description_of
from services.reconciliation.linkage.resemblance.learning import learn
from services.reconciliation.linkage.resemblance.weights import Weights
from tests.harness.accuracy.county import County, fabricated
from tests.harness.accuracy.dirt import Dirt

COUNTY_SEED, DIRT_SEED, DRAW_SEED = 64_001, 64_002, 64_003


def learnt(county: County, version: str) -> Weights:
    """Weights of a county's records; the truth is not looked at."""
    described = {key: description_of(record) for key, record in county.records.items()}
    return learn(described, Dice(DRAW_SEED).below, version)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", type=Fraction, default=Fraction(1, 4))
    asked.add_argument("--version", default=weights_file.CURRENT)
    given = asked.parse_args()
    county = Dirt(DIRT_SEED).on(fabricated(given.scale, COUNTY_SEED))
    weights = learnt(county, given.version)
    said = (
        f"{len(county.records):,} records of the fabricated county (scale {given.scale}, seed {COUNTY_SEED}), made "
        f"dirtier (seed {DIRT_SEED}); python -m tests.harness.accuracy.estimate"
    )
    file = weights_file.FOLDER / f"{given.version}.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(weights_file.as_text(weights, said), encoding="utf-8")
    print(f"{file.name}: one pair of {weights.persons:,} is one person's, of {said}")


if __name__ == "__main__":
    main()
