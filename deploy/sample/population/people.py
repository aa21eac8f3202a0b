"""Fabricates persons: a name, a birth date, identifiers. None of them exists."""

from datetime import date

from deploy.sample.chance.dice import Dice
from deploy.sample.chance.serials import scattered
from deploy.sample.population import names
from deploy.sample.population.person import Person
from deploy.sample.population.places import COUNTIES, County


def fabricate(number: int, cohort: str, race: str, first_conviction: int, dice: Dice) -> Person:
    """A person without cases, adult for at least four years in the year of the first conviction."""
    sex = "F" if dice.chance(14) else "M"
    spanish = race == "latino" and dice.chance(80)
    if sex == "F":
        given = names.GIVEN_FEMALE_SPANISH if spanish else names.GIVEN_FEMALE
    else:
        given = names.GIVEN_MALE_SPANISH if spanish else names.GIVEN_MALE
    surnames = names.SURNAMES[race]
    # The square prefers the front of the list, where the most common names are.
    surname = surnames[int(dice.random() ** 2 * len(surnames))]
    if race == "latino" and dice.chance(35):
        surname += " " + dice.one_of(surnames)
    race_code, race_word = dice.one_of(names.RACE_WORDS[race])
    return Person(
        number=number,
        cohort=cohort,
        race=race,
        race_code=race_code,
        race_word=race_word,
        sex="F" if sex == "F" else "M",
        surname=surname,
        given=dice.one_of(given),
        middle="ABCDEFGHIJKLMNOPRSTVW"[dice.below(21)] if dice.chance(60) else "",
        suffix=dice.one_of(names.SUFFIXES) if sex == "M" and dice.chance(4) else "",
        birth=date(first_conviction - 22 - dice.below(14), dice.between(1, 12), dice.between(1, 28)),
    )


def give_rap_sheet(person: Person, county: County) -> None:
    """DOJ knows this person: a subject id and a CII number of a form that DOJ has not given out, and that no
    person of another county's sample has."""
    person.subject_id = scattered(person.number, 7)
    place = "" if county.name == "los-angeles" else f"{COUNTIES.index(county.name):02d}"
    person.cii = f"Z{place}{scattered(person.number, 7)}"


def give_court_key(person: Person) -> None:
    """The court's own key of this person."""
    person.court_key = "P" + scattered(person.number, 6)
