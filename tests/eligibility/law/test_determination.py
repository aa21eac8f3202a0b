"""What a determination repeats of its conviction, and whose convictions are judged."""

from datetime import date

import pytest

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import CountRef
from reliefstream_contracts.vocabulary.offense import CodeSection, Doubt, Offense
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_titles import policy_names
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.judge import judge
from tests.eligibility.builders import AS_OF, LOS_ANGELES, a_conviction, a_history, judged


def a_ref(key: str, **changes: object) -> CountRef:
    source = key.split("/", maxsplit=1)[0]
    return CountRef.of({"key": key, "source": source, "sent_by": "los-angeles", **changes})


def test_file_row_and_person_are_those_of_dojs_first_count() -> None:
    counts = (
        a_ref(
            "court/los-angeles/c/1", case_number="BA 1", file_sha256="00", file_row=1, source_subject_id="P9"
        ),
        a_ref("doj/los-angeles/r/1", case_number="BA1", file_sha256="bb", file_row=3, source_subject_id="S1"),
        a_ref(
            "doj/los-angeles/r/2", file_sha256="aa", file_row=9, source_subject_id="S2", cii_number="1234567"
        ),
        a_ref("doj/los-angeles/r/3", file_sha256="aa", file_row=10),
    )

    found = judged(a_history(a_conviction(counts=counts, case_number="BA 1")))

    assert (found.file_sha256, found.source_row, found.source_subject_id) == ("aa", 9, "S2")
    assert (found.source, found.cii_number, found.case_number) == ("doj+court", "1234567", "BA 1")
    assert found.source_case_numbers == {"court": "BA 1", "doj": "BA1"}
    assert found.counts == tuple(sorted(ref.key for ref in counts))
    assert found.section == "HS 11359"


def test_two_sources_with_a_number_each_name_the_case() -> None:
    counts = (
        a_ref("court/los-angeles/c/1", case_number="BA 1"),
        a_ref("doj/los-angeles/r/1", case_number="BA2"),
    )
    two = Doubt(field="case_number", kind="contradictory", as_written=("court: BA 1", "doj: BA2"))

    found = judged(a_history(a_conviction(counts=counts, doubts=(two,))))

    assert (found.outcome, found.source_case_numbers) == ("dismissal", {"court": "BA 1", "doj": "BA2"})


def test_a_conviction_of_the_court_alone_has_the_courts_place() -> None:
    counts = (a_ref("court/los-angeles/c/1", file_sha256="cc", file_row=4, source_subject_id="P9"),)

    found = judged(a_history(a_conviction(counts=counts)), "los-angeles-2021")

    assert (found.source, found.file_sha256, found.source_row) == ("court", "cc", 4)


def test_a_conviction_that_its_own_county_did_not_send_is_history_only() -> None:
    elsewhere = (a_ref("doj/yolo/r/1", sent_by="yolo"),)

    assert not _judge(a_conviction(counts=elsewhere))
    assert not _judge(a_conviction(county="yolo"))


def test_a_conviction_of_an_unknown_county_goes_to_review_at_the_door_it_came_through() -> None:
    found = judged(a_history(a_conviction(county=None)))

    assert (found.county, found.outcome, found.reason) == ("los-angeles", "needs_review", "county_unknown")


@pytest.mark.parametrize("field", ["identity", "name", "name.surname", "name.suffix", "birth_date"])
def test_a_person_in_doubt_goes_to_review_under_every_policy(field: str) -> None:
    history = a_history(doubts=(Doubt(field=field, kind="contradictory"),))

    for policy in policy_names():
        assert judged(history, policy).reason == "identity_in_doubt"


def test_a_name_that_is_merely_missing_is_no_doubt() -> None:
    assert judged(a_history(doubts=(Doubt(field="name", kind="missing"),))).outcome == "dismissal"


def test_a_conviction_that_was_also_disposed_of_otherwise_goes_to_review() -> None:
    doubt = Doubt(field="disposition", kind="contradictory", as_written=("ACQUITTED",))

    assert judged(a_history(a_conviction(doubts=(doubt,)))).reason == "disposition_in_doubt"


def test_a_charge_on_which_sources_differ_is_found_by_any_of_its_texts() -> None:
    offense = Offense(as_written="459 PC", sections=())
    doubt = Doubt(field="offense", kind="contradictory", as_written=("11359 HS", "459 PC"))

    assert judged(a_history(a_conviction(offense=offense, doubts=(doubt,)))).reason == "section_unreadable"


def test_a_number_without_its_code_is_named_with_it() -> None:
    offense = Offense(
        as_written="11357(B)", sections=(CodeSection(code="", section="11357", subdivisions=("b",)),)
    )

    found = judged(a_history(a_conviction(offense=offense)))

    assert (found.section, found.reason) == ("HS 11357(b)", "hs_11357_a_or_b")


def test_what_is_not_cannabis_is_history_only() -> None:
    assert not _judge(a_conviction("PC 459"))
    assert not _judge(a_conviction("HS 11377(a)"))


def test_a_charge_that_nobody_could_read_goes_to_review_and_is_not_passed_over() -> None:
    (found,) = _judge(a_conviction(offense=Offense(as_written="SEE COMMENT FOR CHARGE", sections=())))
    assert (found.outcome, found.reason) == ("needs_review", "section_unreadable")


def test_the_same_arguments_give_the_same_answer_on_any_day_of_the_clock() -> None:
    history = a_history()

    assert judged(history) == judged(history)
    assert judged(history, as_of=date(2030, 1, 1)).as_of == date(2030, 1, 1)


def test_no_ground_names_a_birth_date() -> None:
    history = a_history(birth_date=date(1961, 7, 19))

    assert "1961" not in judged(history).to_json().decode()


def _judge(conviction: object) -> tuple[Determination, ...]:
    history = a_history(conviction)  # type: ignore[arg-type]
    return judge(history, LOS_ANGELES, load_policy("los-angeles-2020"), load_statute(), AS_OF)
