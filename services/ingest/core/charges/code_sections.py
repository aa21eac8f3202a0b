"""The text of a charge to its code sections: tokenised, then exact; what cannot be read is never guessed."""

import re
from functools import lru_cache

from reliefstream_contracts.vocabulary.california_codes import PROPOSITION_64
from reliefstream_contracts.vocabulary.offense import CodeSection, Offense
from services.ingest.core.charges.charge_reader import Written, expressions
from services.ingest.core.charges.charge_tokens import tokens
from services.ingest.core.charges.mistyped_sections import exists, looks_mistyped

_POINTS_TO_COMMENT = re.compile(r"^\W*SEE\s+COM", re.IGNORECASE)
_WORDS = {
    "attempt": re.compile(r"\bATT(?:EMPT(?:ED)?)?\b"),
    "conspiracy": re.compile(r"\bCONSP\w*"),
    "accessory": re.compile(r"\bACC?ESSO?RY\b"),
}
_NOT_COVERED = ("conspiracy", "accessory")
_MODIFIERS = {"664": "attempt", "182": "conspiracy", "32": "accessory"}
"""PC 664 attempt, PC 182 conspiracy, PC 32 accessory: beside another section they say how it was committed."""


@lru_cache(maxsize=10_000)
def read_offense(description: str, comment: str = "") -> Offense:
    """The charge that a record describes.

    ``sections`` is empty when the text cannot be read with certainty. ``code`` of a section is empty where
    the text names none. A letter that belongs to a section's number is lower case, as the statutes write it
    (``PC 273ab``). A blank description, or one that points to the comment, makes the comment the charge.
    A cannabis section that words behind it or the comment call a conspiracy or an accessory is not read: the
    law treats those otherwise (I-07). Never raises.
    """
    description, comment = description.strip(), comment.strip()
    from_comment = not description or _POINTS_TO_COMMENT.match(description) is not None
    text = comment if from_comment else description
    sections, modifiers = _charge(text)
    if any(s.section in PROPOSITION_64 for s in sections):
        words = f"{text} ; {comment}".upper()
        if any(name not in modifiers and _WORDS[name].search(words) for name in _NOT_COVERED):
            sections, modifiers = (), set()
    beside: tuple[CodeSection, ...] = ()
    if not from_comment:
        named, _ = _sections(comment, from_start=False)
        beside = tuple(s for s in _distinct(named) if not any(same_section(s, own) for own in sections))
    return Offense(
        as_written=text or description,
        sections=sections,
        attempt="attempt" in modifiers,
        conspiracy="conspiracy" in modifiers,
        accessory="accessory" in modifiers,
        from_comment=from_comment and bool(text),
        comment_sections=beside,
    )


def _charge(text: str) -> tuple[tuple[CodeSection, ...], set[str]]:
    sections, readable = _sections(text, from_start=True)
    if not readable or looks_mistyped(text, sections) or not all(map(exists, sections)):
        return (), set()
    modifiers = {_MODIFIERS[s.section] for s in sections if _modifies(s)}
    others = [s for s in sections if not _modifies(s)]
    if not others:
        return tuple(_distinct(sections)), set()
    before = text.upper()[: _first_number(text)]
    modifiers |= {name for name, words in _WORDS.items() if words.search(before)}
    return tuple(_distinct(others)), modifiers


def _sections(text: str, from_start: bool) -> tuple[list[CodeSection], bool]:
    """Sections in the order written, and whether every one that looks like cannabis could be read.

    ``from_start``: a number at the beginning of the text is a section though no code is named.
    """
    found: list[CodeSection] = []
    readable = True
    leading = next((i for i, t in enumerate(tokens(text)) if t.kind in ("number", "word")), 0)
    for place, run in expressions(text):
        coded = any(written.code for written in run)
        if not (coded or any(w.cannabis for w in run) or (from_start and place == leading)):
            continue
        for index, written in enumerate(run):
            if written.garbled or (written.broken and (written.cannabis or written.code == "HS")):
                readable = False
            code = written.code
            if code is None:
                following = next((w.code for w in run[index + 1 :] if w.code), None)
                preceding = next((w.code for w in reversed(run[:index]) if w.code), None)
                described = written.dash_before or written.word_after
                if following is None and preceding and described and not written.cannabis:
                    # After "HS-" the description begins; its numbers are amounts.
                    break
                code = _inherited(written, following or preceding)
            written.code = code or None
            number, subdivisions = written.section()
            found.append(CodeSection(code=code, section=number, subdivisions=subdivisions))
    return found, readable


def _inherited(written: Written, code: str | None) -> str:
    """A neighbour's code, where it can be this section's too: 148/11357 HS does not make 148 one of HS."""
    if code is None or written.cannabis != (code == "HS"):
        return code if code == "HS" and re.fullmatch(r"11\d{3}(\.\d+)?", written.number) else ""
    return code


def _modifies(section: CodeSection) -> bool:
    # 11359/664 HS: the code was written for the other section; the HS has no crimes of these numbers.
    return section.section in _MODIFIERS and section.code in ("PC", "HS", "")


def _first_number(text: str) -> int:
    return next((t.start for t in tokens(text) if t.kind == "number"), 0)


def same_section(one: CodeSection, other: CodeSection) -> bool:
    """Whether two sections are the same; a code that one leaves out contradicts nothing."""
    codes_agree = one.code == other.code or not (one.code and other.code)
    return codes_agree and one.section == other.section and one.subdivisions == other.subdivisions


def may_be_same_section(one: CodeSection, other: CodeSection) -> bool:
    """Whether two sections are the same but for subdivisions that one of them leaves out (PC 187, PC 187(a))."""
    codes_agree = one.code == other.code or not (one.code and other.code)
    depth = min(len(one.subdivisions), len(other.subdivisions))
    return (
        codes_agree
        and one.section == other.section
        and one.subdivisions[:depth] == other.subdivisions[:depth]
    )


def _distinct(sections: list[CodeSection]) -> list[CodeSection]:
    return list(dict.fromkeys(sections))
