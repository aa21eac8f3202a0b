"""The identity of a quarantine entry: the same content is the same entry, in whatever file it is sent. Pure."""

import hashlib
import json
from uuid import UUID

from reliefstream_contracts.identifiers import CountyName, derived
from services.ingest.core.doj.file.uniting import extract_number
from services.ingest.core.message import Metadata
from services.ingest.core.parsed import Parsed, Unparseable
from services.ingest.core.record_identity import RecordIdentity


def content_id(
    county: CountyName, metadata: Metadata, parsed: Parsed, identity: RecordIdentity, redacted: bytes
) -> UUID:
    """The same for the same county, record, revision and content that is read in the same way.

    ``metadata``: of what is kept. ``redacted``: as it is kept, so that an id tells nothing of a number that is not.
    File, rows and submission id are not part of it.
    """
    extract, encoding = "", ""
    if metadata.format != "court":
        number = extract_number(metadata.extract)
        extract = metadata.extract.strip() if number is None else str(number)
        encoding = metadata.encoding.strip().lower() or "utf-8"
    read_as = [metadata.format, metadata.profile, extract, encoding, _faults(metadata), _wrong_header(parsed)]
    content = hashlib.sha256(redacted).hexdigest()
    # One part: no text of a sender moves from one place to the next.
    return derived("quarantine", json.dumps([county, *read_as, *identity, content]))


def _faults(metadata: Metadata) -> str:
    """Faults that the sender found in rows, by place in the message, as row numbers differ between files."""
    places = {number: place for place, number in enumerate(metadata.rows)}
    found = metadata.row_faults.items()
    return ",".join(f"{places.get(number, number)}={fault}" for number, fault in found)


def _wrong_header(parsed: Parsed) -> str:
    """The wrong header because of which nothing was read: with a right one the same content may be accepted."""
    problems = parsed.problems if isinstance(parsed, Unparseable) else ()
    return next((problem.where for problem in problems if problem.code == "invalid_header"), "")
