"""Everybody in the sample, one after the other: the shape's quotas drawn in random order, exact at the end."""

from collections.abc import Iterator

from deploy.sample.chance.dice import Dice
from deploy.sample.chance.quota import Spaced, Urn
from deploy.sample.chance.serials import Serials
from deploy.sample.files.refused_rows import ROW_FAULTS
from deploy.sample.population.added import added_case
from deploy.sample.population.case_inputs import Making
from deploy.sample.population.core import DISMISSAL, cannabis_case, expected_in_city
from deploy.sample.population.history import add_history, add_trait
from deploy.sample.population.life import Life, first_year
from deploy.sample.population.people import fabricate, give_court_key, give_rap_sheet
from deploy.sample.population.person import Case, Level, Person
from deploy.sample.population.places import County
from deploy.sample.population.shape import RACES, Shape, split


class Population:
    """Iterate over it once. Each person has separate dice for facts; quotas use shared dice."""

    def __init__(self, shape: Shape, county: County, seed: int) -> None:
        self._shape, self._county, self._seed = shape, county, seed
        self._serials = Serials()
        common = Dice(seed)
        self._cohorts = Urn(shape.persons, common)
        self._races = {name: Urn(split(of, RACES), common) for name, of in shape.persons.items()}
        self._known = Urn(shape.core_convictions, common)
        self._kinds = Urn(shape.core_kinds, common)
        self._lacking = Urn(shape.lacking, common)
        self._alone = Urn(shape.court_only_convictions, common)
        self._court_kinds = Urn(shape.court_kinds, common)
        self._cities = Urn(shape.cities, common)
        self._traits = Urn(shape.traits, common)
        self._added = Urn(shape.added, common)
        self._writings = Urn(shape.writings, common)
        core = shape.persons["core"]
        self._sent_twice = Spaced(shape.sent_twice, shape.core_kinds["both"])
        self._revised = Spaced(shape.revised, sum(shape.court_kinds.values()))
        self._identical_row = Spaced(shape.identical_rows, core)
        self._faults = Spaced(shape.of_each_fault * len(ROW_FAULTS), core)
        self._faults_given = 0
        self._pairs_left = shape.shared_cii_pairs
        self._first_of_pair: Person | None = None

    def __iter__(self) -> Iterator[Person]:
        for number in range(1, sum(self._shape.persons.values()) + 1):
            yield self._person(number)

    def _person(self, number: int) -> Person:
        cohort = self._cohorts.take("core") if number == 1 else self._cohorts.draw()
        race = self._races[cohort].draw()
        dice = Dice((self._seed << 40) + number)
        # The first conviction of the first person opens the county's record in 1961.
        year = 1961 if number == 1 else first_year(dice)
        person = fabricate(number, cohort, race, year, dice)
        making = Making(self._county, self._serials, dice, Life(dice))
        if cohort == "core":
            self._core(person, year, making)
        elif cohort == "court_only":
            person.cases += [self._court_case(year, making) for _ in range(self._alone.draw())]
        else:
            person.cases.append(added_case(cohort, year, making))
        if any(case.in_doj for case in person.cases):
            give_rap_sheet(person, self._county)
        elif dice.chance(50):
            give_rap_sheet(person, self._county)
            person.subject_id = None
        if any(case.in_court for case in person.cases):
            give_court_key(person)
        elif cohort == "core":
            self._share_cii(person)
        return person

    def _core(self, person: Person, year: int, making: Making) -> None:
        for _ in range(self._known.draw()):
            person.cases.append(self._known_case(person, year, making))
        for _ in range(self._lacking.draw()):
            person.cases.append(self._court_case(self._later(year, making.dice), making))
        added = self._added.draw()
        if added != "none":
            person.cases.append(added_case(added, self._later(year, making.dice), making))
        add_trait(person, self._traits.draw(), making)
        add_history(person, making)
        person.identical_row = self._identical_row.due()
        if self._faults.due():
            person.row_faults.append(ROW_FAULTS[self._faults_given % len(ROW_FAULTS)])
            self._faults_given += 1

    def _known_case(self, person: Person, year: int, making: Making) -> Case:
        first = not person.cases
        kind = self._kinds.take("both") if first and person.number == 1 else self._kinds.draw()
        day = making.life.day_in(year if first else self._later(year, making.dice))
        if kind == "city":
            city = self._cities.draw()
            expected = expected_in_city(city) if self._county.with_city_prosecutors else DISMISSAL
            return cannabis_case(making, "misdemeanor", day, expected, city=city)
        case = cannabis_case(making, "felony", day, DISMISSAL, in_court=kind == "both")
        self._write(case, self._writings.draw(), making)
        case.sent_twice = kind == "both" and self._sent_twice.due()
        return case

    def _court_case(self, year: int, making: Making) -> Case:
        level: Level = "felony" if self._court_kinds.draw() == "felony" else "misdemeanor"
        case = cannabis_case(making, level, making.life.day_in(year), DISMISSAL, in_doj=False)
        case.revised = self._revised.due()
        return case

    def _write(self, case: Case, writing: str, making: Making) -> None:
        charge = case.charges[0]
        if writing == "attempt":
            charge.attempt = True
        elif writing == "comment_charge":
            charge.comment = f"{charge.section.number} {charge.section.code}-{charge.section.words}"
            charge.doj_text = making.dice.one_of(("SEE COMMENT FOR CHARGE", "", "        "))
        elif writing == "pc_1203_4":
            charge.set_aside_on = case.day.replace(year=case.day.year + 4)

    def _later(self, year: int, dice: Dice) -> int:
        return min(year + int(dice.random() ** 2 * 16), 2016)

    def _share_cii(self, person: Person) -> None:
        """Two persons of different name and birth date get one CII number, while pairs are wanted.

        Only persons without court records share one, so that the number is never ambiguous for a court record.
        """
        first = self._first_of_pair
        if first is None:
            if self._pairs_left:
                self._first_of_pair = person
                person.shares_cii = True
                self._pairs_left -= 1
        elif first.birth != person.birth and not set(first.surname.split()) & set(person.surname.split()):
            person.cii, person.shares_cii = first.cii, True
            self._first_of_pair = None
