"""Which convictions HS 11361.8 and 11361.9 give a court authority over.

Related charges (PC 148, HS 11364 ...) have none there: they need the court's own act under PC 1385, case by
case, and are never put on a blanket order nor under a standing one. A conspiracy (PC 182) has none either.
What may stand beside a covered section (an attempt, an enhancement) is eligibility's to judge.
"""

import re

from reliefstream_contracts.vocabulary.california_codes import PROPOSITION_64

HEALTH_AND_SAFETY = re.compile(r"HS (\d+(?:\.\d+)?)(?:\([a-z0-9]+\))*")
CONSPIRACY = re.compile(r"PC 182(\([a-z0-9]+\))*")


def has_authority(section: str) -> bool:
    """Whether the sections that a determination names ("HS 11359", "PC 664/HS 11360(a)") are covered."""
    parts = section.split("/")
    numbers = {found[1] for part in parts if (found := HEALTH_AND_SAFETY.fullmatch(part))}
    return not numbers.isdisjoint(PROPOSITION_64) and not any(map(CONSPIRACY.fullmatch, parts))
