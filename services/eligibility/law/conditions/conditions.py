"""Reads a policy's conditions: words of a closed vocabulary, alone or joined by ``all`` and ``any``."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from reliefstream_contracts.vocabulary.offense import CodeSection
from services.eligibility.law.conditions.vocabulary import VOCABULARY
from services.eligibility.law.conditions.word import Condition, Word
from services.eligibility.law.engine.finding import Answer, all_of, any_of
from services.eligibility.law.input.judged_conviction import Case
from services.eligibility.law.input.section_list import read_section, section_list

LEVELS = ("felony", "misdemeanor", "infraction")
COMBINATIONS = {"all": all_of, "any": any_of}


class WrongCondition(ValueError):
    """A policy says what the vocabulary has no word for. ``within`` and ``key`` say where, for the loader."""

    def __init__(self, what: str, within: Mapping[str, Any], key: str | None = None) -> None:
        super().__init__(what)
        self.within, self.key = within, key


def read_condition(
    source: Mapping[str, Any], words: Mapping[str, Word] = VOCABULARY
) -> tuple[Condition, str]:
    """A condition as a policy writes it (``{age_at_least: 50}``, ``{all: [...]}``) and how it reads.

    Raises WrongCondition for an unknown word, a wrong parameter, or more than one word at a place.
    """
    if not isinstance(source, Mapping) or len(source) != 1:
        raise WrongCondition(
            "a condition is one word with its parameter; join several with all: or any:",
            source if isinstance(source, Mapping) else {},
        )
    name, parameter = next(iter(source.items()))
    if name in COMBINATIONS:
        return _combination(source, name, parameter, words)
    word = words.get(name)
    if word is None:
        known = ", ".join([*words, *COMBINATIONS])
        raise WrongCondition(f"unknown condition {name!r}; known are {known}", source, name)
    value = _parameter(source, name, word, parameter)

    def ask(case: Case, section: CodeSection) -> Answer:
        found = word.test(case, section, value)
        return found if isinstance(found, Answer) else Answer(found.finding, (found,))

    return ask, word.says(value)


def _combination(
    source: Mapping[str, Any], name: str, parts: object, words: Mapping[str, Word]
) -> tuple[Condition, str]:
    if not isinstance(parts, list) or len(parts) < 2:
        raise WrongCondition(f"{name}: takes a list of two or more conditions", source, name)
    if any(isinstance(part, Mapping) and "otherwise" in part for part in parts):
        raise WrongCondition("otherwise: stands alone, not inside all: or any:", source, name)
    read = [read_condition(part, words) for part in parts]
    combine, joined = COMBINATIONS[name], " and " if name == "all" else " or "

    def ask(case: Case, section: CodeSection) -> Answer:
        return combine(part(case, section) for part, _ in read)

    inner = [
        f"({says})" if isinstance(part, Mapping) and set(part) & set(COMBINATIONS) else says
        for part, (_, says) in zip(parts, read, strict=True)
    ]
    return ask, joined.join(inner)


def _parameter(source: Mapping[str, Any], name: str, word: Word, given: object) -> Any:
    """The parameter, typed as the word takes it. Raises WrongCondition for anything else."""
    wrong = WrongCondition(f"{name}: takes {word.example}, not {given!r}", source, name)
    if word.takes is bool:
        if given is not True:
            raise wrong
        return True
    if word.takes is int:
        # bool is an int to Python; a year beyond a life, or a count beyond a sheet, is a mistake.
        if type(given) is not int or given < 1:
            raise wrong
        if given > word.most:
            raise WrongCondition(f"{name}: takes a number up to {word.most}", source, name)
        return given
    if word.takes is date:
        if type(given) is not date:
            raise wrong
        return given
    if word.takes is CodeSection:
        return _section(source, name, given)
    if word.takes is str:
        if name == "legal_minimum" and given not in ("dismissal", "redesignation"):
            raise WrongCondition(
                f"legal_minimum: takes dismissal or redesignation, not {given!r}", source, name
            )
        return given
    if not isinstance(given, list) or not given or not all(isinstance(one, str) for one in given):
        raise wrong
    if word.takes is list:
        sections = [_section(source, name, one) for one in given]
        return section_list(sections, name=" or ".join(given))
    if not set(given) <= set(LEVELS):
        raise WrongCondition(f"{name}: takes some of {', '.join(LEVELS)}, not {given!r}", source, name)
    return tuple(given)


def _section(source: Mapping[str, Any], name: str, given: object) -> CodeSection:
    try:
        return read_section(given)  # type: ignore[arg-type] # it refuses what is no text
    except ValueError as error:
        raise WrongCondition(f"{name}: {error}", source, name) from None
