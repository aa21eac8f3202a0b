"""What holds for every history that the contracts allow."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import Conviction, HistoryChanged
from reliefstream_contracts.offense import CodeSection, Doubt, SentencePart
from reliefstream_contracts.records import Registration
from services.eligibility.law.judge import judge
from services.eligibility.policy_files import load_policy, policy_names
from services.eligibility.statute_files import load_statute
from services.eligibility.store import DETERMINATIONS
from tests.eligibility.builders import LOS_ANGELES, a_conviction, a_history, an_offense, relieved

DAYS = st.dates(date(1965, 1, 1), date(2019, 12, 31))
SECTIONS = (
    *("HS 11357", "HS 11357(b)", "HS 11357(c)", "HS 11358", "HS 11359", "HS 11360(a)", "HS 11360(b)"),
    *("HS 11357.5", "HS 11361", "HS 11530", "PC 187(a)", "PC 245", "PC 136.1", "PC 186.22(b)(4)", "PC 314"),
    *("PC 459", "HS 113599", "HS 11358.5", "PC 187a", "PC 186.22b", "PC 290.018(b)", "US 1111"),
)
RELIEF = ("pc_1203_4", "pc_17b", "hs_11361_8_dismissal")


@st.composite
def sentences(draw: st.DrawFn) -> tuple[SentencePart, ...]:
    part = st.builds(
        SentencePart,
        kind=st.sampled_from(["prison", "probation", "life", "fine"]),
        length=st.none() | st.integers(0, 40),
        unit=st.sampled_from(["days", "months", "years"]),
    )
    return tuple(draw(st.lists(part, max_size=3)))


@st.composite
def convictions(draw: st.DrawFn, name: str) -> Conviction:
    sections = draw(st.lists(st.sampled_from(SECTIONS), max_size=2, unique=True))
    flag = draw(st.sampled_from(["none", "attempt", "conspiracy", "accessory", "none", "none"]))
    changes = {} if flag == "none" else {flag: True}
    relief = draw(st.sampled_from([None, None, None, *RELIEF]))
    return a_conviction(
        name=name,
        offense=an_offense(*sections, as_written="11358 HS", **changes),
        event=draw(st.sampled_from(["a", "b", name])),
        level_convicted=draw(st.sampled_from(["felony", "felony", "misdemeanor", "infraction", None])),
        offense_date=draw(st.none() | DAYS),
        conviction_date=draw(st.none() | DAYS),
        sentence=draw(sentences()),
        sealed_by=draw(st.sampled_from([(), (), (), ("court",)])),
        destroyed_by=draw(st.sampled_from([(), (), (), ("court",)])),
        doubts=draw(st.sampled_from([(), (), (), (Doubt(field="disposition", kind="unparsed"),)])),
        later_relief=relieved(relief) if relief else (),
        prosecuting_agency=draw(st.sampled_from([None, "LONG BEACH CITY ATTORNEY", "DISTRICT ATTORNEY"])),
    )


@st.composite
def histories(draw: st.DrawFn) -> HistoryChanged:
    found = [draw(convictions(str(at))) for at in range(draw(st.integers(1, 4)))]
    registered = draw(st.lists(st.none() | DAYS, max_size=1))
    died = draw(st.none() | DAYS)
    return a_history(
        *found,
        rap_sheet=draw(st.sampled_from(["complete", "complete", "incomplete", "none"])),
        birth_date=draw(st.none() | st.dates(date(1940, 1, 1), date(2005, 1, 1))),
        deceased=died is not None,
        deceased_on=died,
        registrations=tuple(
            Registration(section=CodeSection(code="PC", section="290"), on=on) for on in registered
        ),
    )


POLICIES = st.sampled_from(policy_names())


def found(history: HistoryChanged, policy: str, day: date) -> tuple[Determination, ...]:
    return judge(history, LOS_ANGELES, load_policy(policy), load_statute(), day)


def content(one: Determination) -> dict[str, Any]:
    return one.model_dump(exclude={"as_of", "next_review_on"})


@settings(max_examples=150, deadline=None)
@given(histories(), POLICIES, st.dates(date(2015, 1, 1), date(2025, 1, 1)), st.data())
def test_nothing_changes_before_the_next_review_and_something_does_on_it(
    history: HistoryChanged, policy: str, day: date, data: st.DataObject
) -> None:
    for place, today in enumerate(found(history, policy, day)):
        last = today.next_review_on or day + timedelta(days=40 * 366)
        walked = {min(day + timedelta(days=n), last) for n in range(1, 60)}
        walked |= {data.draw(st.dates(day, last)), last - timedelta(days=1)}
        for later in sorted(walk for walk in walked if day < walk < last):
            then = found(history, policy, later)[place]
            assert content(then) == content(today)
            assert then.next_review_on == today.next_review_on
        if today.next_review_on is not None:
            assert today.next_review_on > day
            assert content(found(history, policy, last)[place]) != content(today)


@settings(max_examples=200, deadline=None)
@given(histories(), POLICIES)
def test_relief_rests_on_no_unknown_fact(history: HistoryChanged, policy: str) -> None:
    for one in found(history, policy, date(2019, 11, 11)):
        if one.outcome in {"dismissal", "redesignation"}:
            assert one.conviction_date is not None
            assert one.conviction_date < date(2016, 11, 9)
            assert one.section
            assert one.grounds[0].finding == "met"


@settings(max_examples=100, deadline=None)
@given(histories(), POLICIES, st.randoms(use_true_random=False))
def test_the_order_of_a_history_does_not_matter(history: HistoryChanged, policy: str, chance: Any) -> None:
    shuffled = list(history.convictions)
    chance.shuffle(shuffled)
    other = history.model_copy(update={"convictions": tuple(shuffled)})

    day = date(2019, 11, 11)
    assert [one.outcome for one in found(other, policy, day)] == [
        one.outcome for one in found(history, policy, day)
    ]


RANK = {"dismissal": 2, "redesignation": 1}


@settings(max_examples=150, deadline=None)
@given(histories(), POLICIES, DAYS, st.sampled_from(["PC 187", "PC 311.3", "HS 11358", "HS 11359"]))
def test_an_earlier_disqualifier_never_helps(
    history: HistoryChanged, policy: str, on: date, section: str
) -> None:
    worse = a_conviction(section, name="worse", event="worse", conviction_date=on)
    more = history.model_copy(update={"convictions": (*history.convictions, worse)})
    day = date(2025, 1, 1)
    before = {one.conviction_id: one for one in found(history, policy, day)}
    for one in found(more, policy, day):
        if one.conviction_id in before:
            was = before[one.conviction_id]
            assert RANK.get(one.outcome, 0) <= RANK.get(was.outcome, 0)
            assert RANK.get(one.legal_minimum or "", 0) <= RANK.get(was.legal_minimum or "", 0)


@settings(max_examples=100, deadline=None)
@given(histories(), POLICIES)
def test_what_is_stored_reads_back_the_same(history: HistoryChanged, policy: str) -> None:
    one = found(history, policy, date(2019, 11, 11))

    assert DETERMINATIONS.validate_json(DETERMINATIONS.dump_json(one, exclude_defaults=True)) == one
    assert HistoryChanged.model_validate_json(history.model_dump_json(exclude_defaults=True)) == history
