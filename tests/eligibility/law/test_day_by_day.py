"""``next_review_on`` is exact: a made-up life walked day by day, and the edges of many lives under every policy."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from msgspec.structs import asdict

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.records import Registration
from reliefstream_contracts.vocabulary.offense import CodeSection, Doubt, SentencePart
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.judge import judge
from services.eligibility.law.engine.policy import Policy
from tests.effort import tries
from tests.eligibility.builders import LOS_ANGELES, a_conviction, a_history
from tests.eligibility.law.lives import all_policies

POLICIES = all_policies()
DAY = timedelta(days=1)
MARKS = (0, 1, 2, 4, 5, 7, 10, 15)
"""Years after a conviction or a sentence on which a table may turn."""
AGES = (18, 21, 22, 40, 50, 65)


def a_person(born: date, died: date) -> HistoryChanged:
    """Convicted at 19, in jail for a month, on probation for three years; again at 31; dead at 53."""
    young, older = (
        born.replace(year=born.year + 19, month=6, day=29),
        born.replace(year=born.year + 31, month=9, day=30),
    )
    return a_history(
        a_conviction(
            "HS 11359",
            conviction_date=young,
            offense_date=young - 90 * DAY,
            sentence=(
                SentencePart(kind="jail", length=30, unit="days"),
                SentencePart(kind="probation", length=3, unit="years"),
            ),
        ),
        a_conviction(
            "PC 459",
            name="2",
            event="2",
            conviction_date=older,
            sentence=(SentencePart(kind="prison", length=16, unit="months"),),
        ),
        birth_date=born,
        deceased=True,
        deceased_on=died,
        registrations=(Registration(section=CodeSection(code="PC", section="290"), on=older),),
    )


def _told(one: Determination) -> dict[str, Any]:
    """The finding. What an answer to an open question leads to may turn on a day on which the finding does not: an
    export for a day asks again (services/eligibility/exports.py), and nobody is judged for it alone."""
    apart = {"as_of", "next_review_on", "open_questions"}
    return {name: value for name, value in asdict(one).items() if name not in apart}


def walk(history: HistoryChanged, policy: Policy, days: Iterable[date]) -> Iterator[date]:
    """Judges on ascending days, and on each promised day between them; gives the days on which anything changed.

    Fails when something changes before the day that was promised, or nothing does on it.
    """
    statute, before = load_statute(), ()
    for day in _with_promised(history, policy, days):
        now = judge(history, LOS_ANGELES, policy, statute, day)
        for was, one in zip(before, now, strict=True) if before else ():
            promised = was.next_review_on
            if promised is not None and promised <= day:
                assert promised == day
                assert _told(was) != _told(one), f"nothing is otherwise on {day}, as promised on {was.as_of}"
                yield day
            else:
                assert _told(was) == _told(one), f"otherwise on {day}, though promised for {promised}"
                assert one.next_review_on == promised
        before = now


def _with_promised(history: HistoryChanged, policy: Policy, days: Iterable[date]) -> Iterator[date]:
    """The days, with each promised day that they leave out, and the day before it."""
    statute, last = load_statute(), None
    for day in days:
        while last is not None and last + DAY < day:
            found = judge(history, LOS_ANGELES, policy, statute, last)
            promised = min((one.next_review_on for one in found if one.next_review_on), default=day)
            if promised >= day:
                break
            if promised - DAY > last:
                yield promised - DAY
            yield promised
            last = promised
        if last is None or day > last:
            yield day
        last = day


def each_day(first: date, last: date) -> Iterator[date]:
    return (first + n * DAY for n in range((last - first).days + 1))


@pytest.mark.slow
def test_a_whole_life_day_by_day_from_birth_to_death() -> None:
    born, died = date(1956, 2, 29), date(2008, 12, 31)
    person = a_person(born, died)
    alone = person.replace(convictions=person.convictions[:1], registrations=())

    changed = set(walk(alone, POLICIES["los-angeles-2020"], each_day(born, died + 10 * DAY)))

    assert changed >= {
        date(1978, 7, 29),  # thirty days and three years of sentence are over
        date(1978, 3, 1),  # 22 years old: born on 29 February
        date(2006, 3, 1),  # 50 years old
    }, sorted(changed)


@pytest.mark.parametrize("policy", POLICIES)
def test_each_day_of_a_year_and_around_every_edge_of_a_life(policy: str) -> None:
    born, died = date(1971, 5, 31), date(2024, 6, 15)
    life = a_person(born, died)

    days = {*each_day(date(2020, 10, 1), date(2021, 9, 30)), *edges(life)}

    list(walk(life, POLICIES[policy], sorted(days)))


def edges(history: HistoryChanged) -> set[date]:
    """The days around birthdays, anniversaries, ends of sentences, registrations, death and laws."""
    marks = [date(2016, 11, 9), date(2022, 7, 1), date(2023, 7, 1)]
    marks += [one.on for one in history.registrations if one.on]
    marks += [history.deceased_on] if history.deceased_on else []
    marks += [_later(history.birth_date, age) for age in AGES] if history.birth_date else []
    for one in history.convictions:
        if one.conviction_date is None:
            continue
        ends = [_end(one.conviction_date, one.sentence)]
        marks += [_later(day, years) for day in (one.conviction_date, *ends) for years in MARKS]
    return {mark + n * DAY for mark in marks for n in (-2, -1, 0, 1, 2)}


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _end(day: date, parts: tuple[SentencePart, ...]) -> date:
    """About the end: a month has 30 days here, and the walk finds the exact day by the promise."""
    return day + DAY * sum(
        (part.length or 0) * {"days": 1, "months": 30, "years": 365}[part.unit or "days"] for part in parts
    )


SENTENCES = (
    (),
    (SentencePart(kind="probation", length=3, unit="years"),),
    (SentencePart(kind="prison", length=31, unit="months"), SentencePart(kind="jail", length=9, unit="days")),
    (SentencePart(kind="jail", length=301, unit="days"),),
    (SentencePart(kind="prison", length=25, unit="years"),),
)
OTHERS = ("HS 11358", "HS 11359", "HS 11360(a)", "HS 11357(b)", "PC 459", "PC 187(a)", "PC 148")


def a_random_life(chance: Random) -> HistoryChanged:
    """Up to four convictions of a person; now and then something is unknown."""
    born = date(1950, 1, 1) + DAY * chance.randrange(18_000)
    first = a_conviction(
        conviction_date=born + DAY * chance.randrange(6_600, 12_000),
        level_convicted=chance.choice(("felony", "felony", "misdemeanor")),
        sentence=chance.choice(SENTENCES[1:]),
        prosecuting_agency="DISTRICT ATTORNEY",
    )
    others = [
        a_conviction(
            chance.choice(OTHERS),
            name=f"other {at}",
            event=str(chance.randrange(3)),
            conviction_date=chance.choice(
                (None, *(born + DAY * chance.randrange(6_600, 16_000) for _ in "12345"))
            ),
            level_convicted=chance.choice(("felony", "felony", "misdemeanor", None)),
            sentence=chance.choice(SENTENCES),
            doubts=chance.choice(((), (), (), (Doubt(field="disposition", kind="unparsed"),))),
        )
        for at in range(chance.randrange(4))
    ]
    died = chance.choice((None, born + DAY * chance.randrange(15_000, 25_000)))
    registered = chance.choice(((), (), (None,), (born + DAY * 9_500,)))
    return a_history(
        first,
        *others,
        birth_date=chance.choice((born, born, born, None)),
        deceased=died is not None,
        deceased_on=died,
        rap_sheet=chance.choice(("complete", "complete", "complete", "incomplete")),
        registrations=tuple(
            Registration(section=CodeSection(code="PC", section="290"), on=on) for on in registered
        ),
    )


@pytest.mark.slow
@pytest.mark.parametrize("policy", POLICIES)
def test_around_every_edge_of_many_lives(policy: str) -> None:
    chance, changes = Random(f"lives {policy}"), 0
    for number in range(tries(3)):
        print(f"life {number}")
        life = a_random_life(chance)
        changes += len(list(walk(life, POLICIES[policy], sorted(edges(life)))))
    rows_that_turn = [row for row in POLICIES[policy].rows if row.says != "otherwise"]
    assert changes or not rows_that_turn or policy == "configurable", (
        "nothing ever changed: the walk proves nothing"
    )
