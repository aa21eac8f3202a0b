"""Counties of California, and in the sample's county its courts, police and prosecutors."""

from dataclasses import dataclass

from services.cli.terminal.exit import WrongUsage

COUNTIES = [
    "alameda",
    "alpine",
    "amador",
    "butte",
    "calaveras",
    "colusa",
    "contra-costa",
    "del-norte",
    "el-dorado",
    "fresno",
    "glenn",
    "humboldt",
    "imperial",
    "inyo",
    "kern",
    "kings",
    "lake",
    "lassen",
    "los-angeles",
    "madera",
    "marin",
    "mariposa",
    "mendocino",
    "merced",
    "modoc",
    "mono",
    "monterey",
    "napa",
    "nevada",
    "orange",
    "placer",
    "plumas",
    "riverside",
    "sacramento",
    "san-benito",
    "san-bernardino",
    "san-diego",
    "san-francisco",
    "san-joaquin",
    "san-luis-obispo",
    "san-mateo",
    "santa-barbara",
    "santa-clara",
    "santa-cruz",
    "shasta",
    "sierra",
    "siskiyou",
    "solano",
    "sonoma",
    "stanislaus",
    "sutter",
    "tehama",
    "trinity",
    "tulare",
    "tuolumne",
    "ventura",
    "yolo",
    "yuba",
]

ELSEWHERE = ("ORANGE", "SAN BERNARDINO", "RIVERSIDE", "KERN", "VENTURA", "SAN DIEGO")
COURTHOUSES = ("CENTRAL", "NORTH", "SOUTH", "EAST", "WEST", "AIRPORT", "VALLEY")


@dataclass(frozen=True)
class County:
    """The county whose files are made."""

    name: str
    """In kebab-case."""
    words: str
    """In upper case, as DOJ writes it."""
    with_city_prosecutors: bool
    elsewhere: tuple[str, ...]
    """Other counties, in upper case."""

    @property
    def court(self) -> str:
        """The court's full name."""
        return f"Superior Court of California, County of {self.words.title()}"

    @property
    def district_attorney(self) -> str:
        """The agency that prosecutes where no city does."""
        return f"{self.words} COUNTY DISTRICT ATTORNEY"


def county_named(name: str) -> County:
    """The county of that name, written in kebab-case or as DOJ does. Raises WrongUsage for any other."""
    kebab = "-".join(name.strip().lower().split())
    if kebab not in COUNTIES:
        raise WrongUsage(f"{name!r} is no county of California: write it like los-angeles or san-joaquin")
    words = kebab.replace("-", " ").upper()
    return County(kebab, words, kebab == "los-angeles", tuple(other for other in ELSEWHERE if other != words))
