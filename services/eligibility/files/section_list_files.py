"""Reads the lists of sections in the statute's files."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

from reliefstream_contracts.vocabulary.stated_facts import FACTS, FactCode
from services.chassis.settings.located_yaml import Located, at, only
from services.eligibility.files.currency import statute_yaml
from services.eligibility.files.file_fields import day, items, text, texts
from services.eligibility.law.input.section_list import ListedSection, SectionList, read_section

BESIDE = frozenset({"attempts", "conspiracies"})
WINDOW = frozenset({"committed_from", "committed_before"})
ENTRY = BESIDE | WINDOW | {"citation", "through", "but_not", "elements", "felonies_only"}
SUBDIVISIONS = re.compile(r"(\(\w+\))+")


def section_file(path: Path) -> SectionList:
    """A file that holds one list, named as its file."""
    source = only(path, statute_yaml(path), {"citation", "sections"}, BESIDE)
    return section_list_of(path, path.stem, source)


def section_list_of(
    path: Path, name: str, source: Located, neighbours: frozenset[str] = frozenset()
) -> SectionList:
    """The list of a mapping with ``citation`` and ``sections``; ``attempts`` and ``conspiracies`` as listed."""
    citation = text(path, source, "citation")
    return SectionList(name, citation, entries(path, source, citation), neighbours)


def entries(path: Path, source: Located, citation: str, key: str = "sections") -> tuple[ListedSection, ...]:
    """The entries of a list at that key."""
    beside = {word: _yes_or_no(path, source, word, False) for word in sorted(BESIDE)}
    return tuple(_entry(path, source, entry, citation, beside) for entry in items(path, source, key))


def section(path: Path, within: Located, key: str) -> Any:
    """A section as our own files write it. Raises WrongFile."""
    try:
        return read_section(within[key])
    except ValueError as error:
        raise at(path, within, key, str(error)) from error


def _entry(path: Path, around: Located, source: Any, citation: str, beside: dict[str, bool]) -> ListedSection:
    if not isinstance(source, Located):
        raise at(path, around, "sections", f"{{section: PC 187}} is expected, not {source!r}")
    only(path, source, {"section"}, ENTRY)
    return listed_section(path, source, citation, beside)


def listed_section(path: Path, source: Located, citation: str, beside: Mapping[str, bool]) -> ListedSection:
    """One entry of a list, its keys checked already."""
    words = {word: _yes_or_no(path, source, word, value) for word, value in beside.items()}
    window = {word: day(path, source, word) for word in WINDOW & set(source)}
    return ListedSection(
        section=section(path, source, "section"),
        citation=text(path, source, "citation") if "citation" in source else citation,
        through=section(path, source, "through") if "through" in source else None,
        but_not=tuple(_subdivisions(path, source, one) for one in items(path, source, "but_not"))
        if "but_not" in source
        else (),
        elements=elements(path, source),
        felonies_only=_yes_or_no(path, source, "felonies_only", False),
        attempts=words.get("attempts", False),
        conspiracies=words.get("conspiracies", False),
        committed_from=window.get("committed_from", date.min),
        committed_before=window.get("committed_before", date.max),
    )


def elements(path: Path, source: Located, key: str = "elements") -> tuple[tuple[FactCode, str], ...]:
    """Facts of the vocabulary with a value each: ``force`` (yes), or ``victim_age is under_14``."""
    return tuple(_element(path, source, key, one) for one in texts(path, source, key))


def facts_of(path: Path, source: Located, key: str) -> tuple[FactCode, ...]:
    """Facts that are answered by yes or no."""
    return tuple(fact for fact, _ in elements(path, source, key))


def _element(path: Path, source: Located, key: str, written: str) -> tuple[FactCode, str]:
    fact, _, value = written.partition(" is ")
    known = FACTS.get(cast(FactCode, fact))
    value = value or "yes"
    if known is None or value not in known.values:
        raise at(path, source, key, f"{key}: a fact of the vocabulary is expected, not {written!r}")
    return cast(FactCode, fact), value


def _subdivisions(path: Path, source: Located, written: Any) -> tuple[str, ...]:
    if not isinstance(written, str) or not SUBDIVISIONS.fullmatch(written):
        raise at(path, source, "but_not", f"subdivisions like '(a)(5)' are expected, not {written!r}")
    return tuple(re.findall(r"\((\w+)\)", written))


def _yes_or_no(path: Path, source: Located, word: str, without: bool) -> bool:
    value = source.get(word, without)
    if not isinstance(value, bool):
        raise at(path, source, word, f"{word}: true or false is expected, not {value!r}")
    return value
