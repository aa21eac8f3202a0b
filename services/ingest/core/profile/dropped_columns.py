"""Takes the columns that never leave the sender out of a feed's raw units: by column, or by pattern where a row
has no columns. Taking them out twice gives the same as once."""

import re
from functools import lru_cache

from services.ingest.core.profile.lines import columns_of, record_type, split
from services.ingest.core.profile.profile import Csv, Fixed, Json, Profile
from services.ingest.core.redaction import redacted_fields, redacted_forms, redacted_json, redacted_text


def redacted_row(profile: Profile, header: bytes, raw: bytes) -> bytes:
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
        return redacted_text(raw)
    return redacted_fields(raw, fields, places, layout.delimiter, layout.quote)


def redacted_object(profile: Profile, raw: bytes, *, forms: bool = False) -> bytes:
    """An object of JSON without the values of its dropped fields, which are told by their last names. ``forms``: also
    without numbers in its texts that can be nothing else."""
    names = _last_names(profile)
    if not names and not forms:
        return raw
    return redacted_json(raw, names.__contains__, forms=forms)


def redacted_unit(profile: Profile, value: bytes) -> bytes:
    """A whole message as its quarantine keeps it: without dropped columns, and without numbers in texts that can be
    nothing else."""
    if isinstance(profile.layout, Json):
        return redacted_object(profile, value, forms=True)
    rows = [row.rstrip(b"\r") for row in value.split(b"\n")]
    header = rows[0] if isinstance(profile.layout, Csv) and profile.layout.columns is None else b""
    kept = [row if row == header else redacted_row(profile, header, row) for row in rows]
    return b"\n".join(map(redacted_forms, kept))


@lru_cache(maxsize=64)
def _last_names(profile: Profile) -> frozenset[str]:
    return frozenset(re.split(r"[.\]/]", path)[-1] for path in profile.dropped)


@lru_cache(maxsize=64)
def _places(profile: Profile, layout: Csv, header: bytes) -> tuple[int, tuple[int, ...]]:
    columns = columns_of(layout, header)
    return len(columns), tuple(at for at, name in enumerate(columns) if name in profile.dropped)


def _fixed(profile: Profile, layout: Fixed, raw: bytes) -> bytes:
    record = layout.records.get(record_type(layout, raw))
    if record is None:
        return redacted_text(raw)
    found = bytearray(raw)
    for name, (first, last) in {**layout.common, **record.columns}.items():
        if name in profile.dropped:
            found[first - 1 : last] = b" " * len(found[first - 1 : last])
    return bytes(found)
