"""A signed decision of a review, as the life of relief needs it."""

from datetime import date, datetime

from reliefstream_contracts.frozen import Frozen
from services.relief.lifecycle.findings import Finding, Given


class Objection(Frozen):
    """What was held against the person: the court and the defender are told. ``entered_on``: day in the county."""

    reason_code: str
    by: str
    entered_on: date


class SignedDecision(Frozen):
    """It stands while the determination is what its author was shown (``digest``). ``gives`` None: no relief."""

    identity: str
    """Of its ``ReviewDecided``: ``review_id/sequence``."""
    digest: str
    signed_at: datetime
    gives: Given | None
    objection: Objection | None = None
    """None: nothing was held against the person."""

    def stands_on(self, finding: Finding) -> bool:
        """Whether the finding is what was decided on."""
        return finding.review is not None and finding.review.digest == self.digest
