"""An HTTP body to messages: one case, cases as lines, a county's own feed, or DOJ's file."""

import hashlib
import io
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.receipts import Problem
from services.ingest.core.court.file_faults import fault_of_json_lines
from services.ingest.core.court.strict_json import SIZE_LIMIT
from services.ingest.core.doj.file.file_faults import fault_of_beginning, no_row_fits
from services.ingest.core.doj.file.grouping import group
from services.ingest.core.doj.file.message_of_rows import rows_metadata, rows_value
from services.ingest.core.doj.file.rows import lines, may_fit, split
from services.ingest.core.files.line_ends import NOTHING, line_feeds_in
from services.ingest.core.message import NOTHING_SAID, Metadata, SourceMessage
from services.ingest.core.profile.feed_units import BEGINNING, file_fault, object_unit, unit_metadata, units
from services.ingest.core.profile.json_elements import Element, NoArray
from services.ingest.core.profile.profile import Json, Profile
from services.ingest.core.source_location import BODY

JSON, NDJSON, CSV = "application/json", "application/x-ndjson", "text/csv"


_Content: TypeAlias = tuple[bytes, Metadata]


class Limits(NamedTuple):
    """The largest body that is taken over HTTP."""

    size: int
    """Bytes."""
    records: int
    """Cases, or persons with rows."""
    lines: int
    """Lines of all kinds, a header and blank ones included."""
    seconds: float = 60
    """How long a body may take to come."""


class TooMany(Exception):
    """The body holds more than the limits allow; the text says what."""


def messages_of(
    county: CountyName,
    request_id: str,
    media_type: str,
    body: bytes,
    said: Metadata = NOTHING_SAID,
    *,
    limits: Limits | None = None,
    profile: Profile | None = None,
) -> list[SourceMessage] | Problem:
    """The messages of a body, or what is wrong with all of it. Raises TooMany, before it builds any.

    ``profile``: the feed that the body is, whatever its type. ``said``: what the request says of the whole
    body (``extract``, ``encoding``, ``submission_id``).
    A receipt's id tells request, body and what is said of it: only a true repeat has the same.
    """
    sha = hashlib.sha256(body).hexdigest()
    if media_type != JSON and not (profile and isinstance(profile.layout, Json)):
        body = line_feeds_in(body)
    found: list[_Content] = []
    if profile is not None:
        feed = _of_feed(profile, body, sha, limits)
        if isinstance(feed, Problem):
            return feed
        found += feed
    elif media_type == JSON:
        found.append((body, Metadata(format="court")))
    elif limits and body.count(b"\n") + (not body.endswith(b"\n")) > limits.lines:
        raise TooMany(f"more than {limits.lines:,} lines")
    elif media_type == NDJSON:
        cases = [(number, line) for number, line in enumerate(body.split(b"\n"), 1) if line.strip(NOTHING)]
        if not cases:
            return _empty("send one JSON object a line")
        fault = fault_of_json_lines(body[:BEGINNING])
        if fault:
            return fault
        if limits and len(cases) > limits.records:
            raise TooMany(f"more than {limits.records:,} cases")
        for number, line in cases:
            found.append((line, Metadata(format="court", rows=(number,), file_sha256=sha)))
    else:
        fault = fault_of_beginning(body[:65_536])
        if fault:
            return fault
        rows = list(lines(io.BytesIO(body)))
        if not any(may_fit(line, len(split(line.raw.decode("latin-1")))) for line in rows):
            return no_row_fits(len(rows), len(split(rows[0].raw.decode("latin-1"))) if rows else 0)
        persons = list(group(rows))
        if limits and len(persons) > limits.records:
            raise TooMany(f"rows of more than {limits.records:,} persons")
        found += [(rows_value(person.rows), rows_metadata(person.rows, sha)) for person in persons]
    sent = _digest(f"{media_type};{profile.name}" if profile else media_type, sha, said)
    return [
        SourceMessage(
            f"http/{request_id}/{sent}/{number}",
            county,
            replace(
                own,
                unit=number,
                extract=said.extract,
                encoding=said.encoding,
                submission_id=said.submission_id,
                traceparent=said.traceparent,
            ),
            value,
        )
        for number, (value, own) in enumerate(found, 1)
    ]


def _of_feed(profile: Profile, body: bytes, sha: str, limits: Limits | None) -> list[_Content] | Problem:
    """The messages of a county's own feed; of JSON, an object alone is one."""
    fault = file_fault(profile, body[:BEGINNING])
    if fault:
        return fault
    if limits and not isinstance(profile.layout, Json) and body.count(b"\n") > limits.lines:
        raise TooMany(f"more than {limits.lines:,} lines")
    found: list[_Content] = []
    try:
        for unit in units(profile, io.BytesIO(body)):
            if limits and len(found) >= limits.records:
                raise TooMany(f"more than {limits.records:,} cases")
            found.append((unit.value, unit_metadata(profile, unit, sha)))
    except NoArray as error:
        if not body.lstrip().startswith(b"{"):
            return BODY.problem("no_array", str(error), "send the export as it is")
        alone = object_unit(profile, Element(1, body, len(body) > SIZE_LIMIT))
        found.append((alone.value, unit_metadata(profile, alone, sha)))
    return found or _empty("send the rows of a case, or more")


def _digest(media_type: str, sha: str, said: Metadata) -> str:
    """Tells one request from another under the same id: by all that decides what becomes of it."""
    parts = [media_type, sha, said.extract, said.encoding, said.submission_id]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _empty(remedy: str) -> Problem:
    return BODY.problem("empty", "the body is empty", remedy)
