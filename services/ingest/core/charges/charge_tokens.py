"""Cuts the text of a charge into numbers, subdivisions, words and separators."""

import re
from typing import Literal, NamedTuple

from reliefstream_contracts.vocabulary.california_codes import ABBREVIATIONS

Kind = Literal["number", "subdivision", "word", "separator", "bracket", "other"]

# A fraction of four digits and more is a second number: 664.11357 is an attempted 11357.
# So is one of three behind 664, and what is run on to it: 664.187, 664187.
_ATTEMPT = re.compile(r"(?<![\d.])664\.?(?=\d{3}(?!\d))")
# 18 USC 1111, 18 2241(C) US: title and section of federal law.
_FEDERAL = re.compile(r"\b\d{1,2}\s*U\.?\s?S\.?\s?C\.?\s?(?:A\b\.?)?\s*(?:SEC(?:TION)?\b\.?)?\s*(?=\d)")
_TITLE = re.compile(r"\b\d{1,2}\s+(?=\d[\d.A-Z()]*\s*(?:USCA?|US|UCMJ)\b)")
_TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d{1,3}(?!\d))?)"
    r"|\(\s*(?P<subdivision>[A-Z]{1,4}|\d{1,3})\s*\)"
    r"|(?P<word>[HB]\s?[&/]\s?[SP]C?\b|[WFRH]\s?&\s?[IGTN]C?\b|[A-Z]+)"
    r"|(?P<bracket>[()\[\]])"
    r"|(?P<separator>[/+,;&:.|\-])"
    r"|(?P<other>\S)"
)
_DOTTED = re.compile(r"\b([A-Z])\.\s?([A-Z])\.?(?![A-Z0-9])")


class Token(NamedTuple):
    kind: Kind
    text: str
    start: int
    end: int

    def code(self) -> str | None:
        """The code that this names, as a word or in brackets; None: it names none."""
        if self.kind == "word":
            return ABBREVIATIONS.get("".join(self.text.split()))
        if self.kind == "subdivision" and len(self.text) > 1:
            return ABBREVIATIONS.get(self.text) if self.text in {"HS", "PC", "VC", "BP", "WI"} else None
        return None


def tokens(text: str) -> list[Token]:
    """The tokens of ``text`` in upper case, white space left out; ``P.C.`` and the like are one word.

    The title before a section of federal law is left out; ``664187`` is two numbers.
    """
    upper = _TITLE.sub("", _FEDERAL.sub("US ", text.upper()))
    upper = _ATTEMPT.sub("664/", _DOTTED.sub(_joined, upper))
    found = []
    for match in _TOKEN.finditer(upper):
        kind: Kind = match.lastgroup  # type: ignore[assignment]
        found.append(Token(kind, match.group(kind), match.start(), match.end()))
    return found


def _joined(match: re.Match[str]) -> str:
    word = match.group(1) + match.group(2)
    return word if word in ABBREVIATIONS else match.group(0)
