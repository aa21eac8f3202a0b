"""Two or more priors of the same kind: HS 11358(d)(2), 11359(c)(2), 11360(a)(3)(B) (INTERPRETATIONS I-13)."""

from reliefstream_contracts.histories import Conviction
from reliefstream_contracts.vocabulary.offense import CodeSection
from reliefstream_contracts.vocabulary.stated_facts import ANOTHER_SECTION
from services.eligibility.law.conditions.reported_twice import ask_which_repeat, surely_different
from services.eligibility.law.engine.finding import CitedTest
from services.eligibility.law.engine.whatever_the_day import whatever_the_day
from services.eligibility.law.input.judged_conviction import Case, is_certain
from services.eligibility.law.statutes.health_and_safety.hs_article_2 import as_meant, coverage, is_unreadable


@whatever_the_day
def earlier_same_section(case: Case, section: CodeSection, how_many: int) -> CitedTest:
    """Whether at least so many felonies of the same section stood when this one was charged (I-08).

    Compared by section number in today's numbering; an 11360(b) is another kind than an 11360(a). Unknown when
    one whose date, level, section or disposition is unknown could make up the number, or one that may be another
    (or the one judged) reported twice (I-13), or no complete rap sheet has come.
    """
    listed, entry = case.statute.priors.sections.look_up(section)
    citation = (entry.citation if entry else "") or case.statute.priors.sections.citation
    rule, facts = f"{how_many}_earlier_of_the_same_section", {"section": f"HS {section.section}"}
    if listed == "not_met":
        return CitedTest(rule, "not_met", citation, facts)
    priors: list[Conviction] = []
    unknown: list[str] = []
    for other in case.others():
        counted, missing = _counts(case, other, section)
        if missing is not None:
            unknown.append(missing)
        elif counted:
            priors.append(other)
    met = surely_different(priors, case.facts, beside=case.conviction)
    if met >= how_many:
        return CitedTest(rule, "met", citation, facts | {"earlier": met})
    if not case.knows_everything:
        unknown.extend(["rap_sheet"] * how_many)
    if len(priors) + len(unknown) >= how_many:
        missing = unknown[0] if unknown else "repeated"
        if not unknown:
            ask_which_repeat(priors, case.facts)
        return CitedTest(rule, "unknown", citation, facts | {"earlier": met}, unknown=missing)
    return CitedTest(rule, "not_met", citation, facts | {"earlier": met})


def _counts(case: Case, other: Conviction, section: CodeSection) -> tuple[bool, str | None]:
    """Whether the other conviction may be a prior of that section, and the fact that is missing to say so."""
    article = case.statute.article_two
    before = case.is_prior(other)
    if before is False or other.level_convicted in {"misdemeanor", "infraction"}:
        return False, None
    if case.once(is_unreadable, other, article):
        if case.facts.of(other, "section") == ANOTHER_SECTION:
            return False, None
        return True, "section"
    named = next((one for one in case.once(as_meant, other, article) if one.section == section.section), None)
    if named is None:
        return False, None
    reach = case.once(coverage, other, article)
    if reach.status == "not_covered":
        return False, None
    if ("b" in named.subdivisions[:1]) != ("b" in section.subdivisions[:1]):
        return False, None
    if reach.status == "needs_review":
        return True, "section"
    if before is None:
        return True, case.missing_to_order(other)
    if not is_certain(other):
        return True, "disposition"
    return True, None if other.level_convicted else "level"
