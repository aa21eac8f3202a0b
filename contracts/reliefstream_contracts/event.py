"""What every event has: a type, a topic, a key, an identity, and CloudEvents headers around it."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import ClassVar
from uuid import UUID

from reliefstream_contracts.frozen import Frozen
from reliefstream_contracts.identifiers import derived


class Event(Frozen):
    """One message of a topic in ``topics.yaml``."""

    TYPE: ClassVar[str]
    TOPIC: ClassVar[str]
    """The topic, with ``{county}`` in it where each county has its own."""
    PRODUCERS: ClassVar[tuple[str, ...]]
    """The services that produce it: what a consumer accepts as ``ce_source``."""

    def topic(self) -> str:
        """The topic that this event goes to."""
        return self.TOPIC

    def key(self) -> str:
        """The Kafka key: compaction keeps the last event of each, and a tombstone removes it."""
        raise NotImplementedError

    def partition_key(self) -> str:
        """What decides the partition: events with the same one keep their order."""
        return self.key()

    def identity(self) -> str:
        """The identity of this event: equal for a repeat, different for any other event of its type, also where its key
        was erased and comes anew.
        """
        raise NotImplementedError

    def event_id(self) -> UUID:
        """The CloudEvents id, derived from type and identity; a consumer drops what it has seen."""
        return derived(self.TYPE, self.identity())


def headers_of_all(source: str, time: datetime) -> list[tuple[str, bytes]]:
    """The Kafka headers that all events of one transaction have, of CloudEvents 1.0 in binary mode (Kafka protocol
    binding, section 3.2).

    ``source`` names the producing service (``source_of``), ``time`` has a time zone.
    """
    return [
        ("ce_specversion", b"1.0"),
        ("ce_source", source.encode()),
        ("ce_time", time.isoformat().encode()),
        ("content-type", b"application/json"),
    ]


def headers_of_one(
    event: Event, traceparent: str | None = None, arrived_at: str | None = None
) -> list[tuple[str, bytes]]:
    """The headers of one event beside those of all.

    ``traceparent`` is a W3C trace context; ``arrived_at`` (RFC 3339) is when the county's record that the event
    follows from reached intake, where a record alone is the cause.
    """
    headers = [("ce_id", str(event.event_id()).encode()), ("ce_type", event.TYPE.encode())]
    if traceparent:
        headers.append(("ce_traceparent", traceparent.encode()))
    if arrived_at:
        headers.append(("ce_arrivedat", arrived_at.encode()))
    return headers


def source_of(service: str) -> str:
    """The CloudEvents source of a service's events: ``/reliefstream/eligibility``."""
    return f"/reliefstream/{service}"


@lru_cache(maxsize=2_000)
def trace_of(place: str, given: str | None = None) -> str:
    """The W3C trace context that a record starts: the one given if it is valid, else one derived from its place."""
    if given and re.fullmatch(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}", given):
        return given
    trace = derived("trace", place).hex
    return f"00-{trace}-{trace[:16]}-01"


def trace_id(traceparent: str | None) -> str:
    """The trace id of a W3C trace context, 32 hexadecimal digits; empty where there is none.

    Logs show it, so a text that is not a trace context must give nothing.
    """
    found = re.fullmatch(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}", traceparent or "")
    return found[1] if found else ""


def header(headers: Iterable[tuple[str, bytes | None]], name: str) -> str | None:
    """The first header of that name with a value, as text; None when absent, null or not UTF-8."""
    for key, value in headers:
        if key == name and value is not None:
            try:
                return value.decode()
            except UnicodeDecodeError:
                return None
    return None
