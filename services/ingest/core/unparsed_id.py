"""Which record a message says that it is, though it could not be read. Pure; never raises."""

import json
from typing import NamedTuple

from services.ingest.core.doj.file.rows import is_header, subject_of
from services.ingest.core.doj.file.uniting import extract_number
from services.ingest.core.message import SourceMessage
from services.ingest.core.profile.case import SentUnit, identity_of
from services.ingest.core.profile.profile import Profile

LONGEST = 200
_BIGGEST = 2**63


class Claimed(NamedTuple):
    """``revision``: of a court its revision, of DOJ the extract; None where it cannot be told."""

    record_id: str | None = None
    revision: int | None = None


def claimed(message: SourceMessage, profile: Profile | None) -> Claimed:
    """What tells later whether the county has sent this record right since."""
    form = message.headers.get("format", "").strip().lower()
    if form == "doj":
        return _plain(_subject(message.value), extract_number(message.headers.get("extract")))
    if form != "court":
        return Claimed()
    if profile is not None:
        return _plain(*identity_of(profile, SentUnit(message.value)))
    try:
        found = json.loads(message.value)
    except (ValueError, RecursionError):
        return Claimed()
    return _plain(found.get("record_id"), found.get("revision")) if isinstance(found, dict) else Claimed()


def _subject(value: bytes) -> str:
    rows = (row.rstrip(b"\r") for row in value.split(b"\n"))
    named = {subject_of(row) for row in rows if row.strip() and not is_header(row)}
    return named.pop() if len(named) == 1 else ""


def _plain(record_id: object, revision: object) -> Claimed:
    if not isinstance(record_id, str) or not 0 < len(record_id) <= LONGEST or not record_id.isprintable():
        return Claimed()
    known = isinstance(revision, int) and not isinstance(revision, bool) and 0 <= revision < _BIGGEST
    return Claimed(record_id, revision if known and isinstance(revision, int) else None)
