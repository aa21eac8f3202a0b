"""The inputs for one person's cases."""

from dataclasses import dataclass

from deploy.sample.chance.dice import Dice
from deploy.sample.chance.serials import Serials
from deploy.sample.population.life import Life
from deploy.sample.population.places import County


@dataclass(frozen=True, slots=True)
class Making:
    """The county, the sample's running numbers, and one person's own dice and days."""

    county: County
    serials: Serials
    dice: Dice
    life: Life
