"""Reviews that a stated fact settles: the question stands in the determination, and its answer leads where it says."""

from datetime import date

import pytest

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.records import Registration
from reliefstream_contracts.vocabulary.offense import CodeSection, Doubt, SentencePart
from tests.eligibility.builders import a_conviction, a_history, a_statement, an_offense, judged

NO_CHARGE = an_offense(as_written="SEE COMMENT")
MIXED = an_offense("HS 11358", "HS 11359")
OF_UNKNOWN_COUNTY = a_conviction(county=None, doubts=(Doubt(field="county", kind="missing"),))
RELIEF_NAMED = a_conviction(doubts=(Doubt(field="later_relief", kind="unparsed"),))
TWICE = [a_conviction("PC 459", name=name, conviction_date=date(2000, 1, 1)) for name in ("2", "3")]
REPEATED = [
    a_conviction(name=name, conviction_date=date(2001, month, 1), case_number="B1")
    for name, month in (("2", 1), ("3", 2))
]
REGISTERED = Registration(section=CodeSection(code="PC", section="290"), on=None)
SHEETLESS_AGE = date(1975, 1, 1)
IN_PRISON = a_conviction(
    "PC 484",
    sentence=(SentencePart(kind="prison", length=1, unit="years"),),
    conviction_date=date(2010, 5, 1),
)
NOTHING_ELSE = [a_statement("1", fact, "no") for fact in ("under_supervision", "charges_pending")]

CASES: dict[str, tuple[HistoryChanged, str, str, dict[str, str]]] = {
    "the county of a conviction": (
        a_history(OF_UNKNOWN_COUNTY),
        "los-angeles-2021",
        "county",
        {"this_county": "dismissal", "another_county": "not_covered"},
    ),
    "a charge that cannot be read": (
        a_history(a_conviction(offense=NO_CHARGE)),
        "los-angeles-2021",
        "section",
        {"HS 11359": "dismissal", "another": "not_covered"},
    ),
    "two sections on one line": (
        a_history(a_conviction(offense=MIXED)),
        "los-angeles-2021",
        "section",
        {"HS 11358": "dismissal", "another": "not_covered"},
    ),
    "relief that is named and not granted": (
        a_history(RELIEF_NAMED),
        "los-angeles-2021",
        "relief_granted",
        {"dismissal": "already_relieved", "redesignation": "already_relieved", "none": "dismissal"},
    ),
    "a registration without a date": (
        a_history(registrations=(REGISTERED,), birth_date=SHEETLESS_AGE),
        "los-angeles-2020",
        "registered_before",
        {"yes": "needs_review", "no": "dismissal"},
    ),
    "a death on an impossible day": (
        a_history(
            a_conviction(),
            a_conviction("PC 459", name="2", conviction_date=date(2015, 1, 1)),
            doubts=(Doubt(field="deceased_on", kind="impossible"),),
        ),
        "los-angeles-2020",
        "deceased",
        {"yes": "dismissal", "no": "needs_review"},
    ),
    "the end of parole": (
        a_history(IN_PRISON, stated_facts=tuple(NOTHING_ELSE)),
        "pc-1203-425",
        "parole_end",
        {"2012-01-01": "dismissal", "2023-01-01": "not_eligible"},
    ),
    "a registration whose section cannot be read": (
        a_history(
            a_conviction("PC 484"),
            registrations=(Registration(section=None, on=date(2011, 1, 1)),),
            stated_facts=(*NOTHING_ELSE, a_statement("1", "probation_revoked", "no")),
        ),
        "pc-1203-425",
        "registration_required",
        {"yes": "not_eligible", "no": "dismissal"},
    ),
}
LATER = date(2026, 1, 1)


def on(policy: str) -> date:
    return LATER if policy == "pc-1203-425" else date(2019, 11, 11)


@pytest.mark.parametrize("what", CASES)
def test_a_review_is_settled_by_the_answer_to_its_question(what: str) -> None:
    history, policy, code, answers = CASES[what]
    found = judged(history, policy, on(policy))
    assert (found.outcome, code in {one.code for one in found.open_questions}) == ("needs_review", True)
    for value, outcome in answers.items():
        stated = (*history.stated_facts, a_statement("1", code, value))
        again = judged(history.replace(stated_facts=stated), policy, on(policy))
        assert again.outcome == outcome, (code, value, again.reason)


def test_two_reports_that_may_be_one_are_two_or_one_as_stated() -> None:
    history = a_history(a_conviction(case_number="A1"), *REPEATED, birth_date=date(1975, 1, 1))
    found = judged(history)
    assert (found.reason, {one.code for one in found.open_questions}) == (
        "unknown_repeated",
        {"reported_twice"},
    )
    once = judged(history.replace(stated_facts=(a_statement("3", "reported_twice", "yes"),)))
    two = tuple(a_statement(name, "reported_twice", "no") for name in ("2", "3"))
    assert once.outcome == "dismissal"
    assert judged(history.replace(stated_facts=two)).reason == "two_priors"


def test_a_conviction_stated_to_be_reported_twice_is_not_judged_again() -> None:
    stated = (a_statement("1", "reported_twice", "yes"),)
    assert judged(a_history(stated_facts=stated)).reason == "reported_twice"


def test_statements_that_contradict_each_other_stand_beside_the_question_and_no_other_statement_does() -> (
    None
):
    own = a_conviction("HS 11357(a)", level_convicted="misdemeanor")
    said = (
        a_statement("1", "weight", "within_the_limit"),
        a_statement("1", "weight", "above_the_limit", by="da-2"),
        a_statement("1", "school_grounds", "no", by="da-3"),
    )
    (asked,) = judged(a_history(own, stated_facts=said), "statute").open_questions
    assert (
        asked.code,
        [(one.value, one.stated_by.account) for one in asked.contradicting if one.stated_by],
    ) == ("weight", [("within_the_limit", "da-1"), ("above_the_limit", "da-2")])


def test_a_statement_that_contradicts_the_record_stands_beside_the_question_with_what_the_record_says() -> (
    None
):
    said = (a_statement("1", "level", "misdemeanor"),)
    (asked,) = judged(a_history(stated_facts=said), "statute").open_questions
    assert [(one.value, one.stated_by and one.stated_by.account) for one in asked.contradicting] == [
        ("felony", None),
        ("misdemeanor", "da-1"),
    ]


@pytest.mark.parametrize("field", ["name", "birth_date"])
def test_records_of_two_persons_ask_whether_they_are_of_one(field: str) -> None:
    found = judged(a_history(doubts=(Doubt(field=field, kind="contradictory"),)), "los-angeles-2021")
    (asked,) = found.open_questions
    assert (asked.code, [one.outcome for one in asked.answers]) == ("identity", ["dismissal"])


def test_a_case_number_that_cannot_be_read_is_asked_for() -> None:
    found = judged(
        a_history(a_conviction(doubts=(Doubt(field="case_number", kind="unparsed"),))), "los-angeles-2021"
    )
    (asked,) = found.open_questions
    assert (asked.code, [one.outcome for one in asked.answers]) == ("case_number", ["dismissal"])


@pytest.mark.parametrize(("said", "outcome"), [("yes", "not_eligible"), ("no", "dismissal")])
def test_an_order_under_pc_1203_425_b_withholds_automatic_relief(said: str, outcome: str) -> None:
    told = [
        *NOTHING_ELSE,
        a_statement("1", "probation_revoked", "no"),
        a_statement("1", "relief_prohibited", said),
    ]
    assert (
        judged(a_history(a_conviction("PC 484"), stated_facts=tuple(told)), "pc-1203-425", LATER).outcome
        == outcome
    )


def test_a_section_stated_against_a_record_that_names_another_contradicts_it() -> None:
    stated = (a_statement("1", "section", "HS 11358"),)
    assert judged(a_history(stated_facts=stated), "los-angeles-2021").reason == "section_unreadable"


def test_where_one_answer_is_not_enough_all_are_asked() -> None:
    """Three convictions of the section, of unknown level, of which two would bar: none of them alone decides."""
    of_unknown_level = [
        a_conviction(
            name=name, level_convicted=None, conviction_date=date(2001, int(name), 1), case_number=name
        )
        for name in ("2", "3", "4")
    ]
    found = judged(a_history(a_conviction(case_number="A1"), *of_unknown_level, birth_date=date(1975, 1, 1)))
    assert [(one.code, one.case_number) for one in found.open_questions] == [
        ("level", "2"),
        ("level", "3"),
        ("level", "4"),
    ]
