"""Reads the code sections out of a charge's tokens, without guessing."""

from dataclasses import dataclass, field

from reliefstream_contracts.vocabulary.california_codes import PROPOSITION_64
from services.ingest.core.charges.charge_tokens import Token, tokens
from services.ingest.core.charges.charge_vocabulary import DECIMAL_NUMBERED, MEASURES, OLD_RAPE
from services.ingest.core.charges.mistyped_sections import LOOKALIKES

JOINERS = frozenset({"AND", "OR"})
LEVEL_MARKS = frozenset({"F", "M", "I"})
COUNT_WORDS = frozenset({"COUNT", "CT", "CNT"})


@dataclass
class Written:
    """One section as it stands in the text, before its code is settled."""

    number: str
    letters: str = ""
    subdivisions: list[str] = field(default_factory=list)
    code: str | None = None
    dash_before: bool = False
    word_after: bool = False
    garbled: bool = False
    """A letter among its digits, or in the place of one."""
    broken: bool = False
    """It cannot be told what is meant: an open bracket, a code that does not fit."""

    @property
    def cannabis(self) -> bool:
        return self.number in PROPOSITION_64

    def section(self) -> tuple[str, tuple[str, ...]]:
        """Number and subdivisions: a letter run on to a number is one or the other, by code."""
        if self.number in OLD_RAPE and self.code in ("PC", None) and not self.letters:
            return "261", (self.number[-1], *self.subdivisions)
        if not self.letters:
            return self.number, tuple(self.subdivisions)
        if self.cannabis or self.code in DECIMAL_NUMBERED:
            return self.number, (self.letters.lower(), *self.subdivisions)
        return self.number + self.letters.lower(), tuple(self.subdivisions)


def expressions(text: str) -> list[tuple[int, list[Written]]]:
    """Runs of sections with nothing but separators and codes between them, each with its first token's place."""
    return _Reader(tokens(text)).read()


class _Reader:
    def __init__(self, found: list[Token]) -> None:
        self.found = found
        self.at = 0

    def peek(self, ahead: int = 0) -> Token | None:
        place = self.at + ahead
        return self.found[place] if place < len(self.found) else None

    def read(self) -> list[tuple[int, list[Written]]]:
        done: list[tuple[int, list[Written]]] = []
        run: list[Written] = []
        start, prefix, joined, dash = 0, None, True, False

        def close() -> None:
            nonlocal run
            if run:
                done.append((start, run))
            run = []

        while token := self.peek():
            following = self.peek(1)
            if token.kind == "number":
                if run and not joined and run[-1].code is None:
                    close()
                if not run:
                    start = self.at
                written = self.section(prefix)
                prefix = None
                if written is None:
                    close()
                else:
                    written.dash_before = dash
                    run.append(written)
                joined = dash = False
                continue
            if token.code() and following and following.kind == "number":
                prefix = token.code()
            elif token.text in COUNT_WORDS and following and following.kind == "number":
                close()
                joined = dash = False
                self.at += 1
            elif token.kind == "separator" or token.text in JOINERS:
                joined, dash = True, token.text == "-"
                if following and following.kind == "subdivision" and run and following.code() is None:
                    run[-1].broken = True
            else:
                close()
                joined = dash = False
            self.at += 1
        close()
        return done

    def section(self, prefix: str | None) -> Written | None:
        """The section that starts here; None: the number is an amount or part of a word."""
        number = self.found[self.at]
        before = self.found[self.at - 1] if self.at else None
        written = Written(number.text, code=prefix)
        self.at += 1
        if not self.letters(written, number):
            return None
        written.garbled = written.garbled or _letter_for_digit(written, before, number)
        while (token := self.peek()) and token.kind == "subdivision" and token.code() is None:
            written.subdivisions.append(token.text.lower())
            self.at += 1
        if (token := self.peek()) and token.kind == "bracket":
            written.broken = True
        self.suffix_code(written)
        token = self.peek()
        written.word_after = bool(token and token.kind == "word" and token.text not in JOINERS)
        if written.cannabis and written.code not in (None, "HS"):
            written.broken = True
        return written

    def letters(self, written: Written, number: Token) -> bool:
        """Takes what is run on to a number; False when that makes it no section at all."""
        token = self.peek()
        if token is None or token.kind != "word":
            return True
        if token.text in MEASURES and (len(token.text) > 1 or float(written.number) < 100):
            return False
        if token.start > number.end:
            following = self.peek(1)
            if len(token.text) == 1 and following and following.code():
                written.letters = token.text
                self.at += 1
            return True
        if token.code():
            return True
        following = self.peek(1)
        written.garbled = bool(following and following.kind == "number" and following.start == token.end)
        for length in (1, 2):
            if len(token.text) == length:
                written.letters = token.text
            elif rest := Token("word", token.text[length:], token.start + length, token.end).code():
                written.letters, written.code = token.text[:length], written.code or rest
            else:
                continue
            self.at += 1
            written.broken = written.cannabis and length > 1
            return True
        written.broken = written.cannabis
        return written.cannabis

    def suffix_code(self, written: Written) -> None:
        token, following = self.peek(), self.peek(1)
        if token and token.kind == "separator" and token.text in "-." and following:
            after = self.peek(2)
            lone_letter = following.kind == "word" and len(following.text) == 1
            if written.cannabis and lone_letter and (after is None or after.code()):
                written.broken = True
            if following.code() and written.code is None and not (after and after.kind == "number"):
                self.at += 1
                token, following = following, after
        if token is None or token.code() is None:
            return
        next_prefix = written.code is not None and following is not None and following.kind == "number"
        if next_prefix:
            return
        if written.code is not None and written.code != token.code():
            written.broken = True
        written.code = token.code()
        self.at += 1
        if following and following.kind == "subdivision" and following.code() is None:
            # 11357 HS (F) marks the level; 11357 HS (C) may be a subdivision or not.
            written.broken = written.broken or following.text not in LEVEL_MARKS
            self.at += 1


def _letter_for_digit(written: Written, before: Token | None, number: Token) -> bool:
    """I87, 26I: a letter that looks like a digit, where no section has a letter of its own.

    Those that have one have three digits (266i, 288a, 653o).
    """
    run_on = before is not None and before.kind == "word" and before.end == number.start
    if run_on and before and before.code() is None and set(before.text) <= LOOKALIKES:
        return True
    suspects = {2: LOOKALIKES, 4: frozenset("OIL")}.get(len(number.text), frozenset())
    return bool(written.letters) and set(written.letters) <= suspects
