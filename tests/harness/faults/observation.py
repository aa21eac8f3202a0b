"""What a run left behind, as plain data: all that the checker knows of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """One record as a county sends it to its topic; ``partition`` None: by the key."""

    county: str
    key: bytes
    headers: Headers
    value: bytes
    partition: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message as a reader with ``isolation.level=read_committed`` gets it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: Headers
    value: bytes | None
    """None: a tombstone."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """What the clerk had sealed once everything was decided."""

    ordered: frozenset[str] = frozenset()
    """Reliefs of which relief answered that they are being sealed."""
    held: frozenset[str] = frozenset()
    """Reliefs under a legal hold; the clerk asked to have them sealed as well."""
    began: Mapping[str, int] = field(default_factory=dict)
    """By ``topic/partition``: where it ended before the first was sealed."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The end of one run."""

    sent: tuple[Sent, ...]
    """What Kafka acknowledged to the counties, in the order of sending."""
    topics: Mapping[str, tuple[Message, ...]]
    """Each topic whole, by partition and offset."""
    tables: Mapping[str, Mapping[str, tuple[dict[str, Any], ...]]]
    """Service, table of its database, rows as Postgres writes them in JSON."""
    deliveries: tuple[dict[str, Any], ...]
    """What the webhook's receiver got: ``webhook-id``, ``status`` (its answer), ``body``."""
    open_ends: Mapping[str, tuple[int, int]]
    """By ``topic/partition``: the last stable offset, and the end as it was before; beyond it a transaction is
    open.
    """
    stated: tuple[str, ...] = ()
    """Statements of fact that ingest answered for, by key and revision."""
    decided: tuple[str, ...] = ()
    """Reviews that relief answered for as decided, put off or referred, each as often as it did."""
    sealing: Sealing = field(default_factory=Sealing)
