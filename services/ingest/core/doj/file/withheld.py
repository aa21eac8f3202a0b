"""Rows of a message that is refused as a whole, by the person whose history lacks them until they are accepted."""

from collections.abc import Iterable, Sequence

from reliefstream_contracts.receipts import Problem
from services.ingest.core.doj.file.columns import clean
from services.ingest.core.doj.file.grouping import UnitRow
from services.ingest.core.doj.file.rows import redacted, subject_of
from services.ingest.core.doj.file.unit import Place, ReadUnit, RefusedRow, digest_of, read_unit
from services.ingest.core.doj.file.uniting import content_digest
from services.ingest.core.redaction import holds_number


def withheld(rows: Iterable[UnitRow], why: Sequence[Problem], sender_says: str = "") -> dict[str, ReadUnit]:
    """By SUBJECT_ID, a unit of which every row counts as refused; empty where no subject is known.

    A row without a subject counts for each subject that other rows name, or for ``sender_says`` where none does. Never
    raises.
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
    """A unit that was parsed and cannot be recorded, with every row counted as refused."""
    lacking = (RefusedRow(why, b"", placed.place, content_digest(placed.row)) for placed in unit.rows)
    return ReadUnit((), (*unit.refused, *lacking), frozenset())


def _name(text: str) -> str:
    name = clean(text)
    return name if len(name) <= 60 and name.isprintable() and not holds_number(name) else ""


def _digest(row: UnitRow) -> str:
    """The digest by which the row is recognised when it is accepted later: of its content where it is ASCII and
    readable. The content of any other row is not known for certain, so the digest is of its bytes.
    """
    if row.raw.isascii():
        read = read_unit([row])
        return content_digest(read.rows[0].row) if read.rows else read.refused[0].digest
    return digest_of(redacted(row.raw)[0])
