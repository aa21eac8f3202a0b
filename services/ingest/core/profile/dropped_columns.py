"""Takes the columns that never leave the sender out of a feed's raw units: by column, or by pattern where a row
has no columns. Taking them out twice gives the same as once."""

import re
from functools import lru_cache

from services.ingest.core.profile.lines import columns_of, record_type, split
from services.ingest.core.profile.profile import Csv, Fixed, Json, Profile

# Possessive: linear on any input.
_FIELD = re.compile(
    rb'("(?:[^"\\]|\\.)*+"\s*+:\s*+)("(?:[^"\\]|\\.)*+(?:"|\Z)|-?[0-9][0-9.eE+\-]*+)', re.DOTALL
)
_NUMBERS = re.compile(rb"\d{3}-\d{2}-\d{4}|(?<!\d)\d{9}(?!\d)|(?<![A-Z0-9])[A-Z]\d{7}(?!\d)", re.IGNORECASE)
_DASHED = re.compile(rb"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")
PASSES = 8


def masked_row(profile: Profile, header: bytes, raw: bytes) -> bytes:
    """A row without what its dropped columns hold."""
    layout = profile.layout
    if not profile.dropped:
        return raw
    if isinstance(layout, Fixed):
        return _fixed(profile, layout, raw)
    assert isinstance(layout, Csv)  # noqa: S101 - JSON has no rows
    count, places = _places(profile, layout, header)
    fields = split(layout, raw.decode("latin-1"))
    if fields is None or len(fields) != count:
        return _by_pattern(raw)
    if not any(fields[place] for place in places):
        return raw
    for place in places:
        fields[place] = ""
    return layout.delimiter.join(_quoted(layout, field) for field in fields).encode("latin-1")


def masked_object(profile: Profile, raw: bytes) -> bytes:
    """An object of JSON without the values of its dropped fields, which are told by their last names."""
    if not profile.dropped:
        return raw
    names = {re.split(r"[.\]/]", path)[-1].encode() for path in profile.dropped}

    def without(field: re.Match[bytes]) -> bytes:
        return field[1] + b'""' if field[1].split(b'"')[1] in names else field[0]

    return _FIELD.sub(without, raw)


def masked_unit(profile: Profile, value: bytes) -> bytes:
    """A whole message as its quarantine keeps it: without dropped columns, and without dashed numbers of that form."""
    if isinstance(profile.layout, Json):
        return _DASHED.sub(b"*", masked_object(profile, value))
    rows = [row.rstrip(b"\r") for row in value.split(b"\n")]
    header = rows[0] if isinstance(profile.layout, Csv) and profile.layout.columns is None else b""
    kept = [row if row == header else masked_row(profile, header, row) for row in rows]
    return b"\n".join(_DASHED.sub(_starred, row) for row in kept)


def _starred(number: re.Match[bytes]) -> bytes:
    return b"*" * len(number[0])  # as long as before: positions count


@lru_cache(maxsize=64)
def _places(profile: Profile, layout: Csv, header: bytes) -> tuple[int, tuple[int, ...]]:
    columns = columns_of(layout, header)
    return len(columns), tuple(at for at, name in enumerate(columns) if name in profile.dropped)


def _fixed(profile: Profile, layout: Fixed, raw: bytes) -> bytes:
    record = layout.records.get(record_type(layout, raw))
    if record is None:
        return _by_pattern(raw)
    found = bytearray(raw)
    for name, (first, last) in {**layout.common, **record.columns}.items():
        if name in profile.dropped:
            found[first - 1 : last] = b" " * len(found[first - 1 : last])
    return bytes(found)


def _by_pattern(raw: bytes) -> bytes:
    for _ in range(PASSES):  # taking one out can bare the next
        if (without := _NUMBERS.sub(_starred, raw)) == raw:
            return raw
        raw = without
    return re.sub(rb"\d", b"*", raw)


def _quoted(layout: Csv, field: str) -> str:
    quote = layout.quote
    if quote is None or not any(mark in field for mark in (layout.delimiter, quote, "\r", "\n")):
        return field
    return quote + field.replace(quote, quote * 2) + quote
