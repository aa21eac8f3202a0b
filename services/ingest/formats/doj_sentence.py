"""Sentence parts of one count, from its rows (CNT_ORDER 10 to 12)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from reliefstream_contracts.offense import Doubt, SentencePart
from services.ingest.formats.doj_columns import DojRow

_UNITS: dict[str, Literal["days", "months", "years"]] = {"D": "days", "M": "months", "Y": "years"}
_KINDS = ("PRISON", "JAIL", "PROBATION", "FINE")

_Written = tuple[str, str, str, str, str]
"""Order, place, length, unit, and the disposition of a row."""
_Read = tuple[tuple[SentencePart, ...], tuple[Doubt, ...]]


def read_sentence(rows: Sequence[DojRow]) -> _Read:
    """The parts in order of CNT_ORDER, and what of them is in doubt.

    A row without place and length has no part. Two different texts at one place are both kept, with a doubt.
    """
    return _read_sentence(
        tuple(
            (r.cnt_order[9:], r.sent_loc_descr, r.sent_length, r.sent_time_code, r.disp_descr) for r in rows
        )
    )


@lru_cache(maxsize=20_000)
def _read_sentence(rows: tuple[_Written, ...]) -> _Read:
    parts: list[SentencePart] = []
    doubts: list[Doubt] = []
    written = sorted(
        {
            (order, place, length, code.upper(), _kind(place, disposition))
            for order, place, length, code, disposition in rows
        }
    )
    seen: set[str] = set()
    for order, place, length, code, kind in written:
        if not (place or length):
            continue
        if order in seen:
            doubts.append(Doubt(field="sentence", kind="contradictory"))
        seen.add(order)
        text = " ".join(filter(None, (place, length, code)))
        if kind == "life" or "LIFE" in length.upper():
            parts.append(SentencePart(kind="life"))
        elif not length:
            parts.append(SentencePart(kind=kind))
        elif not (length.isascii() and length.isdigit() and len(length) <= 6 and code in _UNITS):
            parts.append(SentencePart(kind=kind))
            doubts.append(Doubt(field="sentence", kind="unparsed", as_written=(text,)))
        elif int(length) == 0:
            parts.append(SentencePart(kind=kind))
        else:
            parts.append(SentencePart(kind=kind, length=int(length), unit=_UNITS[code]))
    return tuple(parts), tuple(dict.fromkeys(doubts))


def _kind(written: str, disposition: str) -> str:
    """The place of the sentence in lower case; where that is blank, what the disposition names."""
    place = written.upper()
    if "LIFE" in place:
        return "life"
    if place:
        return next((kind.lower() for kind in _KINDS if kind in place), place.lower())
    named = [kind.lower() for kind in _KINDS if kind in disposition.upper()]
    return named[0] if len(named) == 1 else "other"
