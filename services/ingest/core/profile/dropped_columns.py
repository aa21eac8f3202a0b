"""Takes social security and licence numbers out of a feed's raw units: what a profile drops, what another column's name
says, and what has no other form. Taking them out twice gives the same as once."""

import re
from functools import lru_cache, partial

from services.ingest.core.profile.feed_lines import columns_of, record_type, split
from services.ingest.core.profile.profile import Csv, Fixed, Json, Profile
from services.ingest.core.redaction import (
    is_private_name,
    may_hold_number,
    redacted_fields,
    redacted_forms,
    redacted_json,
    redacted_text,
)


def redacted_row(profile: Profile, header: bytes, raw: bytes) -> bytes:
    """A row without what its private columns hold, and without numbers that can be nothing else in the others."""
    layout = profile.layout
    if isinstance(layout, Fixed):
        return _fixed(profile, layout, raw)
    assert isinstance(layout, Csv)  # noqa: S101 - JSON has no rows
    count, places = _places(profile, layout, header)
    if not places and not may_hold_number(raw):
        return raw
    fields = split(layout, raw.decode("latin-1"))
    if fields is None or len(fields) != count:
        return redacted_text(raw)
    return redacted_fields(raw, fields, places, layout.delimiter, layout.quote)


def redacted_object(profile: Profile, raw: bytes) -> bytes:
    """An object of JSON without the values of its private fields, which are told by their last names, and without
    numbers in its texts that can be nothing else."""
    return redacted_json(raw, partial(_is_private, profile))


def redacted_unit(profile: Profile, value: bytes) -> bytes:
    """A whole message without such numbers, as its quarantine keeps it."""
    if isinstance(profile.layout, Json):
        return redacted_object(profile, value)
    rows = [row.rstrip(b"\r") for row in value.split(b"\n")]
    header = rows[0] if isinstance(profile.layout, Csv) and profile.layout.columns is None else b""
    return b"\n".join(row if row == header else redacted_row(profile, header, row) for row in rows)


def _is_private(profile: Profile, name: str) -> bool:
    dropped, used = _last_names(profile)
    return name in dropped or (is_private_name(name) and name not in used)


@lru_cache(maxsize=64)
def _last_names(profile: Profile) -> tuple[frozenset[str], frozenset[str]]:
    """Of the dropped columns or paths, and of those that fields take."""
    dropped, used = (
        frozenset(re.split(r"[.\]/]", path)[-1] for path in paths)
        for paths in (profile.dropped, profile.used())
    )
    return dropped, used


@lru_cache(maxsize=64)
def _places(profile: Profile, layout: Csv, header: bytes) -> tuple[int, tuple[int, ...]]:
    columns = columns_of(layout, header)
    return len(columns), tuple(at for at, name in enumerate(columns) if _is_private(profile, name))


def _fixed(profile: Profile, layout: Fixed, raw: bytes) -> bytes:
    record = layout.records.get(record_type(layout, raw))
    if record is None:
        return redacted_text(raw)
    found = bytearray(raw)
    for name, (first, last) in {**layout.common, **record.columns}.items():
        column = bytes(found[first - 1 : last])
        kept = b" " * len(column) if _is_private(profile, name) else redacted_forms(column)
        found[first - 1 : last] = kept
    return bytes(found)
