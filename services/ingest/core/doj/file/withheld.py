"""Rows of a message that is refused as a whole: whose history lacks them until they come right."""

from collections.abc import Iterable, Sequence

from reliefstream_contracts.receipts import Problem
from services.ingest.core.doj.file.columns import clean
from services.ingest.core.doj.file.grouping import UnitRow
from services.ingest.core.doj.file.rows import redacted, subject_of
from services.ingest.core.doj.file.unit import Place, ReadUnit, RefusedRow, digest_of, read_unit
from services.ingest.core.doj.file.uniting import content_digest
from services.ingest.core.redaction import holds_number


def withheld(rows: Iterable[UnitRow], why: Sequence[Problem], sender_says: str = "") -> dict[str, ReadUnit]:
    """By SUBJECT_ID: a unit of which every row counts as refused. Empty where no subject can be told.

    A row that names nobody may be of each who is named; where none is, of ``sender_says``. Never raises.
    """
    found: dict[str, list[RefusedRow]] = {}
    of_nobody: list[RefusedRow] = []
    for row in rows:
        lacking = RefusedRow(why[0], b"", Place(), _digest(row))
        subject = _name(subject_of(row.raw))
        (found.setdefault(subject, []) if subject else of_nobody).append(lacking)
    if not found and of_nobody and (subject := _name(sender_says)):
        found[subject] = []
    return {name: ReadUnit((), (*own, *of_nobody), frozenset()) for name, own in found.items()}


def withheld_unit(unit: ReadUnit, why: Problem) -> ReadUnit:
    """A unit that was read and cannot be recorded, as one of which every row counts as refused."""
    lacking = (RefusedRow(why, b"", placed.place, content_digest(placed.row)) for placed in unit.rows)
    return ReadUnit((), (*unit.refused, *lacking), frozenset())


def _name(text: str) -> str:
    name = clean(text)
    return name if len(name) <= 60 and name.isprintable() and not holds_number(name) else ""


def _digest(row: UnitRow) -> str:
    """By what a row says, so that it is known again when it comes right. What a row that is not ASCII says
    depends on the encoding: it is known by its bytes, as is one that is refused by itself."""
    if row.raw.isascii():
        read = read_unit([row])
        return content_digest(read.rows[0].row) if read.rows else read.refused[0].digest
    return digest_of(redacted(row.raw)[0])
