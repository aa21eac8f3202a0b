"""The signed heads of the services' audit logs. Topic ``audit-heads-v1``."""

from datetime import datetime
from typing import Annotated, ClassVar

from reliefstream_contracts.event import Event
from reliefstream_contracts.frozen import at_least, limits


class AuditHeadSigned(Event):
    """What the chain of one service's audit log ended with at a time: it cannot be rewritten up to there unseen.

    Hash, key and signature are in hexadecimal.
    """

    TYPE: ClassVar[str] = "reliefstream.audit.head-signed.v1"
    TOPIC: ClassVar[str] = "audit-heads-v1"
    PRODUCERS: ClassVar[tuple[str, ...]] = (
        "ingest",
        "reconciliation",
        "eligibility",
        "relief",
        "notification",
    )

    service: str
    sequence: Annotated[int, *at_least(1)]
    """The number of the last linked row."""
    hash: Annotated[str, *limits(pattern="^[0-9a-f]{64}$")]
    """SHA-256 of that row and the hash before it."""
    at: datetime
    public_key: Annotated[str, *limits(pattern="^[0-9a-f]{64}$")]
    """Ed25519 (RFC 8032): which key signed; whether it is the service's is for the reader to know."""
    signature: Annotated[str, *limits(pattern="^[0-9a-f]{128}$")]
    """Of service, sequence, hash and the microseconds of ``at`` since 1970, each as text behind its length in bytes
    (4 bytes, big-endian)."""

    def key(self) -> str:
        return self.service

    def identity(self) -> str:
        return f"{self.service}/{self.sequence}"
