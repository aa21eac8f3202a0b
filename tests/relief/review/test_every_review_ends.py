"""Each kind of review is brought to its end by the offices' people alone: they answer, decide, sign or refer.

Determinations are those of real files and policies; statements go through intake's own rules; decisions go over HTTP
against a real Postgres. What an office answers is judged anew and comes back as the next snapshot.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.sample.population.shape import CITIES
from reliefstream_contracts.determinations import Determination, DeterminationsChanged
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.statements import FactStated
from services.chassis.identity.caller import Grant, Role
from services.chassis.identity.directory import Account, Directory, sha256
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_options import read_options
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.judge import judge
from services.eligibility.law.engine.policy import Policy
from services.evaluation.histories import OfflineHistories
from services.ingest.core.counties import intake
from services.reconciliation.linkage.conviction.statements import apply
from services.relief.lifecycle.authority import has_authority
from tests.deploy.sample.samples import write
from tests.evaluation.office_answers import AS_OF, KNOWN, a_value, asked, stated
from tests.relief.conftest import TOKEN, Relief

pytestmark = pytest.mark.servers
COUNTY = CountyName("los-angeles")
REVIEWS = f"/v1/counties/{COUNTY}/reviews"
OFFICES: tuple[Role, ...] = ("district_attorney", "city_attorney", "clerk", "records_unit")
MOST_ROUNDS = 12


def as_it_is(history: HistoryChanged) -> HistoryChanged:
    return history


def grants(role: Role) -> tuple[Grant, ...]:
    """A signer's, where the office has signers."""
    signs = role in ("district_attorney", "city_attorney")
    cities = CITIES if role == "city_attorney" else (None,)
    return tuple(Grant(role, COUNTY, city, signer=signs) for city in cities)


@dataclass
class Person:
    """One person of the files: the history, and what offices have stated of it."""

    history: HistoryChanged
    policy: Policy
    said: list[FactStated] = field(default_factory=list)
    version: int = 0

    def judged(self) -> list[Determination]:
        facts = apply(self.said, [self.history.convictions]).facts.get(0, ())
        told = self.history.replace(stated_facts=facts)
        return judge(told, KNOWN.county, self.policy, load_statute(), AS_OF)

    def snapshot(self) -> DeterminationsChanged:
        self.version += 1
        return DeterminationsChanged(
            subject_id=self.history.subject_id,
            version=self.version,
            retired_into=None,
            sex=None,
            race=None,
            determinations=tuple(self.judged()),
        )


def one_of_each_kind(histories: Iterable[HistoryChanged], policy: Policy) -> list[Person]:
    """A person for each office, reason and questions that a review of these files may have."""
    seen: set[tuple[object, ...]] = set()
    found = []
    for history in histories:
        person = Person(history, policy)
        kinds = {
            (one.route, one.city, one.reason, one.level, tuple(each.code for each in one.open_questions))
            for one in person.judged()
            if one.outcome == "needs_review"
        }
        if not kinds <= seen:
            found.append(person)
            seen |= kinds
    return found


@dataclass
class Offices:
    """Two accounts of each office, at one relief."""

    relief: Relief
    http: httpx.AsyncClient
    answers: bool
    people: dict[str, Person]
    numbers: Any = field(default_factory=lambda: count(1))
    done: set[str] = field(default_factory=set)

    async def work(self) -> None:
        """Until nothing waits."""
        await self.relief.take(*(person.snapshot() for person in self.people.values()))
        for _ in range(MOST_ROUNDS):
            waiting = await self._waiting()
            if not waiting:
                return
            for review in waiting:
                await self._take_up(review)
        left = [(one["office"], one["reason"], one["state"], one["why"]) for one in await self._waiting()]
        raise AssertionError(f"after {MOST_ROUNDS} rounds there still wait: {left}")

    async def _waiting(self) -> list[dict[str, Any]]:
        page = await self._ask("clerk", "GET", "?limit=1000")
        found: list[dict[str, Any]] = page["reviews"]
        return found

    async def _take_up(self, review: dict[str, Any]) -> None:
        if self.answers and await self._answered(review):
            return
        office, line = review["office"], {"review_id": review["review_id"], "digest": review["digest"]}
        if office not in ("district_attorney", "city_attorney"):
            asked_for = {
                "office": "district_attorney",
                "reason_code": "to_decide",
                "note": "not in our files",
            }
            await self._ask(office, "POST", "/refer", lines=[line], **asked_for)
            self.done.add("referred")
        elif review["state"] == "prepared":
            await self._ask(f"{office}-2", "POST", "/sign", lines=[line])
        else:
            decision = "dismissal" if has_authority(review["section"]) else "petition"
            await self._ask(
                office, "POST", "/decide", lines=[line], decision=decision, reason_code="file_reviewed"
            )
            self.done.add(decision)

    async def _answered(self, review: dict[str, Any]) -> bool:
        """Whether somebody answered a question of it that was not answered before."""
        person = self.people[review["subject_id"]]
        before = {(fact.fact, one.counts) for one in person.said for fact in one.facts}
        (judged,) = [one for one in person.judged() if set(one.counts) & set(review["counts"])]
        for question, answer in asked(judged):
            event = stated(question, a_value(answer, question.code), question.asked_of[0])
            if (question.code, event.counts) in before:
                continue
            person.said.append(event.replace(statement_id=f"S{next(self.numbers)}"))
            await self.relief.take(person.snapshot())
            self.done.add("answered")
            return True
        return False

    async def _ask(self, who: str, method: str, path: str, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {who}"}
        answer = await self.http.request(method, f"{REVIEWS}{path}", json=body or None, headers=headers)
        # Of one line: it changed or ended by an answer of this round, and is looked at again in the next.
        assert answer.is_success or answer.status_code in (409, 412), answer.text
        return answer.json()


async def brought_to_their_ends(relief: Relief, people: Sequence[Person], *, answers: bool) -> set[str]:
    """What it took; afterwards nothing waits, and each review is decided or says what was found instead."""
    application = relief.service.application()
    accounts = {name: role for role in OFFICES for name in (role, f"{role}-2")}
    application.state.accounts = Directory(
        {sha256(TOKEN): Account(TOKEN, "person", (Grant("operator"),))}
        | {sha256(name): Account(name, "person", grants(role)) for name, role in accounts.items()}
    )
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://relief") as client:
        by_subject = {str(person.history.subject_id): person for person in people}
        offices = Offices(relief, client, answers, by_subject)
        await offices.work()
    rows = await relief.service.database.pool.fetch("SELECT state, why FROM reviews")
    assert rows and all(row["state"] in ("decided", "closed") for row in rows)
    assert all(row["why"] for row in rows if row["state"] == "closed")
    return offices.done


@pytest.mark.parametrize("policy", ["los-angeles-2020", "los-angeles-2021", "statute"])
@pytest.mark.parametrize("answers", [True, False], ids=["answered first", "decided at once"])
async def test_every_kind_of_review_of_the_sample_is_brought_to_its_end_by_people(
    relief: Relief, sampled: list[HistoryChanged], policy: str, answers: bool
) -> None:
    people = one_of_each_kind(sampled, load_policy(policy, None))
    done = await brought_to_their_ends(relief, people, answers=answers)
    assert "dismissal" in done
    assert ("answered" in done) is answers


@pytest.mark.parametrize(
    ("folder", "policy"), [("los_angeles", "los-angeles-2020"), ("configurable", "configurable")]
)
async def test_every_review_of_the_peer_s_cases_is_brought_to_its_end_by_people(
    relief: Relief, peer: Path, folder: str, policy: str
) -> None:
    given = peer / folder / "eligibility_options.json"
    options = read_options(given) if given.exists() else None
    sending = intake(COUNTY, ["LOS ANGELES", "SACRAMENTO"])
    source = peer / folder / "input.csv"
    histories = list(OfflineHistories([source], sending, AS_OF, workers=1).map(as_it_is))
    people = [Person(history, load_policy(policy, options)) for history in histories]
    await brought_to_their_ends(relief, people, answers=True)


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> list[HistoryChanged]:
    """Everyone of a sample of both sources."""
    out = write(tmp_path_factory.mktemp("sample"), "1/200").out
    files = (out / "doj.csv", out / "court.jsonl")
    return list(OfflineHistories(files, KNOWN.source.intake, AS_OF, workers=1).map(as_it_is))
