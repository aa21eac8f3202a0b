"""The convictions of the two waves: under the cannabis sections, before 9 November 2016, relief due."""

from datetime import date

from deploy.sample.chance.dice import Dice
from deploy.sample.chance.serials import scattered
from deploy.sample.population.case_inputs import Making
from deploy.sample.population.life import months_before
from deploy.sample.population.other_offenses import PARAPHERNALIA
from deploy.sample.population.person import Case, Charge, Expected, Level, SentencePart
from deploy.sample.population.places import COURTHOUSES
from deploy.sample.population.sections import Section, cannabis_section

DISMISSAL = Expected("dismissal", "core", "district_attorney")


def expected_in_city(city: str) -> Expected:
    """A city's misdemeanor waits for its city attorney."""
    return Expected("needs_review", "core", "city_attorney", city, "city_attorney")


def cannabis_case(
    making: Making,
    level: Level,
    day: date,
    expected: Expected | None,
    *,
    section: Section | None = None,
    in_doj: bool = True,
    in_court: bool = True,
    city: str | None = None,
) -> Case:
    """A case with one cannabis conviction, prosecuted by ``city`` where cities do, else by the district
    attorney. Some have a second, smaller charge."""
    dice = making.dice
    city = city if making.county.with_city_prosecutors else None
    case = Case(
        day=day,
        offense_day=months_before(day, dice.between(1, 4)),
        county=making.county.words,
        courthouse=city.upper() if city else dice.one_of(COURTHOUSES),
        agency=f"{city.upper()} CITY ATTORNEY" if city else making.county.district_attorney,
        charges=[
            Charge(
                section or cannabis_section(level, day.year, dice),
                level,
                sentence=sentence_for(level, dice),
                expected=expected,
            )
        ],
        in_doj=in_doj,
        in_court=in_court,
    )
    number_case(case, making)
    if dice.chance(8):
        days = (SentencePart("jail", 10, "days"),)
        convicted = dice.chance(30)
        case.charges.append(
            Charge(PARAPHERNALIA, "misdemeanor", convicted=convicted, sentence=days if convicted else ())
        )
    return case


def number_case(case: Case, making: Making) -> None:
    """Gives the case its number, and the court its own writing of it: a dash, a blank, a leading zero."""
    dice, digits = making.dice, scattered(making.serials.next_case(), 6)
    felony = case.charges[0].level == "felony"
    letters = (
        dice.one_of(("BA", "KA", "NA", "VA", "YA"))
        if felony
        else f"{case.day.year % 9 + 1}{case.courthouse[0]}M"
    )
    case.number = letters + digits
    case.court_number = dice.one_of(
        (
            case.number,
            f"{letters}-{digits}",
            f"{letters} {digits}",
            f"{letters}0{digits}",
            f"{letters.lower()}{digits}" if felony else f"0{letters}{digits}",
        )
    )
    case.record_id = f"{case.day.year}-{digits}"


def sentence_for(level: Level, dice: Dice) -> tuple[SentencePart, ...]:
    """A sentence long over by 2026 for any conviction before 2017."""
    if level == "misdemeanor":
        if dice.chance(60):
            return (SentencePart("probation", dice.one_of((12, 24, 36)), "months"),)
        return (SentencePart("jail", dice.one_of((5, 10, 30, 60)), "days"),)
    at = dice.below(10)
    if at < 5:
        return (
            SentencePart("probation", dice.one_of((3, 5)), "years"),
            SentencePart("jail", dice.one_of((60, 90, 180, 365)), "days"),
        )
    if at < 8:
        return (SentencePart("probation", dice.one_of((24, 36)), "months"),)
    return (SentencePart("prison", dice.one_of((16, 24, 36)), "months"),)
