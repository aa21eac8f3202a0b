"""Which convictions are related charges of a policy, and how a county's list prints them."""

import pytest

from reliefstream_contracts.vocabulary.offense import Offense
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_titles import policy_names
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.conditions.related_charge import charge_as_printed, is_related
from services.eligibility.law.engine.judge import judge
from services.ingest.core.charges.code_sections import read_offense
from tests.eligibility.builders import AS_OF, LOS_ANGELES, a_conviction, a_history, an_offense

LISTED = (
    *("PC 647(f)", "PC 602", "PC 466", "PC 148.9", "PC 148", "PC 1320", "HS 11364", "HS 11550"),
    *("BP 4140", "BP 4149", "BP 4060", "VC 40508"),
)
WITH_THEM = ("san-joaquin", "contra-costa")


@pytest.mark.parametrize("policy", WITH_THEM)
@pytest.mark.parametrize("section", LISTED)
def test_every_charge_of_the_list_is_judged_and_never_given_relief(policy: str, section: str) -> None:
    beside = an_offense("HS 11357(b)").sections
    history = a_history(a_conviction(section, level_convicted="misdemeanor", charged_beside=beside))

    (found,) = judge(history, LOS_ANGELES, load_policy(policy), load_statute(), AS_OF)

    assert (found.outcome, found.route, found.legal_minimum) == ("needs_review", "district_attorney", None)
    code, number = section.split()
    assert found.reason_label == f"{number} {code}"
    assert found.reason.startswith("related_charge")
    assert any(ground.rule == "authority_in_law" and "PC 1385" in ground.citation for ground in found.grounds)


@pytest.mark.parametrize(
    "policy", [name for name in policy_names() if name not in {*WITH_THEM, "pc-1203-425"}]
)
def test_a_county_without_such_a_list_judges_none(policy: str) -> None:
    history = a_history(a_conviction("PC 148"), a_conviction(name="2"))

    found = judge(history, LOS_ANGELES, load_policy(policy), load_statute(), AS_OF)

    assert [one.section for one in found] == ["HS 11359"]


@pytest.mark.parametrize(
    "text",
    [
        "647 PC-DISORDERLY",
        "647(B) PC",
        "647(f) HS",
        "1480 PC",
        "148.5 PC",
        "602.1 PC",
        "11364.1 HS",
        "14859 PC",
    ],
)
def test_what_is_not_on_the_list_is_history_only(text: str) -> None:
    assert not is_related(
        a_conviction(offense=read_offense(text)), load_policy("san-joaquin").related_charges
    )


def test_a_line_that_names_cannabis_too_is_the_laws_own() -> None:
    conviction = a_conviction(offense=read_offense("148 PC/11357(B) HS"))

    (found,) = judge(a_history(conviction), LOS_ANGELES, load_policy("san-joaquin"), load_statute(), AS_OF)

    assert (found.outcome, found.reason) == ("needs_review", "mixed_sections")


def test_one_of_another_county_is_history_only() -> None:
    history = a_history(a_conviction("PC 148", county="yolo"))

    assert not judge(history, LOS_ANGELES, load_policy("san-joaquin"), load_statute(), AS_OF)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("4149 BP", "4149 BP"),
        ("4149 BP-POSS HYPODERMIC", "4149 BP"),
        ("4060    BP", "4060 BP"),
        ("148PC", "148 PC"),
        ("1320(A) PC-FAIL TO APPEAR", "1320(A) PC"),
        ("647(f) PC", "647(f) PC"),
        ("--40508 VC--", "40508 VC"),
        ("PC 148.9(a)", "148.9(a) PC"),
        ("148/602 PC-TRESPASS", "148 PC/602 PC"),
        ("4149 BPC", "4149 BP"),
        ("4149 B&P-HYPODERMIC", "4149 BP"),
        ("PC 148(A)(1)", "148(A)(1) PC"),
        ("664/148 PC", "664/148 PC"),
        ("664-148(A)(1) PC", "664/148(A)(1) PC"),
        ("182/11364 HS", "182/11364 HS"),
        ("32/148 PC", "32/148 PC"),
    ],
)
def test_a_charge_is_printed_number_first(written: str, printed: str) -> None:
    assert charge_as_printed(read_offense(written)) == printed


def test_a_charge_without_sections_is_printed_as_written() -> None:
    assert charge_as_printed(Offense(as_written="SEE COMMENT", sections=())) == "SEE COMMENT"
