"""Statements of fact beside a county's files: what ``export statements`` writes, and which records each one names."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from reliefstream_contracts.identifiers import record_key_of
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.statements import FactStated
from services.csv_lines import as_written
from services.evaluation.linkage.components import hashed
from services.reconciliation.linkage.identity.identifiers import Identifier

Statements = Mapping[str, tuple[FactStated, ...]]
"""The latest revision of each statement, by the key of each record that it names."""
NOTHING_STATED: Statements = {}
NESTED = ("stated_by", "counts", "facts")


class WrongStatements(ValueError):
    """A file that ``export statements`` did not write; the text says where, and repeats no value."""


def read_statements(path: Path) -> Statements:
    """The statements of a .jsonl or .csv file. Raises WrongStatements, OSError."""
    latest: dict[str, FactStated] = {}
    with path.open(encoding="utf-8", newline="") as file:
        entries = _rows(file) if path.suffix == ".csv" else _lines(file)
        for number, entry in enumerate(entries, 1):
            try:
                one = FactStated.model_validate(entry())
            except (ValidationError, ValueError, TypeError):
                said = "this is no statement as `reliefstream export statements` writes it"
                raise WrongStatements(f"{path}, entry {number}: {said}") from None
            if one.key() not in latest or latest[one.key()].revision < one.revision:
                latest[one.key()] = one
    named: dict[str, dict[str, FactStated]] = {}
    for key, one in sorted(latest.items()):
        for seen in one.counts:
            named.setdefault(record_key_of(seen.count), {})[key] = one
    return {record: tuple(its.values()) for record, its in named.items()}


def naming(statements: Statements, records: Iterable[SourceRecord]) -> list[FactStated]:
    """The statements that name one of these records, each once."""
    found = {one.key(): one for record in records for one in statements.get(record.key(), ())}
    return list(found.values())


def hashed_statements(statements: Statements, record: SourceRecord) -> list[int]:
    """What a record shares with the others that a statement names: they are to be looked at together."""
    named = statements.get(record.key(), ())
    return [
        hashed(Identifier(one.key()))
        for one in named
        if len({record_key_of(c.count) for c in one.counts}) > 1
    ]


def _lines(file: Iterable[str]) -> Iterator[Any]:
    for line in file:
        if line.strip():
            yield lambda line=line: json.loads(line)


def _rows(file: Iterable[str]) -> Iterator[Any]:
    for row in csv.DictReader(file):
        yield lambda row=row: {
            name: json.loads(as_written(text)) if name in NESTED else as_written(text)
            for name, text in row.items()
            if text != ""
        }
