"""Reads the statute's files into the law's own types."""

import re
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from services.eligibility.law.section_list import ListedSection, SectionList, read_section
from services.eligibility.law.statute import (
    ArticleTwo,
    Predecessor,
    Priors,
    Registrable,
    Relief,
    ReliefRow,
    Statute,
    SuperStrikes,
)
from services.eligibility.located_yaml import Located, at, only, read_yaml

STATUTE = Path(__file__).parent / "statute"
RELIEF = {"dismissal", "redesignation", None}
ENTRY = frozenset({"citation", "through", "but_not", "attempts"})


@cache
def load_statute(directory: Path = STATUTE) -> Statute:
    """The statute as the files say. Raises WrongFile with file, line and what is wrong."""
    relief_file = directory / "hs_11361_8.yaml"
    keys = {"version", "citation", "still_serving", "completed", "in_force", "adult_age", "rows"}
    relief = only(relief_file, read_yaml(relief_file), keys)
    return Statute(
        version=relief["version"],
        fingerprint=_fingerprint(directory),
        article_two=_article_two(directory / "hs_article_2.yaml"),
        relief=Relief(
            citation=relief["citation"],
            still_serving=relief["still_serving"],
            completed=relief["completed"],
            in_force=_day(relief_file, relief, "in_force"),
            adult_age=relief["adult_age"],
            rows=tuple(_relief_row(relief_file, row) for row in relief["rows"]),
        ),
        super_strikes=_super_strikes(directory / "pc_667_e_2_c_iv.yaml"),
        registrable=_registrable(directory / "pc_290_c.yaml"),
        destroyed=_section_file(directory / "hs_11361_5.yaml"),
        priors=Priors(_section_file(directory / "hs_11358_to_11360_priors.yaml")),
    )


def _fingerprint(directory: Path) -> str:
    files = b"".join(path.read_bytes() for path in sorted(directory.glob("*.yaml")))
    return sha256(files).hexdigest()[:16]


def _article_two(path: Path) -> ArticleTwo:
    keys = {"citation", "named", "covered", "uncovered", "enhancements", "redrawn"}
    source = only(path, read_yaml(path), keys | {"predecessors", "renumbered_on"})
    redrawn = only(path, source["redrawn"], {"sections", "operative"})
    predecessors = [only(path, old, {"section", "became", "citation"}) for old in source["predecessors"]]
    return ArticleTwo(
        citation=source["citation"],
        named=_list(path, "named", source["citation"], source["named"]),
        covered=_list(path, "covered", source["citation"], source["covered"]),
        uncovered=_list(path, "uncovered", source["citation"], source["uncovered"]),
        enhancements=_list(path, "enhancements", source["citation"], source["enhancements"]),
        predecessors=tuple(Predecessor(**old) for old in predecessors),
        renumbered_on=_day(path, source, "renumbered_on"),
        redrawn=frozenset(redrawn["sections"]),
        redrawn_on=_day(path, redrawn, "operative"),
    )


def _super_strikes(path: Path) -> SuperStrikes:
    keys = {"citation", "groups", "gang_enhancement", "with_gang_enhancement", "life_term_citation"}
    source = only(path, read_yaml(path), keys)
    entries: list[ListedSection] = []
    for group in source["groups"]:
        only(path, group, {"citation", "sections"}, frozenset({"attempts"}))
        entries += _entries(path, group["sections"], group["citation"], group.get("attempts", False))
    gang = only(path, source["with_gang_enhancement"], {"citation", "sections"})
    return SuperStrikes(
        listed=SectionList(path.stem, source["citation"], tuple(entries)),
        gang_enhancement=_list(path, "gang_enhancement", gang["citation"], source["gang_enhancement"]),
        with_gang_enhancement=_list(path, "with_gang_enhancement", gang["citation"], gang["sections"]),
        life_term_citation=source["life_term_citation"],
    )


def _registrable(path: Path) -> Registrable:
    keys = {"citation", "attempts", "sections", "neighbours", "duties"}
    source = only(path, read_yaml(path), keys)
    duties = only(path, source["duties"], {"citation", "sections"})
    return Registrable(
        listed=SectionList(
            path.stem,
            source["citation"],
            _entries(path, source["sections"], source["citation"], source["attempts"]),
            neighbours=frozenset(source["neighbours"]),
        ),
        duties=_list(path, "duties", duties["citation"], duties["sections"]),
    )


def _section_file(path: Path) -> SectionList:
    source = only(path, read_yaml(path), {"citation", "sections"})
    return _list(path, path.stem, source["citation"], source["sections"])


def _list(path: Path, name: str, citation: str, sections: list[Any]) -> SectionList:
    return SectionList(name, citation, _entries(path, sections, citation, False))


def _entries(path: Path, sections: list[Any], citation: str, attempts: bool) -> tuple[ListedSection, ...]:
    return tuple(_entry(path, section, citation, attempts) for section in sections)


def _entry(path: Path, source: Any, citation: str, attempts: bool) -> ListedSection:
    only(path, source, {"section"}, ENTRY)
    try:
        return ListedSection(
            section=read_section(source["section"]),
            citation=source.get("citation", citation),
            through=read_section(source["through"]) if "through" in source else None,
            but_not=tuple(tuple(re.findall(r"\((\w+)\)", less)) for less in source.get("but_not", ())),
            attempts=source.get("attempts", attempts),
        )
    except ValueError as error:
        raise at(path, source, "section", str(error)) from error


def _relief_row(path: Path, source: Any) -> ReliefRow:
    only(path, source, {"section", "level", "adult", "otherwise", "citation"})
    if not {source["adult"], source["otherwise"]} <= RELIEF:
        raise at(path, source, "adult", "relief is dismissal, redesignation or null")
    try:
        section = read_section(source["section"])
    except ValueError as error:
        raise at(path, source, "section", str(error)) from error
    return ReliefRow(section, source["level"], source["adult"], source["otherwise"], source["citation"])


def _day(path: Path, source: Located, key: str) -> date:
    value = source[key]
    if not isinstance(value, date):
        raise at(path, source, key, f"{key}: a date like 2016-11-09 is expected, not {value!r}")
    return value
