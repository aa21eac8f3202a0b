"""Rows of separated values of one case, as they came, to its parts."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from reliefstream_contracts.receipts import Problem
from services.ingest.core.profile.case_tree import Node, Row
from services.ingest.core.profile.feed_lines import columns_of, split
from services.ingest.core.profile.profile import Csv, Profile
from services.ingest.core.source_location import SourceLocation


class SentRow(NamedTuple):
    """A row and where it stands."""

    raw: bytes
    where: SourceLocation


class Header(NamedTuple):
    """The columns of a CSV feed by plain name and as written, or what is wrong with them."""

    columns: tuple[str, ...]
    written: dict[str, str]
    problems: tuple[Problem, ...]


@lru_cache(maxsize=64)
def header_columns(profile: Profile, raw: bytes) -> Header:
    """What a CSV feed's header names; a column that is needed and missing, twice or unknown is a problem."""
    layout = profile.layout
    assert isinstance(layout, Csv)  # noqa: S101 - only there
    found = columns_of(layout, raw)
    as_written = [name.strip() for name in split(layout, raw.decode(layout.encoding, errors="replace")) or ()]
    written = dict(zip(found, as_written, strict=False)) if layout.columns is None else {}
    used, known = profile.used(), profile.used() | profile.ignored | profile.dropped
    missing = sorted(used - set(found))
    if len(missing) == len(used) or not found:
        problem = _header_problem(
            "not_this_layout",
            f"none of the profile's columns is in the header; it has {len(found)} columns",
            f"send the feed that the profile {profile.name} describes, header included, or name another profile",
        )
        return Header(found, written, (problem,))
    problems = [
        _header_problem(
            "missing_column",
            f"the column {name!r} that the profile {profile.name} takes is not in the header",
            "export it, or correct its name in the profile",
        )
        for name in missing
    ]
    problems += [
        _header_problem(
            "duplicate_column",
            f"the column {written.get(name, name)!r} stands twice in the header",
            "export it once: which of the two counts cannot be told",
        )
        for name in sorted({name for name in found if found.count(name) > 1 and name in used})
    ]
    others = [written.get(name, name) for name in found if name and name not in known]
    if others and not profile.others_ignored:
        shown = ", ".join(repr(name[:40]) for name in others[:5])
        problems.append(
            _header_problem(
                "unknown_column",
                f"{len(others)} columns that the profile {profile.name} does not know: {shown}",
                "take them in the profile, or list them under ignored",
            )
        )
    return Header(found, written, tuple(problems))


def _header_problem(code: str, what: str, remedy: str) -> Problem:
    return SourceLocation(path="header line").problem(code, what, remedy)


def csv_case(profile: Profile, header: bytes, rows: Sequence[SentRow]) -> Node | tuple[Problem, ...]:
    """The case that rows of separated values make."""
    layout = profile.layout
    assert isinstance(layout, Csv)  # noqa: S101 - the caller looked
    known = header_columns(profile, header)
    if known.problems:
        return known.problems
    found: list[Row] = []
    problems: list[Problem] = []
    for raw, where in dict.fromkeys(rows):
        text = decoded(raw, layout.encoding, where)
        if isinstance(text, Problem):
            problems.append(text)
            continue
        fields = split(layout, text)
        if fields is None or len(fields) != len(known.columns):
            problems.append(_not_columns(fields, len(known.columns), where))
            continue
        if any(text.strip() for name, text in zip(known.columns, fields, strict=True) if not name):
            problems.append(_unnamed(where))
            continue
        found.append(Row(dict(zip(known.columns, fields, strict=True)), where, known.written))
    if problems:
        return tuple(problems)
    case = Node(list(found))
    for charge in _by(found, profile.charges.by):
        node = Node(list(charge))
        case.add("charge", 0, node)
        for groups in (profile.sentence, profile.relief):
            for at, group in enumerate(groups):
                for rows_of_one in _by(charge, group.by):
                    node.add(group.part, at, Node(list(rows_of_one)))
    return case


def _by(rows: Sequence[Row], columns: tuple[str, ...]) -> list[list[Row]]:
    """Rows with the same text in these columns; rows that are blank there belong to none."""
    if not columns:
        return [list(rows)]
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        key = tuple(row.text(column).strip() for column in columns)
        if any(key):
            found.setdefault(key, []).append(row)
    return list(found.values())


def _unnamed(where: SourceLocation) -> Problem:
    return where.problem(
        "unnamed_column",
        "there is a value in a column that the header does not name: the columns may have moved",
        "name the column in the header, or look for an extra separator",
    )


def _not_columns(fields: list[str] | None, wanted: int, where: SourceLocation) -> Problem:
    if fields is None:
        what = "the quotes of this row are no pairs around values"
        remedy = "export it with doubled quotes inside of quoted values, and no line end in a value"
    else:
        what = f"{len(fields)} columns instead of {wanted}"
        remedy = "look for an extra or missing separator, a line end in a value, or a file that was cut off"
    return where.problem("column_count", what, remedy)


def decoded(raw: bytes, encoding: str, where: SourceLocation) -> str | Problem:
    """The row as text, without NUL, or what is wrong with it."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        return where.position_of(f"byte {error.start + 1}").problem(
            "wrong_encoding",
            f"the row is not {encoding}, as the profile says",
            "correct the encoding in the profile or at the source, then send or resubmit it",
        )
    if "\x00" in text:
        return where.problem("row_not_text", "the row holds a NUL", "export the file again as text")
    return text
