"""What is kept of a refused message: all of it but social security and licence numbers."""

import re

from services.ingest.core.doj.file.rows import masked

# Possessive: linear on any input.
_FIELD = re.compile(rb'("[^"]*+"\s*+:\s*+)("(?:[^"\\]|\\.)*+(?:"|\Z)|[0-9][0-9.\-]*+)', re.DOTALL)
_DROPPED_NAME = re.compile(rb"ssn|social|licen[cs]e|cdl|driver", re.IGNORECASE)
_DASHED = re.compile(rb"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")


def masked_message(form: str, value: bytes) -> bytes:
    """The message without those numbers: by column or pattern in rows, by name or pattern in JSON."""
    if form == "court":
        return _DASHED.sub(b"*", _FIELD.sub(_without_dropped, value))
    return b"\n".join(masked(line.rstrip(b"\r")) for line in value.split(b"\n"))


def _without_dropped(field: re.Match[bytes]) -> bytes:
    name, whole = field[1], field[0]
    return name + b'"*"' if _DROPPED_NAME.search(name) else whole
