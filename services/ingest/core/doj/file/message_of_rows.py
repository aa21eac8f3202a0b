"""The message that one person's rows of a file make."""

from collections.abc import Sequence

from services.ingest.core.doj.file.grouping import UnitRow
from services.ingest.core.files.file_lines import line_offset
from services.ingest.core.message import Metadata


def rows_value(rows: Sequence[UnitRow]) -> bytes:
    """Its content: one row a line."""
    return b"\n".join(row.raw for row in rows)


def rows_metadata(rows: Sequence[UnitRow], sha: str) -> Metadata:
    """Its metadata; ``sha``: of the file."""
    return Metadata(
        format="doj",
        file_sha256=sha,
        rows=tuple(row.number for row in rows if row.number is not None),
        row_faults={row.number: row.fault for row in rows if row.fault and row.number is not None},
        line_offset=line_offset((row.number, row.line) for row in rows),
    )
