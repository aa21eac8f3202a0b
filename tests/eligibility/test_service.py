"""Histories in, determinations out: repeats, days that come, policies that change, the export."""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from unittest.mock import ANY

import httpx
import pytest
from structlog.testing import capture_logs

from reliefstream_contracts.determinations import Determination, DeterminationsChanged
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import CountyName, derived
from services.chassis.http.application import Application
from services.chassis.runtime.database import Database
from services.chassis.runtime.unit_of_work import Delivery, Unprocessable
from services.eligibility import handlers
from services.eligibility.endpoints import Dependencies, eligibility
from services.eligibility.exports import restated
from services.eligibility.files.county_files import CountyPolicies, Selected
from services.eligibility.files.policy_files import UnknownPolicy
from services.eligibility.files.statute_files import load_statute
from services.eligibility.handlers import Judging
from services.eligibility.in_force import InForce
from services.eligibility.rules import RuleBook, Rules
from services.eligibility.store import COUNT_DUE, FIRST, LOCK_DUE, Subject, page, put_in_force
from tests.accounts import every_office
from tests.eligibility.builders import LOS_ANGELES, a_conviction, a_history

POLICIES = (Selected(date(2021, 9, 1), "los-angeles-2021"), Selected(date(2020, 2, 1), "los-angeles-2020"))
COUNTY = CountyPolicies(LOS_ANGELES, POLICIES)
TURNS_50 = a_history(
    a_conviction(),
    a_conviction("VC 10851", name="2", conviction_date=date(2015, 1, 1)),
    birth_date=date(1970, 6, 1),
)
"""In review until 1 June 2020, then 50 years old."""


@dataclass
class World:
    """The service's handlers on a database, on a day that the test sets."""

    database: Database
    today: date = date(2020, 3, 1)
    instead: dict[Any, str] = field(default_factory=dict)

    @property
    def book(self) -> RuleBook:
        return RuleBook(load_statute(), {LOS_ANGELES.name: COUNTY}, self.instead)

    @property
    def judging(self) -> Judging:
        return Judging(self.book, lambda: self.today)

    async def receive(self, *histories: HistoryChanged) -> list[DeterminationsChanged]:
        async with self.database.transaction() as work:
            await self.judging.on_histories([Delivery(history) for history in histories], work)
        return [event for event, *_ in work.emitted]  # type: ignore[misc]

    async def review(self) -> list[DeterminationsChanged]:
        async with self.database.transaction() as work:
            await self.judging.review_due(work)
        return [event for event, *_ in work.emitted]  # type: ignore[misc]

    async def review_all(self, judging: Judging) -> list[DeterminationsChanged]:
        """Lets one process review until it says that there is no more."""
        events: list[DeterminationsChanged] = []
        more = True
        while more:
            async with self.database.transaction() as work:
                more = await judging.review_due(work)
            events += [event for event, *_ in work.emitted]  # type: ignore[misc]
        return events

    async def stored(self) -> list[Subject]:
        async with self.database.transaction() as work:
            return await page(work.db, FIRST, 100)

    async def exported(self, **query: str) -> tuple[int, list[dict[str, Any]]]:
        lines = [
            json.loads(line) for line in (await self.answer("/v1/export/determinations", query)).splitlines()
        ]
        return len(lines), lines

    async def answer(self, path: str, query: dict[str, str], token: str = "secret") -> str:
        """Calls the endpoint in this event loop, where the database's pool lives."""
        dependencies = Dependencies(self.database.transaction, self.book, lambda: self.today)
        app = Application("eligibility", [eligibility], [dependencies], every_office("secret"))
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            got = await client.get(path, params=query, headers={"Authorization": f"Bearer {token}"})
        return got.text


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


async def test_a_person_with_more_convictions_than_can_be_judged_in_time_is_refused_and_the_largest_is_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "MOST_CONVICTIONS", 2)
    assert len(await world.receive(TURNS_50)) == 1
    one_more = a_history(*TURNS_50.convictions, a_conviction("PC 459", name="3"), birth_date=date(1970, 6, 1))
    with pytest.raises(Unprocessable) as refused:
        await world.receive(one_more.replace(version=2))
    assert refused.value.reason == "too_many_convictions"


async def test_a_history_becomes_determinations_with_a_version_of_their_own(world: World) -> None:
    (event,) = await world.receive(TURNS_50.replace(version=7, sex="F", race="WHITE"))

    assert (event.version, event.sex, event.race) == (1, "F", "WHITE")
    assert [one.reason for one in event.determinations] == ["no_criterion_met"]
    assert event.determinations[0].next_review_on == date(2020, 6, 1)


async def test_a_repeat_or_an_older_history_changes_nothing(world: World) -> None:
    newer = TURNS_50.replace(version=2)
    older = a_history()

    assert len(await world.receive(newer)) == 1
    assert await world.receive(newer, older) == []
    assert (await world.stored())[0].history_version == 2


async def test_of_a_batch_only_the_newest_history_of_a_subject_is_judged(world: World) -> None:
    newer = TURNS_50.replace(version=2)

    (event,) = await world.receive(newer, a_history())

    assert event.determinations[0].reason == "no_criterion_met"


async def test_a_new_history_with_the_same_findings_is_no_event(world: World) -> None:
    await world.receive(TURNS_50)
    same = TURNS_50.replace(version=2, cii_numbers=("1234567",))

    assert await world.receive(same) == []
    assert (await world.stored())[0].version == 1


async def test_a_person_without_such_convictions_is_no_event_until_one_comes(world: World) -> None:
    assert await world.receive(a_history(a_conviction("PC 459"))) == []

    (event,) = await world.receive(TURNS_50.replace(version=2))
    assert event.version == 1
    (gone,) = await world.receive(a_history(a_conviction("PC 459"), version=3))
    assert (gone.version, gone.determinations) == (2, ())


async def test_a_retired_subject_keeps_no_determinations(world: World) -> None:
    await world.receive(TURNS_50)
    successor = derived("subject", "2")

    (event,) = await world.receive(TURNS_50.replace(version=2, retired_into=successor))

    assert (event.version, event.retired_into, event.determinations) == (2, successor, ())


async def test_a_birthday_changes_a_finding_without_any_message(world: World) -> None:
    await world.receive(TURNS_50)
    world.today = date(2020, 5, 31)
    assert await world.review() == []
    world.today = date(2020, 6, 1)

    (event,) = await world.review()

    assert (event.version, event.determinations[0].reason) == (2, "age_50_or_older")
    assert await world.review() == []


async def test_a_policy_that_comes_into_force_judges_everybody_anew(world: World) -> None:
    await world.receive(TURNS_50)
    world.today = date(2021, 9, 1)

    (event,) = await world.review()

    assert event.determinations[0].policy == "los-angeles-2021"
    assert await world.review() == []


async def test_a_trial_may_use_another_policy(world: World) -> None:
    world.instead = {LOS_ANGELES.name: "statute"}

    (event,) = await world.receive(TURNS_50)

    assert event.determinations[0].policy == "statute"


async def test_what_is_due_can_be_counted(world: World) -> None:
    await world.receive(TURNS_50)
    await world.review()
    world.today = date(2020, 6, 1)

    async with world.database.transaction() as work:
        rules = world.book.on(world.today).name
        await put_in_force(work.db, InForce(world.today, rules, process=1, fixed=False))
        assert await work.db.fetchval(COUNT_DUE) == 1
    await world.review()
    async with world.database.transaction() as work:
        assert await work.db.fetchval(COUNT_DUE) == 0


def test_a_trial_policy_for_an_unknown_county_is_refused() -> None:
    book = RuleBook(load_statute(), {LOS_ANGELES.name: COUNTY}, {CountyName("yolo"): "statute"})

    with pytest.raises(UnknownPolicy, match="a policy is given for yolo; there are los-angeles"):
        book.check()


def test_a_policy_of_a_later_day_is_found_missing_at_start() -> None:
    later = CountyPolicies(LOS_ANGELES, (Selected(date(2099, 1, 1), "gone"), *POLICIES))

    with pytest.raises(UnknownPolicy, match="los-angeles, from 2099-01-01: no policy 'gone'; there are "):
        RuleBook(load_statute(), {LOS_ANGELES.name: later}, {}).check()


async def test_a_history_on_which_the_rules_fail_keeps_no_other_under_the_old_law(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "CHUNK", 2)
    histories = [TURNS_50.replace(subject_id=derived("subject", str(number))) for number in range(5)]
    await world.receive(*histories)
    spoilt, find = min(history.subject_id for history in histories), Rules.find

    def failing(rules: Rules, history: HistoryChanged, as_of: date) -> tuple[Determination, ...]:
        if history.subject_id == spoilt:
            raise ZeroDivisionError("the text may hold what no log should")
        return find(rules, history, as_of)

    monkeypatch.setattr(Rules, "find", failing)
    world.today = date(2021, 9, 1)
    judging = world.judging

    with capture_logs() as logs:
        events = await world.review_all(judging)

    assert {event.subject_id for event in events} == {history.subject_id for history in histories} - {spoilt}
    async with world.database.transaction() as work:
        assert await work.db.fetchval(COUNT_DUE) == 0
    assert json.loads(await world.answer("/v1/counts", {}))["set_aside"] == 1
    shown = json.loads(await world.answer(f"/v1/subjects/{spoilt}", {}))
    assert shown["set_aside"].startswith("ZeroDivisionError at ")
    assert shown["determinations"][0]["policy"] == "los-angeles-2020"
    (line,) = logs
    assert (line["count"], line["defect"]) == (1, shown["set_aside"])
    assert str(spoilt) not in str(line) and "no log" not in str(line)
    assert await world.review_all(judging) == []
    assert await world.exported() == (4, ANY)


@pytest.mark.parametrize("mended_by", ["a new start", "a new day", "a new history"])
async def test_what_was_set_aside_is_tried_again(world: World, mended_by: str) -> None:
    await world.receive(TURNS_50)
    async with world.database.transaction() as work:
        await work.db.execute("UPDATE subjects SET history = '{}'")
    world.today = date(2020, 6, 1)
    judging = world.judging
    assert await world.review_all(judging) == []

    if mended_by == "a new history":
        events = await world.receive(TURNS_50.replace(version=2))
    else:
        async with world.database.transaction() as work:
            history = TURNS_50.to_json().decode()
            await work.db.execute("UPDATE subjects SET history = $1", history)
        assert await world.review_all(judging) == []
        if mended_by == "a new day":
            world.today = date(2020, 6, 2)
        events = await world.review_all(world.judging if mended_by == "a new start" else judging)

    assert [event.determinations[0].reason for event in events] == ["age_50_or_older"]
    assert (await world.stored())[0].defect is None


async def test_replicas_whose_clocks_differ_judge_nobody_back_and_forth(world: World) -> None:
    await world.receive(TURNS_50)
    ahead = Judging(world.book, lambda: date(2020, 6, 1))
    behind = Judging(world.book, lambda: date(2020, 5, 31))

    reviews = [await world.review_all(one) for one in (behind, ahead, behind, ahead, behind)]

    assert [len(events) for events in reviews] == [0, 1, 0, 0, 0]
    assert (await world.stored())[0].as_of == date(2020, 6, 1)


async def test_replicas_with_other_rules_leave_the_last_word_to_the_one_that_started_last(
    world: World,
) -> None:
    await world.receive(TURNS_50)
    older = world.judging
    await world.review_all(older)
    world.instead = {LOS_ANGELES.name: "statute"}
    newer = world.judging

    reviews = [await world.review_all(one) for one in (newer, older, newer, older)]

    assert [len(events) for events in reviews] == [1, 0, 0, 0]
    assert (await world.stored())[0].rules == world.book.on(world.today).name


async def test_a_trial_on_a_fixed_day_ends_when_the_service_starts_without(world: World) -> None:
    await world.receive(TURNS_50)
    (trial,) = await world.review_all(Judging(world.book, lambda: date(2020, 6, 1), fixed=True))
    (back,) = await world.review_all(Judging(world.book, lambda: date(2020, 3, 1)))

    assert [one.determinations[0].reason for one in (trial, back)] == ["age_50_or_older", "no_criterion_met"]


@pytest.mark.parametrize("rules", ["those of all", "others"])
async def test_what_is_due_is_found_and_counted_by_index_alone(world: World, rules: str) -> None:
    day = date(2020, 3, 1)
    async with world.database.transaction() as work:
        await put_in_force(work.db, InForce(day, rules, process=1, fixed=False))
        await work.db.execute(
            """INSERT INTO subjects SELECT gen_random_uuid(), 1, repeat('x', 500), 1, '[]', '', 'those of all',
                   date '2020-03-01', date '2030-01-01' + n FROM generate_series(1, 5000) AS n"""
        )
        await work.db.execute("ANALYZE subjects")
        plans = [
            row[0]
            for query, given in ((LOCK_DUE, (day, rules, 200)), (COUNT_DUE, ()))
            for row in await work.db.fetch(f"EXPLAIN {query}", *given)
        ]
        assert not [line for line in plans if "Seq Scan on subjects" in line or "Bitmap" in line]
        assert len([line for line in plans if "using subjects_" in line]) == 8


async def test_the_export_restates_what_is_still_valid_and_judges_the_rest(world: World) -> None:
    await world.receive(TURNS_50)

    for day, reason in (
        ("2020-03-01", "no_criterion_met"),
        ("2020-05-31", "no_criterion_met"),
        ("2020-06-01", "age_50_or_older"),
        ("2020-02-10", "no_criterion_met"),
        ("2021-09-01", "felony"),
    ):
        _, lines = await world.exported(as_of=day)
        assert [(line["reason"], line["as_of"]) for line in lines] == [(reason, day)]
    assert await world.exported(county="los-angeles") == await world.exported()


async def test_restating_equals_judging_anew(world: World) -> None:
    await world.receive(TURNS_50)
    (subject,) = await world.stored()

    for day in (date(2020, 3, 2), date(2020, 5, 31)):
        rules = world.book.on(day)
        assert restated(subject, rules.name, day) == rules.find(subject.read_history(), day)
    assert restated(subject, world.book.on(world.today).name, date(2020, 6, 1)) is None
    assert restated(subject, "other rules", world.today) is None


async def test_a_wrong_question_gets_a_clear_answer(world: World) -> None:
    assert (
        json.loads(await world.answer("/v1/export/determinations", {"as_of": "soon"}))["code"] == "wrong_date"
    )
    assert (
        json.loads(await world.answer("/v1/export/determinations", {"county": "yolo"}))["code"]
        == "unknown_county"
    )
    unknown = await world.answer(f"/v1/subjects/{derived('subject', 'x')}", {})
    assert json.loads(unknown)["code"] == "unknown_subject"


async def test_a_subject_is_shown_with_its_determinations(world: World) -> None:
    await world.receive(TURNS_50)

    shown = json.loads(await world.answer(f"/v1/subjects/{TURNS_50.subject_id}", {}))

    assert (shown["version"], shown["next_review_on"]) == (1, "2020-06-01")
    assert shown["determinations"][0]["reason"] == "no_criterion_met"


async def test_the_operators_endpoints_need_the_token(world: World) -> None:
    refused = await world.answer("/v1/export/determinations", {}, token="guess")

    assert json.loads(refused)["code"] == "invalid_token"
