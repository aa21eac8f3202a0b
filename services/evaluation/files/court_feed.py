"""A county's own court feed on disk, case by case, in memory that does not grow with the file."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from reliefstream_contracts.receipts import Problem
from services.evaluation.files.doj_file import BEGINNING, UnreadableFile, file_sha256
from services.evaluation.files.row_index import IndexedRow, RowIndex
from services.ingest.core.files.line_ends import line_feeds_in, with_line_feeds
from services.ingest.core.files.physical_lines import ROW_LIMIT, on_one_line
from services.ingest.core.profile.feed_lines import Line, header_of, keyed, lines
from services.ingest.core.profile.feed_units import Unit, file_fault, row_unit, units
from services.ingest.core.profile.json_elements import NoArray
from services.ingest.core.profile.profile import Csv, Fixed, Profile
from services.ingest.core.source_location import FILE


class CourtFeed:
    """One file as its profile describes it. Use as a context; ``sha256`` is of its bytes."""

    def __init__(self, path: Path, profile: Profile) -> None:
        """Reads the file once or twice. Raises UnreadableFile, OSError."""
        self.path, self.profile = path, profile
        with path.open("rb") as stream:
            fault = file_fault(profile, line_feeds_in(stream.read(BEGINNING)))
        if fault:
            raise UnreadableFile(fault)
        self.sha256 = file_sha256(path)
        self._index: RowIndex | None = None
        try:
            if isinstance(profile.layout, Csv | Fixed) and profile.anywhere:
                self._index = RowIndex()
                self._fill(self._index, profile.layout)
            self._look_at_first()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "CourtFeed":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Removes the index."""
        if self._index is not None:
            self._index.close()

    def units(self) -> Iterator[Unit]:
        """Each case, in order of the first rows; the same at every call."""
        layout = self.profile.layout
        with with_line_feeds(self.path.open("rb")) as stream:
            if self._index is None or not isinstance(layout, Csv | Fixed):
                yield from units(self.profile, stream)
                return
            header = header_of(stream, layout)
            for _, rows in self._index.groups():
                yield row_unit(self.profile, header, list(_lines(stream, rows)))

    def _look_at_first(self) -> None:
        try:
            first = next(self.units(), None)
        except NoArray as error:
            raise UnreadableFile(_no_array(str(error), self.profile)) from None
        if first is None:
            raise UnreadableFile(_no_case(self.profile))

    def _fill(self, index: RowIndex, layout: Csv | Fixed) -> None:
        with with_line_feeds(self.path.open("rb")) as stream:
            header = header_of(stream, layout)
            index.fill(
                IndexedRow(
                    key,
                    line.number,
                    line.offset,
                    min(len(line.raw), ROW_LIMIT),
                    "row_too_long" if line.too_long else None,
                    line.line,
                )
                for key, line in keyed(self.profile, lines(stream, layout, header), header)
            )


def _lines(stream: BinaryIO, rows: Iterable[IndexedRow]) -> Iterator[Line]:
    """The rows of a case, as far as they are not too long together."""
    size = 0
    for row in rows:
        if size > ROW_LIMIT:
            return
        stream.seek(row.offset)
        raw = on_one_line(stream.read(row.length))
        size += row.length
        yield Line(row.number, row.offset, raw, row.fault is not None, row.line)


def _no_case(profile: Profile) -> Problem:
    return FILE.problem(
        "no_rows",
        "the file has no case in it",
        f"export it again as the profile {profile.name} describes it; nothing was sent",
    )


def _no_array(what: str, profile: Profile) -> Problem:
    return FILE.problem(
        "no_array",
        what,
        f"send the export that the profile {profile.name} describes, or correct the path in its layout",
    )
