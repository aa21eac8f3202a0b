"""A message's metadata as the texts of its Kafka headers, and back. Pure."""

import re
from collections.abc import Mapping

from services.ingest.core.doj.file.rows import Fault
from services.ingest.core.files.file_lines import MOST_STEPS, LineOffset
from services.ingest.core.message import Metadata
from services.ingest.core.redaction import redacted_value

NAMES = (
    "format",
    "profile",
    "submission_id",
    "unit",
    "file_sha256",
    "extract",
    "encoding",
    "rows",
    "row_faults",
    "line_offset",
    "traceparent",
)
_NUMBER = re.compile(r"[0-9]{1,12}")
_OFFSETS = re.compile(r"[0-9]{1,12}(?:,[0-9]{1,12}:[0-9]{1,12})*")
_FAULTS: dict[str, Fault] = {"row_too_long": "row_too_long", "row_truncated": "row_truncated"}


def headers_of(metadata: Metadata) -> dict[str, str]:
    """The headers that say it: ``rows`` is ``1,3``, ``row_faults`` is ``3=row_truncated``, and ``line_offset`` is
    ``1,17:2`` (add 1 to a row's number to have its line, 2 from row 17 on)."""
    texts = {
        "format": metadata.format,
        "profile": metadata.profile,
        "submission_id": metadata.submission_id,
        "unit": "" if metadata.unit is None else str(metadata.unit),
        "file_sha256": metadata.file_sha256,
        "extract": metadata.extract,
        "encoding": metadata.encoding,
        "rows": ",".join(map(str, metadata.rows)),
        "row_faults": ",".join(f"{number}={fault}" for number, fault in metadata.row_faults.items()),
        "line_offset": ",".join(f"{row}:{by}" if row else str(by) for row, by in metadata.line_offset),
        "traceparent": metadata.traceparent,
        **metadata.unread,
    }
    return {name: text for name, text in texts.items() if text}


def metadata_of(headers: Mapping[str, str]) -> Metadata:
    """The metadata in headers, without social security and licence numbers. Never raises: ``unread`` has headers whose
    text does not number rows.
    """
    headers = {name: redacted_value(text) for name, text in headers.items()}
    rows, unit = headers.get("rows", ""), headers.get("unit", "")
    numbers = tuple(part.strip() for part in rows.split(",")) if rows.strip() else ()
    numbered = all(_NUMBER.fullmatch(number) for number in numbers)
    return Metadata(
        format=headers.get("format", "").strip().lower(),
        profile=headers.get("profile", "").strip(),
        submission_id=headers.get("submission_id", ""),
        unit=int(unit) if unit.isascii() and unit.isdigit() and len(unit) <= 15 else None,
        file_sha256=headers.get("file_sha256", "").strip().lower(),
        extract=headers.get("extract", "").strip(),
        encoding=headers.get("encoding", "").strip().lower(),
        rows=tuple(map(int, numbers)) if numbered else (),
        row_faults=_row_faults(headers.get("row_faults", "")),
        line_offset=_line_offset(headers.get("line_offset", "")),
        traceparent=headers.get("traceparent", ""),
        unread={} if numbered else {"rows": rows},
    )


def _row_faults(text: str) -> dict[int, Fault]:
    pairs = [pair.partition("=") for pair in text.split(",")]
    return {
        int(number): _FAULTS[fault]
        for number, _, fault in pairs
        if _NUMBER.fullmatch(number) and fault in _FAULTS
    }


def _line_offset(text: str) -> LineOffset:
    if text.count(",") >= MOST_STEPS or not _OFFSETS.fullmatch(text):
        return ()
    first, *later = text.split(",")
    steps = (step.partition(":") for step in later)
    return ((0, int(first)), *((int(number), int(by)) for number, _, by in steps))
