"""Whoever is cleared though a fact is unknown would be cleared whatever that fact is: under every policy."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import Conviction, HistoryChanged
from reliefstream_contracts.records import Registration
from reliefstream_contracts.vocabulary.offense import CodeSection, Doubt, SentencePart
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.judge import judge
from tests.effort import tries
from tests.eligibility.builders import LOS_ANGELES, a_conviction, an_offense
from tests.eligibility.law.lives import all_policies
from tests.eligibility.law.oracles.test_naive_tables import a_life, as_history

POLICIES = all_policies()
TODAY = date(2026, 11, 22)
LIVES = tries(30)
RANK = {"dismissal": 2, "redesignation": 1}


def by_conviction(history: HistoryChanged, policy: str) -> dict[str, Determination]:
    found = judge(history, LOS_ANGELES, POLICIES[policy], load_statute(), TODAY)
    return {str(one.conviction_id): one for one in found}


def _of_one(history: HistoryChanged, chance: Random, **changes: object) -> HistoryChanged:
    at = chance.randrange(len(history.convictions))
    one = history.convictions[at].replace(**changes)
    return history.replace(convictions=(*history.convictions[:at], one, *history.convictions[at + 1 :]))


def _unreadable(history: HistoryChanged, chance: Random) -> HistoryChanged:
    return _of_one(history, chance, offense=an_offense(as_written="SEE COMMENT"))


def _undisposed(history: HistoryChanged, chance: Random) -> HistoryChanged:
    return _of_one(history, chance, doubts=(Doubt(field="disposition", kind="unparsed"),))


def _registered(history: HistoryChanged, _: Random) -> HistoryChanged:
    dateless = Registration(section=CodeSection(code="PC", section="290"), on=None)
    return history.replace(registrations=(*history.registrations, dateless))


Forgetting = Callable[[HistoryChanged, Random], HistoryChanged]
UNKNOWN: dict[str, Forgetting] = {
    "birth date": lambda life, _: life.replace(birth_date=None),
    "a conviction date": lambda life, chance: _of_one(life, chance, conviction_date=None),
    "a level": lambda life, chance: _of_one(life, chance, level_convicted=None),
    "a section": _unreadable,
    "a disposition": _undisposed,
    "a sentence": lambda life, chance: _of_one(life, chance, sentence=()),
    "a prosecutor": lambda life, chance: _of_one(life, chance, prosecuting_agency=None),
    "a day of registration": _registered,
    "half of the rap sheet": lambda life, _: life.replace(rap_sheet="incomplete"),
    "the rap sheet": lambda life, _: life.replace(rap_sheet="none"),
    "the day of death": lambda life, _: life.replace(deceased_on=None),
}


ADVERSE = ("PC 187(a)", "PC 288(a)", "PC 459")


def completed(history: HistoryChanged, chance: Random) -> HistoryChanged:
    """The same life with every unknown fact filled in, now and then with the worst that is possible."""
    bad = (*ADVERSE, *(str(section) for section in history.convictions[0].offense.sections))
    convictions = [_known(one, bad, chance) for one in history.convictions if _stands(one, chance)]
    if history.rap_sheet != "complete":
        more = (
            a_conviction(
                chance.choice(bad),
                name=f"more {at}",
                event=f"more {at}",
                county="fresno",
                conviction_date=None,
            )
            for at in range(chance.randrange(4))
        )
        convictions += [_known(one, bad, chance) for one in more]
    days = [one.conviction_date or TODAY for one in convictions] or [TODAY]
    registered = [one.replace(on=one.on or _day(chance)) for one in history.registrations]
    if history.rap_sheet != "complete" and chance.random() < 0.3:
        registered.append(Registration(section=CodeSection(code="PC", section="290"), on=_day(chance)))
    dies = history.deceased or (history.rap_sheet != "complete" and chance.random() < 0.3)
    return history.replace(
        convictions=tuple(convictions),
        rap_sheet="complete",
        birth_date=history.birth_date
        or chance.choice((date(1940, 1, 1), date(1985, 1, 1), date(2004, 12, 31))),
        registrations=tuple(registered),
        deceased=dies,
        deceased_on=(history.deceased_on or min(TODAY, max(days))) if dies else None,
    )


def _stands(one: Conviction, chance: Random) -> bool:
    """What may or may not be a conviction is one or the other."""
    return not any(doubt.field == "disposition" for doubt in one.doubts) or chance.random() < 0.5


def _day(chance: Random) -> date:
    """Before everything, after everything, or between."""
    return chance.choice(
        (date(1964, 1, 1), date(2026, 11, 1), date(1990, 1, 1) + timedelta(chance.randrange(9_000)))
    )


def _known(one: Conviction, bad: tuple[str, ...], chance: Random) -> Conviction:
    parts = one.sentence or (SentencePart(kind="jail"),)
    return one.replace(
        doubts=(),
        offense=one.offense if one.offense.sections else an_offense(chance.choice(bad)),
        level_convicted=one.level_convicted or chance.choice(("felony", "misdemeanor", "infraction")),
        conviction_date=one.conviction_date or _day(chance),
        sentence=tuple(
            part
            if part.length is not None or part.kind in {"life", "fine"}
            else part.replace(length=chance.choice((0, 10, 900)), unit="months")
            for part in parts
        ),
        prosecuting_agency=one.prosecuting_agency
        or chance.choice(("LONG BEACH CITY ATTORNEY", "LOS ANGELES COUNTY DISTRICT ATTORNEY")),
    )


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("what", UNKNOWN)
def test_whoever_is_cleared_though_it_is_unknown_would_be_cleared_whatever_it_is(
    what: str, policy: str
) -> None:
    chance = Random(f"{what} {policy}")
    for number in range(LIVES):
        life = UNKNOWN[what](as_history(a_life(chance)), chance)
        relieved = {key: one for key, one in by_conviction(life, policy).items() if one.outcome in RANK}
        for _ in range(4 if relieved else 0):
            known = completed(life, chance)
            then = by_conviction(known, policy)
            for key, one in relieved.items():
                assert RANK.get(then[key].outcome, 0) >= RANK[one.outcome], (
                    f"life {number}: {one.outcome} by {one.reason}, but {then[key].reason} in {known}"
                )
