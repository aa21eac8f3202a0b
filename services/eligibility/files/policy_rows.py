"""Reads the rows of a county's policy, as its options leave them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import ascii_lowercase
from typing import Any, get_args

from reliefstream_contracts.determinations import Outcome, Route
from reliefstream_contracts.vocabulary.offense import CodeSection
from services.chassis.settings.located_yaml import Located, at, only
from services.eligibility.files.file_fields import text, texts
from services.eligibility.files.policy_options import Value, filled_in, in_words
from services.eligibility.law.conditions.conditions import WrongCondition, read_condition
from services.eligibility.law.conditions.vocabulary import VOCABULARY
from services.eligibility.law.conditions.word import Word
from services.eligibility.law.engine.law import Law
from services.eligibility.law.engine.policy import Row
from services.eligibility.law.input.section_list import read_section

KEYS = {"row", "when", "outcome", "reason", "determination_label", "reason_label"}
OPTIONAL = frozenset({"route", "citation", "interpretations", "if", "for_each"})
ACTS = {"dismissal", "redesignation", "needs_review"}
"""Outcomes on which somebody has to act."""
REASON = re.compile(r"[a-z][a-z0-9_]*")
PLACEHOLDER = re.compile(r"\{(\w*)\}")


def read_rows(path: Path, law: Law, sources: list[Any], options: Mapping[str, Value]) -> tuple[Row, ...]:
    """The rows that the options leave on. Raises WrongFile; the last has to be met by every case."""
    read = [(row, source) for source in sources for row in _rows(path, law, source, options)]
    numbers: set[str] = set()
    for place, (row, source) in enumerate(read):
        if row.number in numbers:
            raise at(path, source, "row", f"two rows have the number {row.number}")
        numbers.add(row.number)
        if row.says == "otherwise" and place < len(read) - 1:
            raise at(path, source, "when", "no row after this one would ever be asked")
    if not read or read[-1][0].says != "otherwise":
        within = sources[-1]
        raise at(path, within, "when", "the last row should be {otherwise: true}: no case may fall through")
    return tuple(row for row, _ in read)


def _rows(path: Path, law: Law, source: Any, options: Mapping[str, Value]) -> Iterator[Row]:
    row = only(path, source, KEYS, OPTIONAL)
    for key in ("if", "for_each"):
        if key in row and row[key] not in options:
            known = ", ".join(options) or "none"
            raise at(path, row, key, f"{key}: the name of an option is expected; this policy has {known}")
    number = str(row["row"])
    if isinstance(row["row"], bool) or not re.fullmatch(r"[0-9]{1,3}[a-z]{0,2}", number):
        raise at(path, row, "row", f"row: a number like 3 or 3a is expected, not {row['row']!r}")
    entries = options[row["for_each"]] if "for_each" in row else None
    if entries is None:
        made = _row(path, law, row, number, dict(options))
    elif not isinstance(entries, tuple):
        raise at(path, row, "for_each", f"for_each: {row['for_each']} is no list")
    if "if" in row and not options[row["if"]]:
        return
    if entries is None:
        if made is not None:
            yield made
        return
    for place, entry in enumerate(entries):
        end = ascii_lowercase[place] if place < len(ascii_lowercase) else f".{place + 1}"
        each = _row(path, law, row, number + end, {**options, "each": (entry,)})
        if each is not None:
            yield each


def _row(path: Path, law: Law, row: Located, number: str, values: dict[str, Value]) -> Row | None:
    """The row; None where a value in its condition is off."""
    outcome, route = row["outcome"], row.get("route")
    _one_of(path, row, "outcome", outcome, get_args(Outcome))
    if outcome in ACTS and law.route is not None:
        _one_of(path, row, "route", route, get_args(Route))
    elif route is not None:
        raise at(path, row, "route", f"route: nobody has to act on {outcome} under {law.name}; leave it out")
    reason = text(path, row, "reason")
    if not REASON.fullmatch(reason):
        raise at(path, row, "reason", f"reason: a code like two_priors is expected, not {reason!r}")
    # Where a county's list leaves a case blank, its words are none.
    blank = outcome == "needs_review" and row["determination_label"] == row["reason_label"] == ""
    labels = {key: "" if blank else text(path, row, key) for key in ("determination_label", "reason_label")}
    for key, label in labels.items():
        for name in PLACEHOLDER.findall(label):
            if name not in values and name != "charge":
                raise at(path, row, key, f"{key}: there is no option {name!r} to put there")
    citation = text(path, row, "citation") if "citation" in row else ""
    interpretations = texts(path, row, "interpretations")
    condition = filled_in(path, row, row["when"], values)
    if condition is None and row["when"] is not None:
        return None
    words = {**VOCABULARY, **law.words}
    try:
        when, says = read_condition(condition, words)
    except WrongCondition as error:
        within = error.within if isinstance(error.within, Located) else row
        raise at(path, within, error.key if within is error.within else "when", str(error)) from error
    return Row(
        number=number,
        when=when,
        says=says,
        outcome=outcome,
        route=route,
        reason=reason,
        determination_label=in_words(labels["determination_label"], values),
        reason_label=in_words(labels["reason_label"], values),
        citation=citation,
        interpretations=interpretations,
        sections=tuple(_sections(condition, words)),
    )


def _sections(condition: Any, words: Mapping[str, Word]) -> Iterator[CodeSection]:
    """The sections that a parsed condition names, in order."""
    if isinstance(condition, list):
        for part in condition:
            yield from _sections(part, words)
    elif isinstance(condition, Mapping):
        for key, value in condition.items():
            if key in words and words[key].takes in (list, CodeSection):
                yield from map(read_section, value if isinstance(value, list) else [value])
            else:
                yield from _sections(value, words)


def _one_of(path: Path, row: Located, key: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise at(path, row, key, f"{key}: one of {', '.join(allowed)} is expected, not {value!r}")
