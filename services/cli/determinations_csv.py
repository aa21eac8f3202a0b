"""``determinations.csv``: one line a conviction judged, the same bytes from ``evaluate`` and from ``export``."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

COLUMNS = (
    *("county", "source", "file_sha256", "source_row", "source_subject_id", "cii_number", "case_number"),
    *("section", "level", "disposition_date", "outcome", "route", "reason", "determination_label"),
    *("reason_label", "legal_minimum", "policy", "law", "as_of", "next_review_on", "grounds"),
)


def write_determinations(entries: Iterable[Mapping[str, Any]], out: Path) -> int:
    """Writes determinations, given as JSON objects, sorted by file, row, source, case number and section.

    What is None is an empty field. Returns how many lines were written, the header not counted.
    """
    lines = sorted((_line(entry) for entry in entries), key=_order)
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(lines)
    return len(lines)


def _line(entry: Mapping[str, Any]) -> tuple[str, ...]:
    grounds = json.dumps(entry["grounds"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    route = entry["route"]
    if route == "city_attorney" and entry["city"]:
        route = f"city_attorney:{entry['city']}"
    told = {**entry, "route": route, "grounds": grounds}
    return tuple("" if told[column] is None else str(told[column]) for column in COLUMNS)


def _order(line: tuple[str, ...]) -> tuple[object, ...]:
    at = dict(zip(COLUMNS, line, strict=True))
    row = int(at["source_row"] or 0)
    return (at["file_sha256"], row, at["source"], at["case_number"], at["section"], line)
