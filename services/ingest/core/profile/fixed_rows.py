"""Rows of fixed columns of one case, as they came, to its parts: several types of row, in their order."""

from collections.abc import Sequence
from functools import lru_cache

from reliefstream_contracts.receipts import Problem
from services.ingest.core.profile.case_tree import Node, Row
from services.ingest.core.profile.feed_lines import record_type
from services.ingest.core.profile.profile import Fixed, FixedRecord, Part, Profile
from services.ingest.core.profile.separated_rows import SentRow, decoded
from services.ingest.core.source_location import SourceLocation


class _Building:
    """A case of rows with fixed columns while it is put together."""

    def __init__(self) -> None:
        self.texts: dict[Part, dict[str, str]] = {}
        self.numbers: dict[Part, dict[str, SourceLocation]] = {}
        self.case: Node | None = None
        self.charge: Node | None = None

    def begin(self, part: Part, above: Part | None, texts: dict[str, str], where: SourceLocation) -> None:
        """A part of its own, which sees the columns of what it belongs to."""
        known = self.texts.get(above, {}) if above else {}
        numbers = self.numbers.get(above, {}) if above else {}
        self.texts[part] = {**known, **texts}
        self.numbers[part] = {**numbers, **dict.fromkeys(texts, where)}
        node = Node([Row(self.texts[part], self.numbers[part], {})])
        if part == "case":
            self.case = node
        elif part == "charge" and self.case:
            self.case.add("charge", 0, node)
            self.charge = node
        elif self.charge:
            self.charge.add(part, 0, node)


_ABOVE: dict[Part, Part | None] = {"case": None, "charge": "case", "sentence": "charge", "relief": "charge"}


def fixed_case(profile: Profile, rows: Sequence[SentRow]) -> Node | tuple[Problem, ...]:
    """The case that rows of fixed columns make."""
    layout = profile.layout
    assert isinstance(layout, Fixed)  # noqa: S101 - the caller looked
    building, exact = _Building(), _exact(profile)
    problems: list[Problem] = []
    for raw, where in rows:
        text = decoded(raw, layout.encoding, where)
        record = None if isinstance(text, Problem) else layout.records.get(record_type(layout, raw))
        fault = text if isinstance(text, Problem) else _fixed_fault(layout, record, text, where)
        if fault is None:
            assert record is not None and isinstance(text, str)  # noqa: S101 - else there is a fault
            fault = _cut_off(layout, record, text, exact, where) or _add(
                building, layout, record, text, where
            )
        if fault is not None:
            problems.append(fault)
    if not problems and building.case is None:
        problems.append(_orphan("case", rows[0].where))
    return tuple(problems) if problems or building.case is None else building.case


@lru_cache(maxsize=64)
def _exact(profile: Profile) -> frozenset[str]:
    """Columns with a number or a date: one that was cut off would be another number."""
    exact = ("number", "date", "moment")
    return frozenset(name for field in profile.fields() if field.kind in exact for name in field.columns)


def _cut_off(
    layout: Fixed, record: FixedRecord, text: str, exact: frozenset[str], where: SourceLocation
) -> Problem | None:
    for name, (first, last) in {**layout.common, **record.columns}.items():
        if name in exact and first <= len(text) < last and text[first - 1 :].strip():
            return where.in_column(name).problem(
                "row_truncated",
                f"the row ends at position {len(text)}, in the middle of a number or a date",
                "copy the file again from its source",
            )
    return None


def _add(
    building: _Building, layout: Fixed, record: FixedRecord, text: str, where: SourceLocation
) -> Problem | None:
    texts = {
        name: text[first - 1 : last].strip()
        for name, (first, last) in {**layout.common, **record.columns}.items()
    }
    part = record.starts
    if part is None:
        continued = record.continues
        assert continued is not None  # noqa: S101 - checked on loading
        known = building.texts.get(continued)
        if known is None:
            return _orphan(continued, where)
        for name in record.columns:
            if known.get(name) and texts[name] and known[name] != texts[name]:
                return where.in_column(name).problem(
                    "rows_disagree",
                    f"two rows that continue the same {continued} differ here",
                    "correct it at its source",
                )
            known[name] = texts[name] or known.get(name, "")
            building.numbers[continued][name] = where
        return None
    above = _ABOVE[part]
    if (above and above not in building.texts) or (part == "case" and building.case is not None):
        return _orphan(above, where) if above else _second_case(where)
    building.begin(part, above, texts, where)
    if part == "charge":
        building.texts.pop("sentence", None)
        building.texts.pop("relief", None)
    return None


def _fixed_fault(
    layout: Fixed, record: FixedRecord | None, text: str, where: SourceLocation
) -> Problem | None:
    if record is None:
        return where.position_of(f"positions {layout.record_type[0]} to {layout.record_type[1]}").problem(
            "unknown_record_type",
            "the profile has no such type of row",
            "describe it in the profile, or list it under skipped",
        )
    as_sent, text = text, text.rstrip()
    if len(text) > layout.length:
        return where.position_of(f"position {layout.length + 1}").problem(
            "row_too_long",
            f"the row has text behind its {layout.length} positions",
            "look for a missing line end, or correct the length in the profile",
        )
    covered = [layout.record_type, *layout.common.values(), *record.columns.values(), *record.filler]
    kept = list(text)
    for first, last in covered:
        kept[first - 1 : last] = " " * len(kept[first - 1 : last])
    outside = next((at for at, mark in enumerate(kept, 1) if mark != " "), None)
    if outside is not None:
        return where.position_of(f"position {outside}").problem(
            "unexpected_text",
            "text where the profile has no column: the columns may have moved",
            "correct the row at its source, or the positions (or filler) in the profile",
        )
    shortest = max(last for _, last in (layout.record_type, *layout.common.values()))
    if (len(text) < shortest) if layout.padded else (len(as_sent) < layout.length):
        return where.problem(
            "row_truncated",
            (
                f"the row ends at position {len(as_sent)}"
                + ("" if layout.padded else f", and not at {layout.length}")
            ),
            (
                "copy the file again from its source; if it leaves out blanks at the end of rows, say so in the "
                "profile (short_rows: padded)"
            ),
        )
    return None


def _orphan(part: Part, where: SourceLocation) -> Problem:
    return where.problem(
        "row_out_of_order",
        f"the row belongs to a {part}, and none stands before it",
        "send the rows of a case together and in their order",
    )


def _second_case(where: SourceLocation) -> Problem:
    return where.problem(
        "row_out_of_order",
        "the same case begins a second time",
        "send each case once, or say in the profile which columns tell its revisions apart",
    )
