"""The rest of a person's record: other convictions, here and elsewhere, and those of traits."""

from datetime import date

from deploy.sample.population.case_inputs import Making
from deploy.sample.population.core import number_case, sentence_for
from deploy.sample.population.life import months_before
from deploy.sample.population.other_offenses import (
    FELONIES,
    MISDEMEANORS,
    ROBBERY,
    SEX_OFFENSES,
    SUPER_STRIKES,
)
from deploy.sample.population.person import Case, Charge, Level, Person, SentencePart
from deploy.sample.population.places import COURTHOUSES
from deploy.sample.population.sections import Section


def other_case(making: Making, section: Section, level: Level, day: date, years: int = 0) -> Case:
    """A case that only the rap sheet has, a third of them in another county; ``years`` of prison, or a usual
    sentence."""
    dice, county = making.dice, making.county
    sentence = (SentencePart("prison", years, "years"),) if years else sentence_for(level, dice)
    case = Case(
        day=day,
        offense_day=months_before(day, dice.between(1, 4)),
        county=dice.one_of(county.elsewhere) if dice.chance(33) else county.words,
        courthouse=dice.one_of(COURTHOUSES),
        agency=county.district_attorney,
        charges=[Charge(section, level, sentence=sentence)],
    )
    number_case(case, making)
    return case


def add_history(person: Person, making: Making) -> None:
    """Nothing for three persons in ten, misdemeanors for another two, a felony among others for the rest."""
    dice = making.dice
    kind = dice.below(100)
    if kind < 30:
        return
    adult = person.birth.year + 19
    for nth in range(dice.between(1, 3)):
        felony = kind >= 50 and (nth == 0 or dice.chance(50))
        section = dice.one_of(FELONIES if felony else MISDEMEANORS)
        day = making.life.day_in(min(dice.between(adult, adult + 30), 2015))
        case = other_case(making, section, "felony" if felony else "misdemeanor", day)
        if dice.chance(12):
            case.charges[0].convicted = False
            case.charges[0].sentence = ()
        person.cases.append(case)


def add_trait(person: Person, trait: str, making: Making) -> None:
    """Adds what los-angeles-2020 tests and los-angeles-2021 does not, dated after all convictions that matter."""
    dice, life = making.dice, making.life
    level: Level = "felony"
    earlier = min(case.day for case in person.cases).year - dice.between(1, 2)
    if trait == "super_strike":
        person.cases.append(
            other_case(making, dice.one_of(SUPER_STRIKES), level, life.day_in(earlier), years=11)
        )
    elif trait == "sex_offence":
        day = life.day_in(earlier)
        person.cases.append(other_case(making, dice.one_of(SEX_OFFENSES), level, day))
        person.registered_on += [day.replace(year=day.year + 1), day.replace(year=day.year + 2)]
    elif trait == "running_sentence":
        day = life.day_in(2016 - dice.below(8))
        person.cases.append(other_case(making, ROBBERY, level, day, years=60))
    elif trait == "deceased":
        last = max(case.day for case in person.cases)
        year = min(last.year + 1 + dice.below(10), 2023)
        person.deceased_on = date(year, dice.between(1, 12), dice.between(1, 28))
