"""An HTTP body to messages: one case, cases as lines, a county's own feed, or DOJ's file."""

import hashlib
import io
from collections.abc import Mapping
from typing import NamedTuple

from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.receipts import Problem
from services.ingest.core.court.file_faults import fault_of_json_lines
from services.ingest.core.court.strict_json import SIZE_LIMIT
from services.ingest.core.doj.file.columns import COLUMNS
from services.ingest.core.doj.file.file_faults import fault_of_beginning, no_row_fits
from services.ingest.core.doj.file.grouping import UnitRow, group
from services.ingest.core.doj.file.rows import lines, masked, split
from services.ingest.core.file_lines import line_offset, said_of_lines
from services.ingest.core.message import SourceMessage, traced
from services.ingest.core.profile.json_elements import Element, NoArray
from services.ingest.core.profile.profile import Json, Profile
from services.ingest.core.profile.units import BEGINNING, feed_headers, file_fault, object_unit, units

JSON, NDJSON, CSV = "application/json", "application/x-ndjson", "text/csv"


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
    headers: Mapping[str, str],
    *,
    limits: Limits | None = None,
    profile: Profile | None = None,
) -> list[SourceMessage] | Problem:
    """The messages of a body, or what is wrong with all of it. Raises TooMany, before it builds any.

    ``profile``: the feed that the body is, whatever its type. ``headers``: what the request says of the whole
    body (``extract``, ``encoding``, ``submission_id``).
    A receipt's id tells request, body and what is said of it: only a true repeat has the same.
    """
    sha = hashlib.sha256(body).hexdigest()
    found: list[tuple[bytes, dict[str, str]]] = []
    if profile is not None:
        feed = _of_feed(profile, body, sha, limits)
        if isinstance(feed, Problem):
            return feed
        found += feed
    elif media_type == JSON:
        found.append((body, {"format": "court"}))
    elif limits and body.count(b"\n") + (not body.endswith(b"\n")) > limits.lines:
        raise TooMany(f"more than {limits.lines:,} lines")
    elif media_type == NDJSON:
        cases = [(number, line) for number, line in enumerate(body.split(b"\n"), 1) if line.strip()]
        if not cases:
            return _empty("send one JSON object a line")
        fault = fault_of_json_lines(body[:BEGINNING])
        if fault:
            return fault
        if limits and len(cases) > limits.records:
            raise TooMany(f"more than {limits.records:,} cases")
        for number, line in cases:
            found.append((line, {"format": "court", "row": str(number), "file_sha256": sha}))
    else:
        fault = fault_of_beginning(body[:65_536])
        if fault:
            return fault
        rows = list(lines(io.BytesIO(body)))
        counts = [len(split(line.raw.decode("latin-1"))) for line in rows]
        if len(COLUMNS) not in counts:
            return no_row_fits(len(rows), counts[0] if counts else 0)
        units = list(group(rows))
        if limits and len(units) > limits.records:
            raise TooMany(f"rows of more than {limits.records:,} persons")
        found += [
            (b"\n".join(masked(row.raw) for row in unit.rows), unit_headers(unit.rows, sha)) for unit in units
        ]
    sent = _digest(f"{media_type};{profile.name}" if profile else media_type, sha, headers)
    made = []
    for n, (value, own) in enumerate(found, 1):
        receipt_id = f"http/{request_id}/{sent}/{n}"
        made.append(
            SourceMessage(receipt_id, county, traced(receipt_id, {**headers, **own, "unit": str(n)}), value)
        )
    return made


def _of_feed(
    profile: Profile, body: bytes, sha: str, limits: Limits | None
) -> list[tuple[bytes, dict[str, str]]] | Problem:
    """The messages of a county's own feed; of JSON, an object alone is one."""
    fault = file_fault(profile, body[:BEGINNING])
    if fault:
        return fault
    if limits and not isinstance(profile.layout, Json) and body.count(b"\n") > limits.lines:
        raise TooMany(f"more than {limits.lines:,} lines")
    found: list[tuple[bytes, dict[str, str]]] = []
    try:
        for unit in units(profile, io.BytesIO(body)):
            if limits and len(found) >= limits.records:
                raise TooMany(f"more than {limits.records:,} cases")
            found.append((unit.value, feed_headers(profile, unit, sha)))
    except NoArray as error:
        if not body.lstrip().startswith(b"{"):
            return Problem(code="no_array", where="body", what=str(error), remedy="send the export as it is")
        alone = object_unit(profile, Element(1, body, len(body) > SIZE_LIMIT))
        found.append((alone.value, feed_headers(profile, alone, sha)))
    return found or _empty("send the rows of a case, or more")


def _digest(media_type: str, sha: str, headers: Mapping[str, str]) -> str:
    """Tells one request from another under the same id: by all that decides what becomes of it."""
    said = [headers.get(name, "") for name in ("extract", "encoding", "submission_id")]
    return hashlib.sha256("\0".join([media_type, sha, *said]).encode()).hexdigest()[:32]


def unit_headers(rows: tuple[UnitRow, ...], sha: str) -> dict[str, str]:
    """Headers of the message that one person's rows make."""
    headers = {
        "format": "doj",
        "file_sha256": sha,
        "rows": ",".join(str(row.number) for row in rows),
        "row_faults": ",".join(f"{row.number}={row.fault}" for row in rows if row.fault),
    }
    offset = line_offset((row.number, row.line) for row in rows)
    return {name: value for name, value in headers.items() if value} | said_of_lines(offset)


def _empty(remedy: str) -> Problem:
    return Problem(code="empty", where="body", what="the body is empty", remedy=remedy)
