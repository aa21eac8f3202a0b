"""Finds which of many byte strings stand in contents of any size."""

import re
from collections.abc import Collection, Iterable, Iterator

from ahocorasick_rs import BytesAhoCorasick, Implementation

STEP = 1 << 20
"""Bytes that are looked through at a time."""
DIGITS, HEXADECIMAL = re.compile(rb"[0-9]+"), re.compile(rb"[0-9A-Fa-f]")
NUMBERED = b"pg_toast_"
"""Postgres names what it makes itself by numbers in turn."""


class Search:
    """For many things at once, each under several writings.

    All writings are looked for in one pass, by the automaton of Aho and Corasick, also what stands inside of another or
    overlaps it. What has digits alone, as a day may, counts only where no hexadecimal one stands beside it: ids and
    hashes hold any of them by chance, and so do Postgres' own names (``NUMBERED``). The automaton alone is kept, of
    some 150 bytes a writing, and twice as many while it is built.
    """

    def __init__(self, wanted: Iterable[Collection[bytes]]) -> None:
        """``wanted``: of each thing its writings, none of which is empty."""
        self._things: list[int] = []
        self._in_ids: set[int] = set()
        self._longest = 0
        self._automaton = BytesAhoCorasick(
            self._numbered(wanted), implementation=Implementation.ContiguousNFA
        )

    def _numbered(self, wanted: Iterable[Collection[bytes]]) -> Iterator[bytes]:
        for thing, writings in enumerate(wanted):
            for each in writings:
                if DIGITS.fullmatch(each):
                    self._in_ids.add(len(self._things))
                self._things.append(thing)
                self._longest = max(self._longest, len(each))
                yield each

    def found_in(self, contents: Iterable[bytes]) -> set[int]:
        """Which things stand in one of the contents, as numbers in the order of ``wanted``. Raises what reading the
        contents raises."""
        found: set[int] = set()
        for content in contents:
            view = memoryview(content)
            for at in range(0, len(view), STEP):
                part = view[at : at + STEP + self._longest]
                for writing, start, end in self._automaton.find_matches_as_indexes(part, overlapping=True):
                    if writing not in self._in_ids or _alone(view, at + start, at + end):
                        found.add(self._things[writing])
        return found


def _alone(view: memoryview, start: int, end: int) -> bool:
    """Whether no hexadecimal digit stands beside it, and it is no number that Postgres gave."""
    if bytes(view[max(start - len(NUMBERED), 0) : start]) == NUMBERED:
        return False
    beside = bytes(view[max(start - 1, 0) : start]) + bytes(view[end : end + 1])
    return not HEXADECIMAL.search(beside)
