"""A new version of a policy judges everyone anew, while histories go on coming, and only what changed is an event."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import derived
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery
from services.eligibility import handlers
from services.eligibility.files.county_files import CountyPolicies, Selected
from services.eligibility.files.policy_options import GivenOptions
from services.eligibility.files.statute_files import load_statute
from services.eligibility.handlers import Judging
from services.eligibility.rules import RuleBook
from services.eligibility.store import FIRST, page
from tests.eligibility.builders import LOS_ANGELES, a_history
from tests.eligibility.files.test_options import POLICY

TODAY = date(2020, 3, 1)


def judging(path: Path, **options: Any) -> Judging:
    """A process whose county has that policy from 2020 on, with these options."""
    given = (
        GivenOptions(path, tuple((name, value, 1) for name, value in options.items())) if options else None
    )
    county = CountyPolicies(LOS_ANGELES, (Selected(date(2020, 1, 1), str(path), given),))
    return Judging(RuleBook(load_statute(), {LOS_ANGELES.name: county}, {}), lambda: TODAY)


def a_person(name: str, born: int, version: int = 1) -> HistoryChanged:
    return a_history(
        subject_id=derived("subject", name), version=version, birth_date=date(born, 1, 1), sex=name[:1]
    )


async def received(database: Database, process: Judging, *people: HistoryChanged) -> list[Any]:
    async with database.transaction() as work:
        await process.on_histories([Delivery(person) for person in people], work)
    return [event for event, *_ in work.emitted]


async def reviewed(database: Database, process: Judging) -> tuple[bool, list[DeterminationsChanged]]:
    async with database.transaction() as work:
        more = await process.review_due(work)
    return more, [event for event, *_ in work.emitted]  # type: ignore[misc]


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "trial.yaml"
    path.write_text(POLICY)
    return path


async def test_a_row_that_is_switched_on_is_an_event_for_those_alone_who_come_to_it(
    database: Database, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "CHUNK", 2)
    before, after = judging(policy), judging(policy, dead=True)
    people = [a_person(f"{born}", born) for born in (1950, 1951, 1952, 1990, 1991)]
    await received(database, before, *people)
    more, events = await reviewed(database, before)
    while more:
        more, again = await reviewed(database, before)
        events += again
    assert events == []

    more, events = await reviewed(database, after)
    assert more
    late = await received(database, after, a_person("late", 1964))
    while more:
        more, again = await reviewed(database, after)
        events += again

    changed = {event.subject_id for event in events}
    assert changed == {derived("subject", born) for born in ("1990", "1991")}
    assert [event.determinations[0].outcome for event in late] == ["dismissal"]
    async with database.transaction() as work:
        stored = await page(work.db, FIRST, 100)
    assert len({subject.rules for subject in stored}) == 1
    assert {subject.version for subject in stored if subject.subject_id not in changed} == {1}


async def test_a_policy_file_that_says_the_same_in_other_words_is_no_event(
    database: Database, policy: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "later"
    folder.mkdir()
    other = folder / "trial.yaml"
    other.write_text(POLICY.replace("title: A trial", "title: The same, said otherwise"))
    await received(database, judging(policy), a_person("1950", 1950), a_person("1990", 1990))
    await reviewed(database, judging(policy))

    _, events = await reviewed(database, judging(other))

    assert events == []
    async with database.transaction() as work:
        stored = await page(work.db, FIRST, 100)
    assert {subject.version for subject in stored} == {1}
    assert len({subject.rules for subject in stored}) == 1
