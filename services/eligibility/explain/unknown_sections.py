"""Sections in a policy that are probably misspelt: no conviction would ever match them, without any error."""

from collections.abc import Iterator

from reliefstream_contracts.vocabulary.california_codes import CODES
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_titles import policy_names
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.policy import Policy


def doubtful_sections(policy: Policy) -> Iterator[str]:
    """A sentence on each section that is probably misspelt, with where it stands and what to do; none as a rule.

    A row's section is doubtful if the table is never asked about it (PC 1203.425 covers all sections). A related charge
    is doubtful if its code does not exist, or if none of our own policies lists it.
    """
    if policy.law.name == "hs-11361.8":
        covered = load_statute().article_two.covered
        for row in policy.rows:
            for section in row.sections:
                related = policy.related_charges
                if covered.look_up(section)[0] == "not_met" and (
                    related is None or related.look_up(section)[0] == "not_met"
                ):
                    yield (
                        f"row {row.number} names {section}, which HS 11361.8 does not reach and which is no related "
                        "charge here: it can never be met by it. Is the section misspelt?"
                    )
    if policy.related_charges is None:
        return
    lists = [known for name in policy_names() if (known := load_policy(name).related_charges) is not None]
    for listed in policy.related_charges.entries:
        if listed.section.code not in CODES:
            known_codes = ", ".join(sorted(CODES))
            yield (
                f"related_charges names {listed.section}, but no record has a code {listed.section.code}: "
                f"known are {known_codes}"
            )
        elif all(known.look_up(listed.section)[0] == "not_met" for known in lists):
            yield (
                f"related_charges names {listed.section}, which is in no policy that came with the product: "
                "compare it with the code; if it is right, nothing is to be done"
            )
