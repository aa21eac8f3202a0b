"""Identifiers as types: a case number is never passed where a record id is meant."""

import hashlib
from typing import Annotated, Literal, NewType
from uuid import UUID

from reliefstream_contracts.frozen import limits

CountyName = NewType("CountyName", Annotated[str, *limits(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)])
"""A county in kebab-case, as in topic names: ``los-angeles``."""

Source = Literal["doj", "court"]
"""The source of a record: ``doj`` (the state's rap sheet) or ``court`` (a court's own case record)."""

RecordId = NewType("RecordId", Annotated[str, *limits(min_length=1, max_length=200)])
"""A source's own id of one record; unique within (county, source)."""

CountId = NewType("CountId", Annotated[str, *limits(min_length=1, max_length=60)])
"""The place of a count within its record: CNT_ORDER without its sentence part, or a charge number."""

CountKey = NewType("CountKey", Annotated[str, *limits(min_length=1, max_length=400)])
"""``source/county/record_id/count_id``: the key of relief, which does not depend on the subject."""

CiiNumber = NewType("CiiNumber", Annotated[str, *limits(pattern=r"^[A-Z]?[0-9]{7,10}$")])
"""DOJ's identifier of a person: digits, or a letter and digits."""

CaseNumber = NewType("CaseNumber", Annotated[str, *limits(min_length=1, max_length=60)])
"""A court's number as that court writes it; unique only with its county and court; it identifies no person."""

SourceSubjectId = NewType("SourceSubjectId", Annotated[str, *limits(min_length=1, max_length=60)])
"""A source's own key of a person."""

StatementId = NewType("StatementId", Annotated[str, *limits(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")])
"""An office's own id of one statement of fact; unique within its county."""

SubjectId = NewType("SubjectId", UUID)
"""Our key of a person. The id of a merged subject points to the survivor for ever."""

ConvictionId = NewType("ConvictionId", UUID)
ReliefId = NewType("ReliefId", UUID)
ReviewId = NewType("ReviewId", UUID)
DiscrepancyId = NewType("DiscrepancyId", UUID)
QuarantineId = NewType("QuarantineId", UUID)
SubmissionId = NewType("SubmissionId", Annotated[str, *limits(min_length=1, max_length=100)])
"""One run of a sender over one file; receipts repeat it, so that the sender finds its answers."""

NAMESPACE = UUID("6f1d6c0a-3f4e-5b7a-9a53-64c0a7a11364")
_OF_NAMESPACE = hashlib.sha1(NAMESPACE.bytes, usedforsecurity=False)
_WITHOUT_VERSION = ~(0xF000 << 64 | 0xC000 << 48)
_VERSION_5 = 5 << 76 | 0x8000 << 48


def derived(kind: str, *parts: object) -> UUID:
    """A UUID that is the same for the same kind and parts, everywhere and for ever (RFC 9562, version 5)."""
    # As uuid.uuid5, which hashes the namespace again and again.
    digest = _OF_NAMESPACE.copy()
    digest.update("\x1f".join((kind, *map(str, parts))).encode())
    number = int.from_bytes(digest.digest()[:16], "big")
    return UUID(int=number & _WITHOUT_VERSION | _VERSION_5)


def count_key(source: Source, county: CountyName, record_id: RecordId, count_id: CountId) -> CountKey:
    """The key of one count of one record of one source, as one county sent it."""
    return CountKey(f"{source}/{county}/{record_id}/{count_id}")


def record_key_of(count: CountKey) -> str:
    """The key of the record that a count is of: ``source/county/record_id``. A count's own id has no slash."""
    return count.rsplit("/", 1)[0]
