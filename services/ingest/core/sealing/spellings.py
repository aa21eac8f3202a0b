"""The ways in which sources write one case number, charge or CII number. Pure."""

import re
import unicodedata
from collections.abc import Iterator

from reliefstream_contracts.case_numbers import comparable
from reliefstream_contracts.identifiers import CaseNumber

_LOOK_ALIKES = str.maketrans(
    "АВЕЅЗІЈКМНОРСТУХҮԌԚԜԁѕіјаеорсухвнкмт" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹαικνορτυχϲ",
    "ABES3IJKMHOPCTYXYGQWDSIJAEOPCYXBHKMT" + "ABEZHIKMNOPTYXCAIKVOPTUXC",
)
"""Cyrillic and Greek letters, and the Latin ones that they are taken for."""
_MISREAD = str.maketrans("OIL", "011")
_RUN = re.compile(r"[0-9]{5,}")
"""Shorter ones, such as a year, stand in too many numbers."""
_MARKS = re.compile(r"[\W_]+")
_CII = re.compile(r"([A-Z]?)0*([1-9][0-9]*)")


def in_latin(text: str) -> str:
    """The text in capitals, with Latin letters for those that look like them."""
    return unicodedata.normalize("NFKC", text).translate(_LOOK_ALIKES).upper()


def near_numbers(written: str | None) -> set[str]:
    """What a case number has in common with other writings of it: letters for digits that look like them, without a
    prefix that not every source writes, and each number of a list. Empty where it has no digit.

    Numbers of different cases have it in common, too: it finds what may be the same, and tells nothing.
    """
    text = in_latin(written or "")
    folded = text.translate(_MISREAD)
    whole = comparable(CaseNumber(folded))
    texts = (text, folded, _MARKS.sub("", text), _MARKS.sub("", folded))
    runs = {run.lstrip("0") for each in texts for run in _RUN.findall(each)}
    return runs - {""} | ({whole} if whole else set())


def plain_cii(written: str) -> str:
    """A CII number without marks and leading zeros, in capitals; what is none stays."""
    plain = _MARKS.sub("", written).upper()
    found = _CII.fullmatch(plain)
    return "".join(found.groups()) if found else plain


def kept_ciis(number: str) -> Iterator[str]:
    """The writings of a plain CII number under which it is kept: a source may leave the letter out."""
    yield number
    if number[:1].isalpha():
        yield f"?{number[1:]}"


def asked_ciis(number: str) -> Iterator[str]:
    """Those under which the same number is looked for. Two with different letters are different."""
    yield number
    yield number[1:] if number[:1].isalpha() else f"?{number}"
