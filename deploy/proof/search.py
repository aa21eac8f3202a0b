"""Finds which of many byte strings stand in contents of any size."""

from collections.abc import Collection, Iterable, Iterator

from ahocorasick_rs import BytesAhoCorasick, Implementation

STEP = 1 << 20
"""Bytes that are looked through at a time."""


class Search:
    """For many things at once, each under several writings.

    All writings are looked for in one pass, by the automaton of Aho and Corasick, also what stands inside of another or
    overlaps it. The automaton alone is kept, of some 150 bytes a writing, and twice as many while it is built.
    """

    def __init__(self, wanted: Iterable[Collection[bytes]]) -> None:
        """``wanted``: of each thing its writings, none of which is empty."""
        self._things: list[int] = []
        self._longest = 0
        self._automaton = BytesAhoCorasick(
            self._numbered(wanted), implementation=Implementation.ContiguousNFA
        )

    def _numbered(self, wanted: Iterable[Collection[bytes]]) -> Iterator[bytes]:
        for thing, writings in enumerate(wanted):
            for each in writings:
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
                part = view[at : at + STEP + self._longest - 1]
                matches = self._automaton.find_matches_as_indexes(part, overlapping=True)
                found.update(self._things[writing] for writing, _, _ in matches)
        return found
