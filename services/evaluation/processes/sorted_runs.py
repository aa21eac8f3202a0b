"""Sorts more than memory holds: sorted runs on disk, merged."""

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from heapq import merge
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

T = TypeVar("T")
RUN, BLOCK = 20_000, 200
"""Items that are sorted in memory, and items of a run that are read at a time."""


class SortedRuns(Generic[T]):
    """Takes items that compare with each other, in any order. Use as a context; its files are gone afterwards."""

    def __init__(self, run: int = RUN) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="reliefstream-")
        self._run, self._runs = run, 0
        self._items: list[T] = []

    def __enter__(self) -> "SortedRuns[T]":
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def add(self, items: Iterable[T]) -> None:
        self._items.extend(items)
        if len(self._items) >= self._run:
            self._items.sort()
            with self._file(self._runs).open("wb") as file:
                for start in range(0, len(self._items), BLOCK):
                    pickle.dump(self._items[start : start + BLOCK], file, pickle.HIGHEST_PROTOCOL)
            self._runs += 1
            self._items.clear()

    def sorted(self) -> Iterator[T]:
        """Every item in order."""
        self._items.sort()
        yield from merge(*map(self._read, range(self._runs)), self._items)  # type: ignore[type-var]

    def _file(self, run: int) -> Path:
        return Path(self._folder.name) / str(run)

    def _read(self, run: int) -> Iterator[T]:
        with self._file(run).open("rb") as file:
            while block := _block(file):
                yield from block


def _block(file: BinaryIO) -> list[Any]:
    try:
        block: list[Any] = pickle.load(file)  # noqa: S301 - written above, in a folder of our own
    except EOFError:
        return []
    return block
