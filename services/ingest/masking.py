"""What is kept of a refused message: all of it but social security and licence numbers."""

import re

from services.ingest.formats.doj_rows import masked

_NAMED = re.compile(
    rb'("[^"]*(?:ssn|social|licen[cs]e|cdl|driver)[^"]*"\s*:\s*)("(?:[^"\\]|\\.)*"|[0-9][0-9.\-]*)',
    re.IGNORECASE,
)
_DASHED = re.compile(rb"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")


def masked_message(form: str, value: bytes) -> bytes:
    """The message without those numbers: by column or pattern in rows, by name or pattern in JSON."""
    if form == "court":
        return _DASHED.sub(b"*", _NAMED.sub(rb'\1"*"', value))
    return b"\n".join(masked(line.rstrip(b"\r")) for line in value.split(b"\n"))
