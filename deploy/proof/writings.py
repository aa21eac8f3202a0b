"""The bytes that a text or a day may be stored as."""

import base64
import json
from collections.abc import Iterator
from datetime import date

SHORTEST = 4
"""Bytes; what is shorter stands anywhere by chance."""
POSTGRES_EPOCH = date(2000, 1, 1)


def writings(text: str) -> frozenset[bytes]:
    """The text in capitals and small letters: plain, in a JSON string, in one inside of another, and in base64."""
    found = {
        one
        for cased in {text, text.upper(), text.lower(), text.title()}
        for plain in (cased, _in_json(cased), _in_json(_in_json(cased)))
        for one in (plain.encode(), *_in_base64(plain.encode()))
    }
    return frozenset(one for one in found if len(one) >= SHORTEST)


def writings_of_day(day: date) -> frozenset[bytes]:
    """As text with hyphens and without."""
    return writings(day.isoformat()) | writings(f"{day:%Y%m%d}")


def in_binary(day: date) -> int:
    """A day as Postgres stores it: days since 2000, in four bytes that begin at a multiple of four."""
    return (day - POSTGRES_EPOCH).days


def words(data: bytes) -> frozenset[int]:
    """Every four bytes at a multiple of four, as numbers."""
    return frozenset(memoryview(data)[: len(data) // 4 * 4].cast("i"))


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _in_base64(plain: bytes) -> Iterator[bytes]:
    """What is the same whatever stands before and after it, for each place in a group of three bytes."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + plain)
        own = whole[-(-before * 8 // 6) : (before + len(plain)) * 8 // 6]
        yield own
        yield own.translate(bytes.maketrans(b"+/", b"-_"))
