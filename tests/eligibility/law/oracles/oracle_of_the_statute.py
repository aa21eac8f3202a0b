"""What HS 11357 to 11360 and 11361.8 say of one conviction of before 9 November 2016, from the statute's words alone.

An oracle for the law: nothing is shared with it. Every world that what is known allows is looked at: how old the person
was, how much it was, whether a bar stands. The legal minimum is the least that follows in any of them, and it is open
where nothing follows in one world and something in another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

AGES = {"under_18": (17,), "18_to_20": (19,), "21_or_older": (30,), None: (17, 19, 30)}
RANK = {None: 0, "redesignation": 1, "dismissal": 2}
LEVELS = {"none": 0, "infraction": 1, "misdemeanor": 2, "felony": 3}
Known = bool | None
"""Met, not met, unknown."""


@dataclass(frozen=True)
class Offense:
    """What is known: the former section and level; the rest may be None, unknown."""

    section: str
    level: str | None
    age: str | None
    bar: Known
    """A super strike, a PC 290(c) conviction or two priors, standing when the offense was charged."""
    few_plants: Known = None
    little: Known = None
    """Up to 28.5 grams, or 8 grams of concentrate."""
    on_school_grounds: Known = None
    disqualified_by_itself: bool = False
    """A buyer under 18, a helper under 21, import or export, harm to the environment; presumed absent."""


@dataclass(frozen=True)
class World:
    age: int
    bar: bool
    few_plants: bool
    little: bool
    on_school_grounds: bool


def minimum(offense: Offense) -> tuple[str | None, bool]:
    """The legal minimum, and whether it is open what else would be compelled."""
    follows = [relief(offense, world) for world in worlds(offense)]
    least = min(follows, key=RANK.__getitem__)
    return least, least is None and any(follows)


def worlds(offense: Offense) -> Iterator[World]:
    def either(known: Known) -> tuple[bool, ...]:
        return (True, False) if known is None else (known,)

    for age, bar, few, little, school in product(
        AGES[offense.age],
        either(offense.bar),
        either(offense.few_plants),
        either(offense.little),
        either(offense.on_school_grounds),
    ):
        yield World(age, bar, few, little, school)


def relief(offense: Offense, world: World) -> str | None:
    """HS 11361.8(e), (f): dismissed where nothing is left of the offense, redesignated where less is."""
    if not was_an_offense(offense.section, offense.level):
        return None
    today = LEVELS[today_is(offense, world)]
    then = LEVELS[offense.level or "none"]
    return None if today >= then else "dismissal" if today == 0 else "redesignation"


def was_an_offense(section: str, level: str | None) -> bool:
    """Whether the former section was punished at that level at all; a felony that its subdivision never was is read
    as one of any 11357, or as the level that is misreported of an 11360(b)."""
    if section in {"11358", "11359", "11360", "11360(a)"}:
        return level == "felony"
    levels = {
        "11357": {"felony", "misdemeanor"},
        "11357(a)": {"felony", "misdemeanor"},
        "11357(b)": {"felony", "misdemeanor", "infraction"},
        "11357(c)": {"felony", "misdemeanor"},
        "11357(d)": {"felony", "misdemeanor"},
        "11357(e)": {"felony", "misdemeanor"},
        "11360(b)": {"felony", "misdemeanor"},
    }
    return level in levels[section]


def today_is(offense: Offense, world: World) -> str:
    """The level today, of conduct that the former section describes."""
    if offense.section.startswith("11357"):
        return possession_today(offense, world)
    if offense.section == "11360(b)":
        # "Every person who gives away ... or transports ... not more than 28.5 grams ... is guilty of an infraction."
        return "infraction"
    minor, barred = world.age < 18, world.bar or offense.disqualified_by_itself
    if offense.section == "11358":
        if world.few_plants:
            return "none" if world.age >= 21 else "infraction"
        return "infraction" if minor else "felony" if barred else "misdemeanor"
    return "infraction" if minor else "felony" if barred else "misdemeanor"


def possession_today(offense: Offense, world: World) -> str:
    """11357 and 11362.1(a)(1), (2): what the former subdivisions say of weight, age and place is taken as known."""
    sub = "" if offense.level == "felony" else offense.section.removeprefix("11357")
    little = {"(b)": True, "(c)": False, "(d)": True, "(e)": True}.get(sub, world.little)
    minor = world.age < 18 or sub == "(e)"
    if minor:
        return "infraction"
    if not little:
        return "misdemeanor"
    school = {"(d)": True, "": world.on_school_grounds and offense.level == "misdemeanor"}.get(sub, False)
    if school:
        return "misdemeanor"
    return "none" if world.age >= 21 else "infraction"
