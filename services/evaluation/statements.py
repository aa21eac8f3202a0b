"""Statements of fact beside a county's files: what ``export statements`` writes, and which records each one names."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import CountyName, record_key_of
from reliefstream_contracts.receipts import Problem
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.statements import FactStated
from services.csv_lines import as_written
from services.evaluation.linkage.components import hashed
from services.ingest.core.court.strict_json import parsed_object
from services.ingest.core.source_location import SourceLocation
from services.reconciliation.linkage.identity.identifiers import Identifier

NESTED = ("stated_by", "counts", "facts")
_STATEMENT = TypeAdapter(FactStated)
"""It reads the texts of a CSV, too: a revision of ``1``."""
_NO_EXPORT = "this is no statement as `reliefstream export statements` writes it"


@dataclass(frozen=True, slots=True)
class Statements:
    """The latest revision of each statement, by the key of each record that it names, and entries that are not used."""

    by_record: Mapping[str, tuple[FactStated, ...]] = field(default_factory=dict)
    path: Path = Path()
    refused: tuple[Problem, ...] = ()
    entries: Mapping[str, int] = field(default_factory=dict)
    """The place in the file of each statement that stands, by its key."""

    def unused(self, applied: Mapping[str, bool]) -> Iterator[Problem]:
        """What to tell of statements that nothing was made of. ``applied``: by key, of those with a record here,
        whether they say something of its conviction."""
        for key, number in self.entries.items():
            if key not in applied:
                remedy = "give the files that the count stands in, or correct its key"
                yield _entry(number).problem(
                    "no_such_count", "no record here has a count that it names", remedy
                )
            elif not applied[key]:
                what = "a count that it names has another section, day or case number, or is gone"
                yield _entry(number).problem(
                    "statement_stale", what, "look at the records and state it again"
                )


NOTHING_STATED = Statements()


class WrongStatements(ValueError):
    """A file that ``export statements`` did not write; the text says where, and repeats no value."""


def read_statements(path: Path, county: CountyName) -> Statements:
    """The statements of a .jsonl or .csv file; those that the county's intake would refuse are not used.

    Raises WrongStatements, OSError.
    """
    latest: dict[str, tuple[int, FactStated]] = {}
    refused: dict[str, Problem] = {}
    for number, one in _entries(path):
        if problem := _fault(one, county, _entry(number)):
            refused[f"{number}"] = problem
            continue
        _, known = latest.get(one.key(), (0, None))
        if known is None or known.revision < one.revision:
            latest[one.key()] = number, one
            refused.pop(one.key(), None)
        elif known.revision == one.revision and known != one:
            what = "another entry has this statement's revision with another content: neither is used"
            refused[one.key()] = _entry(number).problem("revision_taken", what, "export the statements again")
    named: dict[str, dict[str, FactStated]] = {}
    standing = {key: found for key, found in sorted(latest.items()) if key not in refused}
    for key, (_, one) in standing.items():
        for seen in one.counts:
            named.setdefault(record_key_of(seen.count), {})[key] = one
    return Statements(
        {record: tuple(its.values()) for record, its in named.items()},
        path,
        tuple(sorted(refused.values(), key=lambda one: one.record or 0)),
        {key: number for key, (number, one) in standing.items() if not one.withdrawn},
    )


def naming(statements: Statements, records: Iterable[SourceRecord]) -> list[FactStated]:
    """The statements that name one of these records, each once."""
    by_record = statements.by_record
    found = {one.key(): one for record in records for one in by_record.get(record.key(), ())}
    return list(found.values())


def applied_in(stated: Iterable[FactStated], found: Sequence[HistoryChanged]) -> dict[str, bool]:
    """Of each statement that was given with some records, by its key, whether their histories have facts of it."""
    ids = {fact.statement_id for history in found for fact in history.stated_facts}
    return {one.key(): one.statement_id in ids for one in stated}


def hashed_statements(statements: Statements, record: SourceRecord) -> list[int]:
    """What a record shares with the others that a statement names: they are to be looked at together."""
    named = statements.by_record.get(record.key(), ())
    return [
        hashed(Identifier(one.key()))
        for one in named
        if len({record_key_of(c.count) for c in one.counts}) > 1
    ]


def _entry(number: int) -> SourceLocation:
    return SourceLocation(record=number)


def _fault(one: FactStated, county: CountyName, where: SourceLocation) -> Problem | None:
    """Why the county's intake would refuse the statement."""
    for seen in one.counts:
        parts = seen.count.split("/")
        if len(parts) < 4 or parts[0] not in ("doj", "court") or not all(parts):
            return where.problem("not_a_count", "this is no count's key", "export the statements again")
        if one.county != county or parts[1] != county:
            remedy = (
                "an office states what it knows of its own county's records: give that county's statements"
            )
            return where.problem("another_county", "it is another county's", remedy)
    return None


def _entries(path: Path) -> Iterator[tuple[int, FactStated]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        for number, entry in enumerate(_rows(text) if path.suffix == ".csv" else _lines(text), 1):
            if isinstance(entry, Problem):
                raise WrongStatements(f"{path}, entry {number}: {entry.what}")
            try:
                one = _STATEMENT.validate_python(entry)
            except ValueError:
                raise WrongStatements(f"{path}, entry {number}: {_NO_EXPORT}") from None
            yield number, one
    except UnicodeDecodeError as error:
        said = f"byte {error.start + 1} is not UTF-8; save the file as UTF-8"
        raise WrongStatements(f"{path}: {said}") from None
    except csv.Error as error:
        raise WrongStatements(f"{path} cannot be read as CSV: {error}") from None


def _lines(text: str) -> Iterator[dict[str, Any] | Problem]:
    for line in text.split("\n"):
        if line.strip():
            yield parsed_object(line.encode(), SourceLocation())


def _rows(text: str) -> Iterator[dict[str, Any] | Problem]:
    for row in csv.DictReader(io.StringIO(text, newline="")):
        cells = {name: as_written(cell) for name, cell in row.items() if isinstance(cell, str) and cell}
        named = (
            f"{json.dumps(name or '')}: {cell if name in NESTED else json.dumps(cell)}"
            for name, cell in cells.items()
        )
        yield parsed_object(f"{{{', '.join(named)}}}".encode(), SourceLocation())
