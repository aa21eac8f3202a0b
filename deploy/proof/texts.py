"""Texts of persons, and which store holds which of them."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from deploy.proof.search import found_in
from deploy.proof.stores import Stores, readable
from deploy.proof.writings import in_binary, writings, writings_of_day

DAYS_IN_BINARY = 5
"""So many days are also searched as four bytes: of more, some would be met by chance."""


class Text(NamedTuple):
    """One text and what it is: ``name``, ``birth date``, ``case number``, ``CII number``, ``source key``."""

    kind: str
    text: str
    """A day as YYYY-MM-DD."""

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.text) if self.kind == "birth date" else None

    def writings(self) -> frozenset[bytes]:
        """The bytes that it may be stored as, also without the marks of its letters."""
        if self.day:
            return writings_of_day(self.day)
        plain = unicodedata.normalize("NFKD", self.text).encode("ascii", "ignore").decode()
        return writings(self.text) | writings(plain)


Found = Mapping[str, frozenset[Text]]
"""What was found, by store."""


def found_in_stores(stores: Stores, wanted: Sequence[Text]) -> Found:
    """Which of these texts each store holds, in any writing. Raises SearchFailed, CannotLookInto."""
    by_writing: dict[bytes, set[Text]] = {}
    for each in wanted:
        for writing in each.writings():
            by_writing.setdefault(writing, set()).add(each)
    days = {in_binary(each.day): each for each in wanted if each.day}
    days = dict(islice(days.items(), DAYS_IN_BINARY))
    return {
        name: frozenset(
            {text for each in found_in(_contents(files), by_writing) for text in by_writing[each]}
            | {days[each] for each in days if name.startswith("database") and _stands(files, each)}
        )
        for name, files in stores.items()
    }


def files_with(files: Sequence[Path], text: Text) -> list[Path]:
    """The files in which a text stands: for who has to find out why."""
    return [file for file in files if found_in(readable(file), text.writings())]


def _contents(files: Sequence[Path]) -> Iterator[bytes]:
    return chain.from_iterable(readable(file) for file in files)


def _stands(files: Sequence[Path], day: bytes) -> bool:
    """Whether four bytes stand where Postgres puts a column of four."""
    for file in files:
        data = next(readable(file), b"")
        at = data.find(day)
        while at >= 0:
            if at % 4 == 0:
                return True
            at = data.find(day, at + 1)
    return False
