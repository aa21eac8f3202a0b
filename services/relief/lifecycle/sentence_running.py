"""Whether a determination shows that the sentence is still running.

HS 11361.8(b) lets the prosecution raise an unreasonable risk of danger only against a petition of someone who
is still serving; an application after the sentence is completed (subdivisions (e) and (f)) has no such test.
"""

from collections.abc import Sequence

from reliefstream_contracts.determinations import Ground

# The ground that tests it, on the sentence of the very conviction; a sentence elsewhere is no matter of this one.
GROUND = "sentence_completed"


def still_serving(grounds: Sequence[Ground]) -> bool | None:
    """True or False by the determination's ground; None when no ground tested it or a fact was missing."""
    found = {each.finding for each in grounds if each.rule == GROUND} - {"unknown"}
    return found == {"not_met"} if len(found) == 1 else None
