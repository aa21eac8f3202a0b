"""The figures of a run, computed from the services' exports, and the sample's truth about each."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Entry = Mapping[str, Any]
ORDERED = ("ordered", "acknowledged")


@dataclass(frozen=True)
class Figure:
    """One figure: what was found, and what the truth says (None: the truth does not say)."""

    name: str
    found: Any
    truth: Any = None

    @property
    def agrees(self) -> bool:
        return self.truth is None or self.found == self.truth


@dataclass(frozen=True)
class Worked:
    """What the offices did with what waited for them; ``waiting``: what they left."""

    answered: frozenset[str]
    """Counts that a question was answered on."""
    petitions: int
    waiting: int


@dataclass(frozen=True)
class Holdings:
    """One county's exports from all services, joined by the counts of each conviction.

    A conviction whose DOJ count and court count were relieved before they were linked is one here.
    """

    relief: tuple[Entry, ...]
    determinations: tuple[Entry, ...]
    subjects: tuple[Entry, ...]

    @cached_property
    def ordered(self) -> tuple[tuple[Entry, Entry], ...]:
        """(conviction as judged, subject) for each conviction on which a court ordered relief."""
        relieved = {
            count for relief in self.relief if relief["state"] in ORDERED for count in relief["counts"]
        }
        subject_of = {
            count: subject
            for subject in self.subjects
            for conviction in subject["convictions"]
            for count in conviction["counts"]
        }
        return tuple(
            (each, subject_of[each["counts"][0]])
            for each in self.determinations
            if relieved & set(each["counts"])
        )

    @property
    def people(self) -> int:
        """Persons with relief."""
        return len({subject["subject_id"] for _, subject in self.ordered})


def relief_figures(held: Holdings, truth: Entry) -> list[Figure]:
    """Convictions and persons with relief, by level and race, and the earliest year."""
    wanted, levels = truth["relief"], Counter(conviction["level"] for conviction, _ in held.ordered)
    years = [int(c["conviction_date"][:4]) for c, _ in held.ordered if c["conviction_date"]]
    convictions = Counter(subject["race"] or "UNKNOWN" for _, subject in held.ordered)
    races = {subject["subject_id"]: subject["race"] or "UNKNOWN" for _, subject in held.ordered}
    people = Counter(races.values())
    return [
        Figure("convictions with an order of relief", len(held.ordered), wanted["convictions"]),
        Figure("people", held.people, wanted["persons"]),
        Figure("felonies", levels["felony"], wanted["felonies"]),
        Figure("misdemeanors", levels["misdemeanor"], wanted["misdemeanors"]),
        Figure("earliest year", min(years, default=None), wanted["earliest_year"]),
        *(
            Figure(f"convictions: {race.lower()}", convictions[race], number)
            for race, number in wanted["convictions_by_race"].items()
        ),
        *(
            Figure(f"people: {race.lower()}", people[race], number)
            for race, number in wanted["persons_by_race"].items()
        ),
    ]


def review_figures(held: Holdings, truth: Entry) -> list[Figure]:
    """Convictions without a court order: routed to a city attorney, to review, not eligible, already relieved.

    Only cannabis convictions, as in the truth: pleas beside a cannabis charge (I-67) are left out.
    """
    cannabis = [each for each in held.determinations if each["reason"] != "possible_plea_bargain"]
    outcomes = Counter(each["outcome"] for each in cannabis)
    cities = Counter(each["city"] for each in cannabis if each["city"])
    return [
        Figure("need a person's review", outcomes["needs_review"], truth["needs_review"]["convictions"]),
        *(
            Figure(f"  of these to the city attorney of {city}", cities[city], number)
            for city, number in truth["needs_review"]["by_city"].items()
        ),
        Figure("not eligible", outcomes["not_eligible"], truth["not_eligible"]),
        Figure("relieved already", outcomes["already_relieved"], truth["already_relieved"]),
        Figure("not covered by the law", outcomes["not_covered"], truth["not_covered"]),
    ]


def worked_figures(held: Holdings, worked: Worked, truth: Entry) -> list[Figure]:
    """How each review ended, and that none is left."""
    ends = truth["worked"]["reviews"]
    answered = sum(bool(worked.answered & set(each["counts"])) for each, _ in held.ordered)
    moved = sum(one["state"] in ORDERED for one in held.relief if one["rests_on"])
    sustained = sum(one["state"] == "sustained" for one in held.relief)
    return [
        Figure("answered by the clerk, then dismissed by law", answered, ends["answered_dismissed"]),
        Figure("moved for by a city attorney, then ordered", moved, ends["decided_dismissed"]),
        Figure("challenged by a city attorney, sustained", sustained, ends["decided_sustained"]),
        Figure("pleas left to a petition", worked.petitions, ends["pleas_left_to_a_petition"]),
        Figure("still wait for a person", worked.waiting, 0),
    ]


def balance_figures(balance: Entry, truth: Entry) -> list[Figure]:
    """What became of each conviction that DOJ shows: the balance that relief draws, part by part."""
    found, wanted = balance["parts"], truth["doj_list"]["parts"]
    return [
        Figure("on DOJ's list", balance["listed"], truth["doj_list"]["listed"]),
        *(
            Figure(f"  {part}: {why}", found[part].get(why, 0), wanted[part].get(why, 0))
            for part in wanted
            for why in sorted({*found[part], *wanted[part]})
        ),
    ]


def left_figures(held: Holdings, truth: Entry) -> list[Figure]:
    """People without a felony, and people without any conviction, on their joined record after relief."""
    # By what it was judged as: a level that an office stated stands in no record.
    ordered = {count: judged["level"] for judged, _ in held.ordered for count in judged["counts"]}
    relieved_before = {
        count
        for each in held.determinations
        if each["outcome"] == "already_relieved"
        for count in each["counts"]
    }
    no_felony = no_conviction = 0
    for subject in held.subjects:
        now = [c for c in subject["convictions"] if ordered.keys() & set(c["counts"])]
        left = [c for c in subject["convictions"] if c not in now and not relieved_before & set(c["counts"])]
        if now:
            felony_left = any(c["level"] != "misdemeanor" for c in left)  # an unknown level may be a felony
            levels = {ordered[count] for c in now for count in c["counts"] if count in ordered}
            no_felony += "felony" in levels and not felony_left
            no_conviction += not left
    return [
        Figure("people left with no felony", no_felony, truth["left"]["persons_with_no_felony"]),
        Figure("people left with no conviction", no_conviction, truth["left"]["persons_with_no_conviction"]),
    ]


def source_figures(first: Holdings, held: Holdings, truth: Entry) -> list[Figure]:
    """What DOJ's file alone found (held before the court's feed was sent), and what the court added."""
    alone, added = truth["relief"]["doj_alone"], truth["relief"]["court_added"]
    return [
        Figure("DOJ's records alone: convictions", len(first.ordered), alone["convictions"]),
        Figure("DOJ's records alone: people", first.people, alone["persons"]),
        Figure(
            "the court's records added: convictions",
            len(held.ordered) - len(first.ordered),
            added["convictions"],
        ),
        Figure("the court's records added: people", held.people - first.people, added["persons"]),
    ]
