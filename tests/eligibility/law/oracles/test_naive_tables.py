"""The law agrees with a naive reading of the published tables on thousands of lives of which all is known."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import derived
from reliefstream_contracts.records import Registration
from reliefstream_contracts.vocabulary.offense import CodeSection, SentencePart
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.judge import judge
from tests.effort import tries
from tests.eligibility.builders import LOS_ANGELES, a_conviction, a_history, a_statement
from tests.eligibility.law.oracles.naive_tables import (
    CANNABIS,
    NEITHER,
    REGISTRABLE,
    RELATED,
    SUPER_STRIKES,
    Life,
    Sentenced,
    Words,
    los_angeles_2020,
    sacramento,
    san_joaquin_or_contra_costa,
)

SEED = 64
LIVES = tries(800)
TABLES: dict[str, Callable[[Life, Sentenced, date], Words]] = {
    "los-angeles-2020": los_angeles_2020,
    "sacramento": sacramento,
    "san-joaquin": san_joaquin_or_contra_costa,
    "contra-costa": san_joaquin_or_contra_costa,
}
BIRTHDAYS = (date(1956, 2, 29), date(1970, 2, 1), date(1969, 12, 31), date(1998, 2, 2), date(1950, 7, 4))
EDGES = (date(2016, 11, 8), date(2016, 11, 9), date(2010, 2, 1), date(2012, 2, 29), date(2015, 3, 31))


def a_life(chance: Random) -> Life:
    """From 1976 on, when the subdivisions came to mean what they meant until 2016."""
    born = chance.choice(BIRTHDAYS) if chance.random() < 0.3 else date(1950, 1, 1) + _days(chance, 18_000)
    eighteen = max(date(1976, 1, 1), born + timedelta(days=18 * 366))
    convictions = tuple(_a_conviction(chance, at, eighteen) for at in range(chance.randint(1, 4)))
    last = max(one.on for one in convictions)
    return Life(
        born,
        tuple(sorted(convictions, key=lambda one: one.on)),
        registered=tuple(eighteen + _days(chance, 9_000) for _ in range(chance.choice((0, 0, 0, 1)))),
        died=last + _days(chance, 3_000) if chance.random() < 0.15 else None,
    )


def _days(chance: Random, most: int) -> timedelta:
    return timedelta(days=chance.randrange(most))


def _a_conviction(chance: Random, at: int, earliest: date) -> Sentenced:
    others = (*NEITHER, *sorted(SUPER_STRIKES | REGISTRABLE), *RELATED)
    section = chance.choice(CANNABIS) if at == 0 or chance.random() < 0.55 else chance.choice(others)
    level = chance.choice(("felony", "felony", "felony", "misdemeanor", "infraction"))
    if section in SUPER_STRIKES or (level == "infraction" and section not in CANNABIS):
        level = "felony"
    span = (date(2019, 12, 31) - earliest).days
    on = chance.choice(EDGES) if chance.random() < 0.25 else earliest + _days(chance, span)
    return Sentenced(
        section,
        level,
        max(on, earliest),
        event=chance.choice(("A", "B", f"{at}")),
        here=at == 0 or chance.random() < 0.8,
        parts=tuple(
            chance.choice(
                ((10, "days"), (180, "days"), (6, "months"), (1, "years"), (3, "years"), (12, "years"))
            )
            for _ in range(chance.randint(1, 2))
        ),
    )


def as_history(life: Life) -> HistoryChanged:
    """The same life in the contract's words: convictions of one event and day are counts of one step and case."""
    steps = sorted({(one.event, one.on, one.here) for one in life.convictions})
    step = {which: f"{number:03}" for number, which in enumerate(steps, 1)}
    return a_history(
        *(
            a_conviction(
                one.section,
                name=str(at),
                count=f"001{step[one.event, one.on, one.here]}{at:03}",
                case_number=f"BA{step[one.event, one.on, one.here]}",
                county=LOS_ANGELES.name if one.here else "fresno",
                event=one.event,
                level_convicted=one.level,
                conviction_date=one.on,
                disposition_date=one.on,
                offense_date=one.on,
                sentence=tuple(SentencePart(kind="jail", length=n, unit=unit) for n, unit in one.parts),  # type: ignore[arg-type]
                prosecuting_agency="LOS ANGELES COUNTY DISTRICT ATTORNEY",
            )
            for at, one in enumerate(life.convictions)
        ),
        birth_date=life.born,
        registrations=tuple(
            Registration(section=CodeSection(code="PC", section="290"), on=on) for on in life.registered
        ),
        deceased=life.died is not None,
        deceased_on=life.died,
        stated_facts=tuple(
            a_statement(f"001{step[one.event, one.on, one.here]}{at:03}", "plants", "more_than_six")
            for at, one in enumerate(life.convictions)
            if one.section == "HS 11358"
        ),
    )


def a_day(chance: Random, life: Life) -> date:
    """A day of judgement, often one on which something in the tables turns, or the day before or after."""
    one = chance.choice(life.convictions)
    edges = [_anniversary(one.on, years) for years in (5, 10)] + [
        one.ends(),
        *([life.died] if life.died else []),
    ]
    edges += [_anniversary(life.born, years) for years in (21, 22, 50)]
    later = [day for day in edges if day > date(2017, 1, 1)]
    if later and chance.random() < 0.5:
        return chance.choice(later) + timedelta(days=chance.choice((-1, 0, 1)))
    return date(2020, 2, 1) + _days(chance, 1_500)


def _anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@pytest.mark.parametrize("policy", TABLES)
def test_the_law_agrees_with_a_naive_reading_of_the_table(policy: str) -> None:
    chance, table, statute = Random(SEED), TABLES[policy], load_statute()
    seen: set[Words] = set()
    for number in range(LIVES):
        life = a_life(chance)
        today = a_day(chance, life)
        found = {
            one.conviction_id: one
            for one in judge(as_history(life), LOS_ANGELES, load_policy(policy), statute, today)
        }
        for at, one in enumerate(life.convictions):
            ours = found.get(derived("conviction", str(at)))
            judged = one.cannabis or (
                one.section in RELATED and load_policy(policy).related_charges is not None
            )
            if not (one.here and judged):
                continue
            assert ours is not None, f"seed {SEED}, life {number}: {one} is not judged"
            said = (ours.outcome, ours.determination_label, ours.reason_label)
            wanted = table(life, one, today)
            seen.add(wanted)
            assert said == wanted, f"seed {SEED}, life {number}, on {today}: {one} in {life}"
    assert len(seen) >= 7, f"only {seen} came up"
