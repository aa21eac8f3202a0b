"""What it takes to make one person's cases."""

from dataclasses import dataclass

from services.cli.sample.dice import Dice
from services.cli.sample.life import Life
from services.cli.sample.places import County
from services.cli.sample.serials import Serials


@dataclass(frozen=True, slots=True)
class Making:
    """The county, the sample's running numbers, and one person's own dice and days."""

    county: County
    serials: Serials
    dice: Dice
    life: Life
