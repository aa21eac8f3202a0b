"""A signed decision of a review, as the life of relief needs it."""

from datetime import datetime

from reliefstream_contracts.event import Frozen
from services.relief.lifecycle.findings import Finding, Given


class Decision(Frozen):
    """It stands while the determination is what its author was shown (``digest``). ``gives`` None: no relief."""

    identity: str
    """Of its ``ReviewDecided``: ``review_id/sequence``."""
    digest: str
    signed_at: datetime
    gives: Given | None

    def stands_on(self, finding: Finding) -> bool:
        """Whether the finding is what was decided on."""
        return finding.review is not None and finding.review.digest == self.digest
