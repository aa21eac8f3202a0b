"""Characters that no font of the papers has: PDF/UA admits no paper that shows one as an empty box."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

TURN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They would turn the rest of a line around."""
Displays = Callable[[str], bool]
"""Whether a paper can show this text."""


def displayable(said: Mapping[str, Any], displays: Displays) -> dict[str, Any]:
    """The same, with the number of each character that cannot be shown, or turns a line around, in its place:
    ``[U+540D]``."""
    rare = sorted(
        {each for text in _texts(said) for each in text if not (each.isascii() and each.isprintable())}
    )
    shown = {*_shown(rare, displays), "\n"} - TURN
    instead = {ord(each): f"[U+{ord(each):04X}]" for each in rare if each not in shown}
    replaced: dict[str, Any] = _replaced(said, instead) if instead else dict(said)
    return replaced


def _texts(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, Mapping):
        for each in said.values():
            yield from _texts(each)
    elif isinstance(said, Sequence):
        for each in said:
            yield from _texts(each)


def _shown(rare: Sequence[str], displays: Displays) -> Sequence[str]:
    """Those that can be shown: half by half, as nearly all of them can mostly be."""
    if not rare or displays(" ".join(rare)):
        return rare
    if len(rare) == 1:
        return ()
    half = len(rare) // 2
    return (*_shown(rare[:half], displays), *_shown(rare[half:], displays))


def _replaced(said: Any, instead: Mapping[int, str]) -> Any:
    if isinstance(said, str):
        return said.translate(instead)
    if isinstance(said, Mapping):
        return {name: _replaced(each, instead) for name, each in said.items()}
    return [_replaced(each, instead) for each in said] if isinstance(said, Sequence) else said
