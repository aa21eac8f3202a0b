"""Reads how a profile lays out its file: separated values, fixed columns, JSON."""

from itertools import combinations
from pathlib import Path
from typing import Any, get_args

from services.chassis.settings.located_yaml import Located, at, only
from services.ingest.core.profile.profile import (
    Csv,
    Encoding,
    Fixed,
    FixedRecord,
    Json,
    Layout,
    Part,
    plain_column,
)

KINDS = ("csv", "fixed", "json_lines", "json_array")
ENCODINGS = get_args(Encoding)
PARTS = get_args(Part)
LONGEST = 10_000


def read_layout(path: Path, source: Located) -> Layout:
    """The layout of a profile. Raises WrongFile."""
    layout = source["layout"]
    if not isinstance(layout, Located) or layout.get("kind") not in KINDS:
        raise at(path, source, "layout", f"layout: {{kind: ...}} is expected, one of {', '.join(KINDS)}")
    kind = layout["kind"]
    if kind == "csv":
        return _csv(path, layout)
    if kind == "fixed":
        return _fixed(path, layout)
    only(path, layout, {"kind"}, frozenset({"path"} if kind == "json_array" else ()))
    if kind == "json_lines":
        return Json(None)
    keys = str(layout.get("path") or "")
    if any(not key or set(key) & set("[]/=") for key in (keys.split(".") if keys else [])):
        raise at(path, layout, "path", "path: keys from the top to the array: export.cases")
    return Json(tuple(keys.split(".")) if keys else ())


def _csv(path: Path, layout: Located) -> Csv:
    only(path, layout, {"kind", "encoding"}, frozenset({"delimiter", "quote", "columns"}))
    delimiter, quote = layout.get("delimiter", ","), layout.get("quote", '"')
    for key, mark in (("delimiter", delimiter), ("quote", quote)):
        if key == "quote" and mark == "none":
            continue
        if not (isinstance(mark, str) and len(mark) == 1 and mark.isascii() and mark not in "\r\n\0"):
            raise at(path, layout, key, f"{key}: one character, not {mark!r}")
    if delimiter == quote:
        raise at(path, layout, "quote", "the quote cannot be the delimiter")
    columns = layout.get("columns")
    if columns is not None:
        if not isinstance(columns, list) or not all(isinstance(name, str) and name for name in columns):
            raise at(
                path,
                layout,
                "columns",
                "columns: a list of names is expected (left out: a header names them)",
            )
        plain = [plain_column(name) for name in columns]
        twice = sorted({name for name in plain if plain.count(name) > 1})
        if twice:
            raise at(path, layout, "columns", f"columns: {twice[0]!r} stands twice")
        columns = tuple(plain)
    return Csv(_encoding(path, layout), delimiter, None if quote == "none" else quote, columns)


def _fixed(path: Path, layout: Located) -> Fixed:
    only(
        path,
        layout,
        {"kind", "encoding", "length", "record_type", "records"},
        frozenset({"short_rows", "skipped", "common"}),
    )
    length = layout["length"]
    if type(length) is not int or not 1 <= length <= LONGEST:
        raise at(path, layout, "length", f"length: positions of a row, 1 to {LONGEST:,}")
    if layout.get("short_rows", "refuse") not in ("refuse", "padded"):
        raise at(
            path, layout, "short_rows", "short_rows: refuse, or padded where blanks at the end are left out"
        )
    encoding = _encoding(path, layout)
    if encoding == "utf-8":
        raise at(path, layout, "encoding", "encoding: positions count bytes: latin-1 or cp1252")
    record_type = _span(path, layout, "record_type", layout["record_type"], length)
    common = _spans(path, layout, "common", length)
    records = layout["records"]
    if not isinstance(records, Located) or not records:
        raise at(path, layout, "records", "records: a mapping of record types is expected")
    skipped = layout.get("skipped", [])
    if not isinstance(skipped, list) or not all(isinstance(code, str) for code in skipped):
        raise at(
            path, layout, "skipped", 'skipped: a list of record types in quotes is expected: ["00", "99"]'
        )
    taken = {"record_type": record_type, **{f"common {name}": span for name, span in common.items()}}
    found = {code: _record(path, records, code, length, taken) for code in records}
    starting = [record.starts for record in found.values() if record.starts]
    for part in ("case", "charge"):
        if part not in starting:
            raise at(path, layout, "records", f"no record type starts a {part}")
    if len(set(starting)) < len(starting):
        raise at(path, layout, "records", "two record types start the same part")
    return Fixed(
        encoding=encoding,
        length=length,
        padded=layout.get("short_rows") == "padded",
        record_type=record_type,
        records=found,
        skipped=frozenset(skipped),
        common=common,
    )


def _record(
    path: Path, records: Located, code: str, length: int, taken: dict[str, tuple[int, int]]
) -> FixedRecord:
    entry = only(path, records[code], {"columns"}, frozenset({"starts", "continues", "filler"}))
    said = [entry.get("starts"), entry.get("continues")]
    part = said[0] or said[1]
    if sum(each is not None for each in said) != 1 or part not in PARTS:
        raise at(path, records, code, f"either starts or continues, one of {', '.join(PARTS)}")
    columns = _spans(path, entry, "columns", length)
    filler = entry.get("filler", [])
    if not isinstance(filler, list):
        raise at(path, entry, "filler", "filler: a list of [first, last] is expected")
    for (one, (first, last)), (other, (start, end)) in combinations({**taken, **columns}.items(), 2):
        if first <= end and start <= last:
            raise at(path, entry, "columns", f"{one} and {other} overlap")
    return FixedRecord(
        starts=said[0],
        continues=said[1],
        columns=columns,
        filler=tuple(_span(path, entry, "filler", each, length) for each in filler),
    )


def _spans(path: Path, source: Located, key: str, length: int) -> dict[str, tuple[int, int]]:
    columns = source.get(key, Located())
    if not isinstance(columns, Located):
        raise at(path, source, key, f"{key}: a mapping of names to [first, last] is expected")
    return {name: _span(path, columns, name, columns[name], length) for name in columns}


def _span(path: Path, source: Located, key: str, value: Any, length: int) -> tuple[int, int]:
    if not (isinstance(value, list) and len(value) == 2 and all(type(each) is int for each in value)):
        raise at(path, source, key, f"{key}: [first, last] is expected, positions counted from 1")
    first, last = value
    if not 1 <= first <= last <= length:
        raise at(path, source, key, f"{key}: [{first}, {last}] is not within 1 to {length}")
    return first, last


def _encoding(path: Path, layout: Located) -> Encoding:
    encoding = layout["encoding"]
    if encoding not in ENCODINGS:
        raise at(path, layout, "encoding", f"encoding: one of {', '.join(ENCODINGS)}, not {encoding!r}")
    return encoding  # type: ignore[no-any-return]
