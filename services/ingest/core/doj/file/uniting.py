"""Rap sheets of one person in several files or messages of one extract are one record."""

import hashlib
import json
import re
from datetime import date
from typing import Any, Literal, NamedTuple

from pydantic_core import to_json as encoded

from reliefstream_contracts.records import Count
from services.ingest.core.doj.file.columns import DojRow
from services.ingest.core.doj.file.unit import Place, PlacedRow, ReadUnit


class DojRecord(NamedTuple):
    """What is known of one record. ``refused`` and ``read``: (extract, digest of a raw row), never a row; of a row
    that was refused with its message the digest of its content.

    Without rows it waits: nothing of this person could be read yet.
    """

    extract: int
    rows: dict[DojRow, Place]
    refused: frozenset[tuple[int, str]] = frozenset()
    read: frozenset[tuple[int, str]] = frozenset()
    published: tuple[Count, ...] | None = None
    """Of a record that sealed counts were taken out of, its other counts as they stand on the topic: the rows that stay
    say less of them. None: nothing was taken out."""

    @property
    def placed(self) -> list[PlacedRow]:
        return [PlacedRow(row, place) for row, place in self.rows.items()]

    @property
    def refused_rows(self) -> int:
        """Rows of this or a later extract that no sending has made readable yet."""
        missing = self.refused - self.read
        if missing:
            missing -= {(self.extract, content_digest(row)) for row in self.rows}
        return len(missing)


NONE_YET = DojRecord(-1, {})


def content_digest(row: DojRow) -> str:
    """The digest that identifies a readable row, in whatever file and however often it is sent."""
    return hashlib.sha256("\0".join(row).encode()).hexdigest()[:32]


class United(NamedTuple):
    record: DojRecord
    change: Literal["changed", "nothing_new", "older_extract"]


def unite(held: DojRecord | None, extract: int, unit: ReadUnit) -> United:
    """The record after one more unit; the same for any order in which units come.

    A higher extract replaces the record, a lower one changes nothing. Within an extract the rows are a set;
    of a row's several places the smallest is kept. A row that was refused counts as read once the same bytes
    have been read, in whatever encoding, or once what it says is on file. An extract of which no row can be read
    replaces nothing, but what is on file is incomplete from then on.
    """
    base = held or NONE_YET
    if extract < base.extract:
        return United(base, "older_extract")
    replaces = bool(unit.rows) and extract > base.extract
    current = extract if replaces else base.extract
    rows = {} if replaces else dict(base.rows)
    for row, place in unit.rows:
        there = rows.get(row)
        if there is None or place.order() < there.order():
            rows[row] = place
    refused = base.refused | {(extract, row.digest) for row in unit.refused}
    read = base.read | {(extract, digest) for digest in unit.digests}
    record = DojRecord(
        current,
        rows,
        frozenset(tag for tag in refused if tag[0] >= current),
        frozenset(tag for tag in read if tag[0] >= current),
        None if replaces else base.published,
    )
    return United(record, "nothing_new" if record == held else "changed")


def extract_number(text: str | None) -> int | None:
    """The number of an extract: an ISO date as YYYYMMDD, an integer as it is, absent 0; None: neither.

    A date is above every small integer, so that a source that begins to date its extracts goes forward.
    """
    if text is None or not text.strip():
        return 0
    plain = text.strip()
    if re.fullmatch(r"[0-9]{1,9}", plain):
        return int(plain)
    try:
        return int(date.fromisoformat(plain).strftime("%Y%m%d"))
    except ValueError:
        return None


def to_json(record: DojRecord) -> str:
    """The record as it is kept: only columns that are read, blanks left out."""
    rows = [
        [{name: value for name, value in zip(DojRow._fields, row, strict=True) if value}, *place]
        for row, place in record.rows.items()
    ]
    kept: dict[str, Any] = {"rows": rows, "refused": sorted(record.refused), "read": sorted(record.read)}
    if record.published is not None:
        kept["published"] = [count.to_dict() for count in record.published]
    return encoded(kept).decode()


def from_json(extract: int, text: str) -> DojRecord:
    """The record that ``to_json`` wrote."""
    kept: dict[str, Any] = json.loads(text)
    rows = {DojRow(**values): Place(sha, number) for values, sha, number in kept["rows"]}
    refused, read = (frozenset((number, digest) for number, digest in kept[k]) for k in ("refused", "read"))
    published = kept.get("published")
    return DojRecord(
        extract, rows, refused, read, None if published is None else tuple(map(Count.of, published))
    )
