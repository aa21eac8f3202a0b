"""The record that a message names, even where nothing else of it can be read. Pure; never raises."""

import json
import re
from typing import NamedTuple

from services.ingest.core.doj.file.rows import is_header, subject_of
from services.ingest.core.doj.file.uniting import extract_number
from services.ingest.core.message import SourceMessage
from services.ingest.core.profile.profile import Profile
from services.ingest.core.profile.sent_case import SentUnit, identity_of
from services.ingest.core.redaction import holds_number

LONGEST = 200
_BIGGEST = 2**63
_FIRST = re.compile(rb'\s*\{\s*"record_id"\s*:\s*"([^"\\]*)"')
_ANYWHERE = re.compile(rb'"record_id"\s*:\s*"([^"\\]*)"')


class RecordIdentity(NamedTuple):
    """``revision``: of a court its revision, of DOJ the extract; None where it cannot be told."""

    record_id: str | None = None
    revision: int | None = None


def record_identity(message: SourceMessage, profile: Profile | None) -> RecordIdentity:
    """The identity by which a later message of the same record is recognised."""
    form = message.metadata.format
    if form == "doj":
        return _plain(_subject(message.value), extract_number(message.metadata.extract))
    if form != "court":
        return RecordIdentity()
    if profile is not None:
        return _plain(*identity_of(profile, SentUnit(message.value)))
    found = _parsed(message.value)
    return _plain(record_id_in(message.value), found.get("revision") if found else None)


def record_id_in(raw: bytes) -> str:
    """The record id of a case in strict JSON, trimmed; empty where it has none. Of JSON that cannot be parsed it is
    the only ``record_id`` in it."""
    alone = raw.count(b'"record_id"') == 1
    if alone and (first := _FIRST.match(raw)):  # not parsed: there are millions of them
        return first[1].decode("utf-8", "replace").strip()
    parsed = _parsed(raw)
    if parsed is not None:
        found = parsed.get("record_id")
        return found.strip().encode("utf-8", "replace").decode() if isinstance(found, str) else ""
    match = _ANYWHERE.search(raw) if alone else None
    return match[1].decode("utf-8", "replace").strip() if match else ""


def _parsed(raw: bytes) -> dict[str, object] | None:
    """The object; None: this is not JSON."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else {}


def _subject(value: bytes) -> str:
    rows = (row.rstrip(b"\r") for row in value.split(b"\n"))
    named = {subject_of(row) for row in rows if row.strip() and not is_header(row)}
    return named.pop() if len(named) == 1 else ""


def _plain(record_id: str, revision: object) -> RecordIdentity:
    if not 0 < len(record_id) <= LONGEST or not record_id.isprintable() or holds_number(record_id):
        return RecordIdentity()
    known = isinstance(revision, int) and not isinstance(revision, bool) and 0 <= revision < _BIGGEST
    return RecordIdentity(record_id, revision if known and isinstance(revision, int) else None)
