"""Which convictions HS 11361.8 and 11361.9 give a court authority over.

Related charges (PC 148, HS 11364 ...) have none there: they need the court's own act under PC 1385, case by
case, and are never put on a blanket order nor under a standing one. A conspiracy (PC 182) has none either.
What may stand beside a covered section (an attempt, an enhancement) is eligibility's to judge.
"""

import re

# HS 11357 to 11360, and what they were before Stats. 1972 renumbered them. 11357.5 is another crime.
COVERED = re.compile(r"HS (1135[789]|11360|11530|11530\.1|11530\.5|11531)(\([a-z0-9]+\))*")
CONSPIRACY = re.compile(r"PC 182(\([a-z0-9]+\))*")


def has_authority(section: str) -> bool:
    """Whether the sections that a determination names ("HS 11359", "PC 664/HS 11360(a)") are covered."""
    parts = section.split("/")
    return any(COVERED.fullmatch(part) for part in parts) and not any(map(CONSPIRACY.fullmatch, parts))
