"""The prosecution's window to challenge convictions on DOJ's list (HS 11361.9), which closed on 1 July 2020."""

from collections.abc import Iterable
from datetime import date

from reliefstream_contracts.identifiers import CountKey
from reliefstream_contracts.vocabulary.doj_list import CHALLENGE_UNTIL, CITATION, ORDERS_DUE, on_the_list

LATE = (
    f"The prosecution had until {CHALLENGE_UNTIL} to challenge relief of a conviction on DOJ's list, and what was "
    f"unchallenged was to be ordered by {ORDERS_DUE} ({CITATION}, AB 1706). This challenge is later: say why the court "
    "may hear it, and tell the public defender (reading I-66)."
)
"""What whoever enters a challenge after the window is told."""


def after_window(counts: Iterable[CountKey], entered_on: date) -> bool:
    """Whether a challenge entered on this day is too late for the conviction with these counts (I-66).

    No window is set for a conviction that no DOJ record shows.
    """
    return entered_on > CHALLENGE_UNTIL and on_the_list(counts)
