"""A county's own feed as the units that are sent: one case each, with the metadata that says where it stands."""

import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from reliefstream_contracts.receipts import Problem
from services.ingest.core.court.file_faults import doj_instead, fault_of_rows
from services.ingest.core.court.strict_json import SIZE_LIMIT
from services.ingest.core.doj.file.file_faults import fault_of_beginning
from services.ingest.core.files.file_lines import LineOffset, line_offset
from services.ingest.core.files.physical_lines import CUT
from services.ingest.core.message import Metadata
from services.ingest.core.profile.dropped_columns import redacted_object, redacted_row
from services.ingest.core.profile.feed_lines import Line, cases, header_of, keyed, lines
from services.ingest.core.profile.json_elements import Element, elements
from services.ingest.core.profile.profile import Csv, Fixed, Json, Profile
from services.ingest.core.profile.sent_case import SentUnit
from services.ingest.core.profile.separated_rows import header_columns
from services.ingest.core.source_location import FILE

BEGINNING = 65_536


class Unit(NamedTuple):
    """One case as it is sent; ``too_long`` ones are cut, and refused."""

    value: bytes
    numbers: tuple[int, ...]
    too_long: bool
    line_offset: LineOffset = ()
    """What to add to ``numbers`` to have lines of the file."""

    def sent(self) -> SentUnit:
        """As the reader takes it."""
        return SentUnit(self.value, self.numbers)


def file_fault(profile: Profile, beginning: bytes) -> Problem | None:
    """What the first bytes of a file (some thousands of them) say against all of it; None: it may be the feed."""
    fault = fault_of_beginning(beginning)
    is_json = isinstance(profile.layout, Json)
    if fault and not (is_json and fault.code == "not_csv" and "JSON" in fault.what):
        feed = f"the feed that the profile {profile.name} describes"
        return fault.replace(
            what=fault.what.replace("DOJ's CSV", feed),
            remedy=fault.remedy if fault.code == "empty_file" else f"send {feed}, as text, not packed",
        )
    if isinstance(profile.layout, Csv):
        problems = header_columns(profile, header_of(io.BytesIO(beginning), profile.layout)).problems
        if problems:
            return doj_instead(beginning) or problems[0]
        return fault_of_rows(profile, beginning)
    if isinstance(profile.layout, Fixed):
        return fault_of_rows(profile, beginning)
    if is_json and not beginning.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"[")):
        return FILE.problem(
            "not_json",
            "the file is no JSON",
            f"send the feed that the profile {profile.name} describes, or name another profile",
        )
    return None


def units(profile: Profile, stream: BinaryIO) -> Iterator[Unit]:
    """The units of a feed in order; of one whose cases' rows stand anywhere, it has to fit in memory.

    Raises NoArray.
    """
    layout = profile.layout
    if isinstance(layout, Json):
        found = _object_lines(stream) if layout.records is None else elements(stream, layout.records)
        for element in found:
            yield object_unit(profile, element)
        return
    header = header_of(stream, layout)
    for rows in cases(profile, keyed(profile, lines(stream, layout, header), header)):
        yield row_unit(profile, header, rows)


def object_unit(profile: Profile, element: Element) -> Unit:
    """The unit that one object makes."""
    return Unit(redacted_object(profile, element.raw), (element.number,), element.too_long)


def row_unit(profile: Profile, header: bytes, rows: Sequence[Line]) -> Unit:
    """The unit that rows of one case make: of CSV, below their header."""
    value = [header] if header else []
    size, numbers, too_long = len(header), list[int](), False
    for row in rows:
        size += len(row.raw) + 1
        too_long = too_long or row.too_long or size > SIZE_LIMIT
        if too_long and numbers:
            break
        value.append(redacted_row(profile, header, row.raw[:CUT] if too_long else row.raw))
        numbers.append(row.number)
    offset = line_offset((row.number, row.line) for row in rows)
    return Unit(b"\n".join(value), tuple(numbers), too_long, offset)


def unit_metadata(profile: Profile, unit: Unit, sha: str) -> Metadata:
    """The metadata of the message that a unit makes; ``sha``: of its file."""
    return Metadata(
        format="court",
        profile=profile.name,
        file_sha256=sha,
        rows=unit.numbers,
        row_faults={unit.numbers[0]: "row_too_long"} if unit.too_long else {},
        line_offset=unit.line_offset,
    )


def _object_lines(stream: BinaryIO) -> Iterator[Element]:
    number = 0
    while raw := stream.readline(SIZE_LIMIT + 1):
        too_long = len(raw) > SIZE_LIMIT and not raw.endswith(b"\n")
        while too_long and (rest := stream.readline(SIZE_LIMIT)) and not rest.endswith(b"\n"):
            pass
        number += 1
        if raw.removeprefix(b"\xef\xbb\xbf").strip():
            yield Element(number, raw[:CUT] if too_long else raw.rstrip(b"\r\n"), too_long)
