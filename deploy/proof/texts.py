"""Texts of persons, and which store holds which of them."""

import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from deploy.proof.search import Search
from deploy.proof.stores import Stores, readable
from deploy.proof.writings import in_binary, words, writings, writings_of_day


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


def found_in_stores(
    stores: Stores, wanted: Sequence[Text], told: Callable[[float], None] = lambda _: None
) -> Found:
    """Which of these texts each store holds, in any writing. ``told`` hears the share of the bytes that is looked
    through, from 0 to 1. Raises CannotLookInto."""
    search = _TextSearch(wanted, stores.dated)
    sizes = {file: _size(file) for files in stores.files.values() for file in files}
    found: dict[str, set[Text]] = {name: set() for name in stores.files}
    done, whole = 0, max(1, sum(sizes.values()))
    for name, files in stores.files.items():
        for file in files:
            found[name] |= search.found_in(file)
            done += sizes[file]
            told(done / whole)
    return {name: frozenset(texts) for name, texts in found.items()}


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def files_with(stores: Stores, store: str, text: Text) -> list[Path]:
    """The files of a store in which a text stands: for who has to find out why."""
    search = _TextSearch([text], stores.dated)
    return [file for file in stores.files[store] if search.found_in(file)]


class _TextSearch:
    def __init__(self, wanted: Sequence[Text], dated: Collection[Path]) -> None:
        self._wanted, self._dated = wanted, dated
        self._search = Search(each.writings() for each in wanted)
        self._days = {in_binary(each.day): each for each in wanted if each.day}

    def found_in(self, file: Path) -> set[Text]:
        found = {self._wanted[number] for number in self._search.found_in(readable(file))}
        if file.with_suffix("") in self._dated:
            found |= {self._days[day] for day in self._days.keys() & words(next(readable(file), b""))}
        return found
