"""An HTTP body to messages: one case, cases as lines, or DOJ's file."""

import hashlib
import io
from collections.abc import Mapping

from reliefstream_contracts.identifiers import CountyName
from reliefstream_contracts.receipts import Problem
from services.ingest.formats.doj_columns import COLUMNS
from services.ingest.formats.doj_file_faults import fault_of_beginning, no_row_fits
from services.ingest.formats.doj_grouping import UnitRow, group
from services.ingest.formats.doj_rows import lines, masked, split
from services.ingest.sending import Sending

JSON, NDJSON, CSV = "application/json", "application/x-ndjson", "text/csv"


def sendings(
    county: CountyName, request_id: str, media_type: str, body: bytes, headers: Mapping[str, str]
) -> list[Sending] | Problem:
    """The messages of a body, or what is wrong with all of it.

    ``headers``: what the request says of the whole body (``extract``, ``encoding``, ``submission_id``).
    """
    sha = hashlib.sha256(body).hexdigest()
    found: list[tuple[bytes, dict[str, str]]] = []
    if media_type == JSON:
        found.append((body, {"format": "court"}))
    elif media_type == NDJSON:
        for number, line in enumerate(body.split(b"\n"), 1):
            if line.strip():
                found.append((line, {"format": "court", "row": str(number), "file_sha256": sha}))
        if not found:
            return _empty("send one JSON object a line")
    else:
        fault = fault_of_beginning(body[:65_536])
        if fault:
            return fault
        rows = list(lines(io.BytesIO(body)))
        counts = [len(split(line.raw.decode("latin-1"))) for line in rows]
        if len(COLUMNS) not in counts:
            return no_row_fits(len(rows), counts[0] if counts else 0)
        found += [
            (b"\n".join(masked(row.raw) for row in unit.rows), unit_headers(unit.rows, sha))
            for unit in group(rows)
        ]
    return [
        Sending(f"http/{request_id}/{n}", county, {**headers, **own, "unit": str(n)}, value)
        for n, (value, own) in enumerate(found, 1)
    ]


def unit_headers(rows: tuple[UnitRow, ...], sha: str) -> dict[str, str]:
    """Headers of the message that one person's rows make."""
    headers = {
        "format": "doj",
        "file_sha256": sha,
        "rows": ",".join(str(row.number) for row in rows),
        "row_faults": ",".join(f"{row.number}={row.fault}" for row in rows if row.fault),
    }
    return {name: value for name, value in headers.items() if value}


def _empty(remedy: str) -> Problem:
    return Problem(code="empty", where="body", what="the body is empty", remedy=remedy)
