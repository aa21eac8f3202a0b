"""Elements of an offense that the record itself shows: the sentence on its own count."""

from reliefstream_contracts.histories import Conviction
from reliefstream_contracts.vocabulary.stated_facts import FactCode
from services.eligibility.law.input.judged_conviction import is_in_doubt


def recorded(conviction: Conviction, fact: FactCode) -> str | None:
    """What the record says of an element; None when it says nothing."""
    if fact != "state_prison":
        return None
    kinds = {part.kind for part in conviction.sentence}
    if kinds & {"prison", "life"}:
        return "yes"
    return "no" if kinds and not is_in_doubt(conviction.doubts, "sentence") else None
