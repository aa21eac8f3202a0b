"""Relief in the truth: convictions and persons, by level and race, and what is left on a person's record."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from deploy.sample.population.names import RACE_WORDS
from deploy.sample.population.person import Charge, Expected, Person

_RACES = [word for words in RACE_WORDS.values() for _, word in words]
RELIEVED = ("dismissal", "already_relieved")
Ends = Callable[[Expected], str | None]
"""What a conviction comes to: without people, or once the offices have worked their reviews."""


@dataclass
class Relieved:
    """Takes every person once. ``ends`` says what each conviction comes to."""

    ends: Ends
    levels: Counter[str] = field(default_factory=Counter)
    convictions_by_race: Counter[str] = field(default_factory=Counter)
    persons_by_race: Counter[str] = field(default_factory=Counter)
    no_felony: int = 0
    no_conviction: int = 0
    earliest_year: int | None = None

    def take(self, person: Person) -> dict[str, Any]:
        """The person's relief, as a line of the truth has it; counts it."""
        live = [case for case in person.cases if not case.withdrawn]
        convicted = [(case, charge) for case in live for charge in case.charges if charge.convicted]
        now = [(case, charge) for case, charge in convicted if self._end(charge) == "dismissal"]
        left = [charge for _, charge in convicted if self._end(charge) not in RELIEVED]
        # A level that nobody knows may be a felony's.
        felony_left = any(charge.level != "misdemeanor" for charge in left)
        for case, charge in now:
            self.levels[_level(charge)] += 1
            self.convictions_by_race[person.race_word] += 1
            self.earliest_year = min(self.earliest_year or case.day.year, case.day.year)
        if now:
            self.persons_by_race[person.race_word] += 1
            self.no_felony += any(_level(charge) == "felony" for _, charge in now) and not felony_left
            self.no_conviction += not left
        return {"relief": len(now), "left_with_felony": felony_left, "left_with_conviction": bool(left)}

    def totals(self) -> dict[str, Any]:
        """As ``relief`` and ``left`` of ``truth.json``."""
        return {
            "relief": {
                "convictions": self.levels.total(),
                "persons": self.persons_by_race.total(),
                "felonies": self.levels["felony"],
                "misdemeanors": self.levels["misdemeanor"],
                "convictions_by_race": {race: self.convictions_by_race[race] for race in _RACES},
                "persons_by_race": {race: self.persons_by_race[race] for race in _RACES},
                "earliest_year": self.earliest_year,
            },
            "left": {
                "persons_with_no_felony": self.no_felony,
                "persons_with_no_conviction": self.no_conviction,
            },
        }

    def _end(self, charge: Charge) -> str | None:
        return self.ends(charge.expected) if charge.expected else None


def _level(charge: Charge) -> str:
    """Of one with relief: on record, or as the court's paper file answers."""
    answer = charge.expected.answer if charge.expected else None
    return charge.level or (answer[1] if answer and answer[0] == "level" else "unknown")
