"""Charges of the same arrest that some counties cleared as well (PC 148, HS 11364 ...), by a policy's own list.

HS 11361.8 and 11361.9 give no authority over them: whatever a county's table says of one, it takes the court's
own order under PC 1385, case by case (I-39).
"""

import re

from reliefstream_contracts.histories import Conviction
from reliefstream_contracts.vocabulary.offense import CodeSection, Offense
from services.eligibility.law.engine.finding import CitedTest, Finding
from services.eligibility.law.input.judged_conviction import Case, is_charge_clear, is_in_doubt
from services.eligibility.law.input.section_list import SectionList
from services.eligibility.law.statutes.health_and_safety.hs_article_2 import (
    ACCESSORY,
    ATTEMPT,
    CONSPIRACY,
    current,
)

CITATION = "PC 1385"
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?[A-Za-z]*(?:\s*\([0-9A-Za-z]+\))*")


def is_related(conviction: Conviction, listed: SectionList | None) -> bool:
    """Whether the conviction's charge names a section of the policy's list of related charges, or what is below it.

    Only for convictions that the law itself does not reach. A charge that could not be read is not related.
    """
    if listed is None or not is_charge_clear(conviction):
        return False
    return any(listed.look_up(section)[0] == "met" for section in conviction.offense.sections)


def charge_as_printed(offense: Offense) -> str:
    """The charge as a county's list prints it: ``4149 BP``, number before code, subdivisions as the record has them,
    and before it what only says how it was committed: ``664/148 PC``."""
    before = [number for number, so in ((ATTEMPT, offense.attempt), (CONSPIRACY, offense.conspiracy)) if so]
    before += [ACCESSORY] if offense.accessory else []
    printed = [_number_first(section, offense.as_written) for section in offense.sections]
    return "/".join([*before, *printed]) if printed else offense.as_written


def related_charge(case: Case) -> CitedTest:
    """Whether the conviction is judged as a related charge: it names no section of the cannabis article."""
    article = case.statute.article_two
    named = [
        article.named.look_up(current(section, article))[0] for section in case.conviction.offense.sections
    ]
    finding: Finding = "not_met" if "met" in named or not named else "met"
    facts = {"section": str(case.conviction.offense)}
    return CitedTest("related_charge", finding, CITATION if finding == "met" else "", facts)


def exact_charge(case: Case, section: CodeSection) -> CitedTest:
    """Whether the charge is that section and nothing else: not a subdivision of it, and no other beside it."""
    met = tuple(case.conviction.offense.sections) == (section,)
    facts = {"section": str(case.conviction.offense)}
    return CitedTest("exact_charge", "met" if met else "not_met", "", facts)


def no_cannabis_charge_in_cycle(case: Case) -> CitedTest:
    """Whether no source shows a charge that 11361.8 reaches beside this one, convicted of or not (I-38).

    In DOJ's sheet the same cycle, arrests among it; in a court's record the same case. Unknown where another
    charge of the event could not be read, or no complete rap sheet has come and none is shown.
    """
    rule, article = "no_cannabis_charge_in_cycle", case.statute.article_two
    event = [other for other in case.history.convictions if other.event == case.conviction.event]
    beside = {section for other in event for section in other.offense.sections}
    for section in sorted({*case.conviction.charged_beside, *beside}, key=str):
        if article.covered.look_up(current(section, article))[0] == "met":
            return CitedTest(rule, "not_met", "", {"cannabis_charge": str(section)})
    unread = is_in_doubt(case.conviction.doubts, "charged_beside")
    if unread or any(not is_charge_clear(other) for other in event):
        return CitedTest(rule, "unknown", "", unknown="section")
    if not case.knows_everything:
        return CitedTest(rule, "unknown", "", unknown="rap_sheet")
    return CitedTest(rule, "met", "")


def _number_first(section: CodeSection, as_written: str) -> str:
    """``4149 BP``; the number as the record writes it, where it does write that one."""
    number = f"{section.section}{''.join(f'({part})' for part in section.subdivisions)}"
    written = ("".join(found.split()) for found in NUMBER.findall(as_written))
    found = next((one for one in written if one.lower() == number.lower()), number)
    return f"{found} {section.code}".strip()
