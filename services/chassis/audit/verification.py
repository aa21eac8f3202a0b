"""Finds what was altered, removed or inserted in an audit log, from its rows and its published heads. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from reliefstream_contracts.audit import AuditHeadSigned
from services.chassis.audit.chain import Entry, link, why_hash

LINKED_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Read:
    """A row as the service shows it; ``why`` and ``salt`` are None where there is no free text."""

    entry: Entry
    why: str | None
    salt: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """``sequence``: the row that it is about, or behind which it lies."""

    sequence: int
    what: str


def findings(rows: Iterable[Read], heads: Sequence[AuditHeadSigned]) -> Iterator[Finding]:
    """What does not hold, in the order of the rows, which come by sequence number; then what the heads show.

    The heads are of this service, and their signatures were checked.
    """
    previous: Entry | None = None
    published = {head.sequence: head for head in heads}
    for row in rows:
        entry = row.entry
        expected = previous.sequence + 1 if previous else 1
        if entry.sequence != expected:
            yield Finding(expected, f"removed: the rows before {entry.sequence} are not there")
        elif link(previous.hash if previous else "", entry) != entry.hash:
            yield Finding(
                entry.sequence, "altered, or inserted here: its hash does not follow from the row before"
            )
        if entry.chained_at - entry.at > LINKED_WITHIN:
            yield Finding(
                entry.sequence,
                f"dated {entry.at.isoformat()} and linked at {entry.chained_at.isoformat()}: inserted afterwards, or "
                "the service ended at that moment and was down until then",
            )
        if row.why is not None and why_hash(row.salt or "", row.why) != entry.why_hash:
            yield Finding(entry.sequence, "its reason was altered")
        head = published.pop(entry.sequence, None)
        if head and head.hash != entry.hash:
            yield Finding(
                entry.sequence,
                f"rewritten: the head published at {head.at.isoformat()} has another hash for this row",
            )
        previous = entry
    for sequence, head in sorted(published.items()):
        yield Finding(
            sequence, f"removed: the head published at {head.at.isoformat()} is of a row that is not there"
        )
