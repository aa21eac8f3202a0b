"""Words of sealing, as pages write them."""

from collections.abc import Mapping
from typing import Final

from services.console.words.discrepancies import of_kind

STAGES: Final[Mapping[str, str]] = {
    "due": "due: sealed within a minute",
    "being_sealed": "being sealed",
    "person": "waits for the person",
    "court_record": "waits for the court’s record",
    "doj_record": "waits for DOJ’s record",
    "discrepancy": "waits for an open difference",
    "just_shown": "waits for an hour",
    "legal_hold": "under a legal hold",
}
WHY: Final[Mapping[str, str]] = {
    "due": "Every source shows it, nothing is disputed, and the person was told or had the county’s time.",
    "being_sealed": "Each service forgets it and says so; this takes seconds.",
    "person": "The person has not been told yet, and the county’s time has not passed.",
    "court_record": "The court’s record does not show the dismissal yet.",
    "doj_record": "DOJ’s record does not show the dismissal yet.",
    "discrepancy": "What the sources say of it differs, only one of them has it, or more than one order stands on it.",
    "just_shown": "A record shows it since less than an hour; more of that record may follow.",
    "legal_hold": "Somebody keeps it, for a litigation or an audit of the court.",
}
"""Why each waits."""
OF_ORDERS: Final[Mapping[str, str]] = {
    "relief_ordered_twice": "Two orders stand on one conviction",
    "determination_changed_after_order": "The records give something else since the order",
}
"""Open differences that are on the page of orders to look at, by kind."""
GONE: Final = (
    "the name, the birth date and the numbers of the person, where no other conviction of the person is on record here",
    "the case number, the charge, the days and the sentence",
    "what people decided, noted and answered about it, and the objections",
    "the message that integrators got: they are asked to forget it",
)
KEPT: Final = (
    "that an order of this number sealed a conviction in this county, and on which day",
    "for the statistics: level, race, sex, whether there was an objection; no person can be found by them",
    "keyed hashes, by which it is recognised when a source sends it again, and by which a certificate is verified",
    "the person’s other convictions, unchanged",
)


def of_entry(kind: str) -> str:
    """What an open difference of this kind is."""
    return OF_ORDERS.get(kind) or of_kind(kind).what
