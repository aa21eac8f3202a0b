"""Sentence parts of one count, from its rows (CNT_ORDER 10 to 12)."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from reliefstream_contracts.vocabulary.offense import Doubt, SentencePart
from services.ingest.core.doj.file.columns import DojRow

_UNITS: dict[str, Literal["days", "months", "years"]] = {"D": "days", "M": "months", "Y": "years"}
_KINDS = {"prison": "PRISON", "jail": "JAIL", "probation": "PROB", "fine": r"\bFINE"}
_FINE_ALONE = "CONVICTED-FINE"

_Written = tuple[str, str, str, str, str]
"""Order, place, length, unit, and the disposition of a row."""
_Read = tuple[tuple[SentencePart, ...], tuple[Doubt, ...]]


def read_sentence(rows: Sequence[DojRow]) -> _Read:
    """The parts in order of CNT_ORDER, and what of them is in doubt.

    A row without place and length has no part; a fine alone needs none. Two different texts at one place are
    both kept, with a doubt. So is a sentence of which the disposition names a part that has no length here.
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
        elif not length or (kind == "fine" and not code):  # else the fine's amount
            parts.append(SentencePart(kind=kind))
        elif not (length.isascii() and length.isdigit() and len(length) <= 6 and code in _UNITS):
            parts.append(SentencePart(kind=kind))
            doubts.append(Doubt(field="sentence", kind="unparsed", as_written=(text,)))
        elif int(length) == 0:
            parts.append(SentencePart(kind=kind))
        else:
            parts.append(SentencePart(kind=kind, length=int(length), unit=_UNITS[code]))
    dispositions = {row[-1].upper() for row in rows}
    if not parts and _FINE_ALONE in dispositions:
        parts.append(SentencePart(kind="fine"))
    if parts and not doubts and _without_length(dispositions, parts):
        doubts.append(Doubt(field="sentence", kind="missing"))
    return tuple(parts), tuple(dict.fromkeys(doubts))


def _without_length(dispositions: set[str], parts: list[SentencePart]) -> bool:
    """Whether dispositions name prison, jail or probation, and no such part has a length."""
    kinds = {part.kind for part in parts if part.length or part.kind == "life"}
    if "prison" in kinds:
        kinds.add("probation")  # the one excludes the other: a term in prison is the sentence itself
    named = set(_kinds_in(" ".join(dispositions))) - {"fine"}
    return "life" not in kinds and not named <= kinds


def _kinds_in(text: str) -> list[str]:
    return [kind for kind, word in _KINDS.items() if re.search(word, text)]


def _kind(written: str, disposition: str) -> str:
    """The place of the sentence in lower case; where that is blank, what the disposition names."""
    place = written.upper()
    if "LIFE" in place:
        return "life"
    named = _kinds_in(place or disposition.upper())
    if place:
        return named[0] if named else place.lower()
    return named[0] if len(named) == 1 else "other"
