"""HS 11361.9 (AB 1793, 2018; AB 1706, 2022): the deadlines of DOJ's list, and which convictions are on it."""

from collections.abc import Iterable
from datetime import date

from reliefstream_contracts.identifiers import CountKey

CITATION = "HS 11361.9"
CHALLENGE_UNTIL = date(2020, 7, 1)
"""The prosecution's last day to challenge."""
ORDERS_DUE = date(2023, 3, 1)
"""The last day for a court to order what nobody had challenged."""
RECORDS_DUE = date(2023, 7, 1)
"""The last day for DOJ to update its records."""


def on_the_list(counts: Iterable[CountKey]) -> bool:
    """Whether a DOJ record shows the conviction with these counts: such a conviction is taken as listed (I-66)."""
    return any(count.startswith("doj/") for count in counts)
