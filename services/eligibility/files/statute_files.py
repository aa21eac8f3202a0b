"""Reads the statutes' files into the law's own types."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from services.chassis.settings.located_yaml import Located, at, only
from services.eligibility.files.currency import STATUTE, statute_yaml
from services.eligibility.files.file_fields import day, items, number, text, texts
from services.eligibility.files.section_list_files import (
    BESIDE,
    elements,
    entries,
    facts_of,
    listed_section,
    section,
    section_file,
    section_list_of,
)
from services.eligibility.law.input.section_list import ListedSection, SectionList
from services.eligibility.law.input.statute import (
    ArticleTwo,
    AutomaticRelief,
    Clause,
    Clock,
    Destroyed,
    FelonyAlternative,
    FelonyToday,
    Forms,
    Predecessor,
    Presumption,
    Priors,
    Procedure,
    Registrable,
    Relief,
    ReliefRow,
    Statute,
    SuperStrikes,
)

RELIEF = ("dismissal", "redesignation", None)
LEVELS = ("felony", "misdemeanor", "infraction")
LISTED = {"citation", "sections"}
CLAUSES = {"registration", "supervision", "serving_or_charged", "prison", "probation", "lesser", "felony"}


@cache
def load_statute(directory: Path = STATUTE) -> Statute:
    """The statutes as the files say. Raises WrongFile with file, line and what is wrong."""
    return Statute(
        fingerprint=_fingerprint(directory),
        article_two=_article_two(directory / "hs_article_2.yaml"),
        relief=_relief(directory / "hs_11361_8.yaml"),
        super_strikes=_super_strikes(directory / "pc_667_e_2_c_iv.yaml"),
        registrable=_registrable(directory / "pc_290_c.yaml"),
        destroyed=_destroyed(directory / "hs_11361_5.yaml"),
        clock=_clock(directory / "hs_11361_9.yaml"),
        priors=Priors(section_file(directory / "hs_11358_to_11360_priors.yaml")),
        felony_today=_felony_today(directory / "hs_11358_to_11360_felony.yaml"),
        automatic_relief=_automatic_relief(directory),
    )


def _fingerprint(directory: Path) -> str:
    files = b"".join(path.read_bytes() for path in sorted(directory.glob("*.yaml")))
    return sha256(files).hexdigest()[:16]


def _relief(path: Path) -> Relief:
    keys = {
        "version",
        "citation",
        "still_serving",
        "completed",
        "forms",
        "limits",
        "presumption",
        "in_force",
        "adult_age",
        "minor_age",
    }
    source = only(path, statute_yaml(path), keys | {"rows", "not_on_record"})
    presumption = only(path, source["presumption"], {"citation", "says"})
    not_on_record = {}
    for entry in items(path, source, "not_on_record"):
        only(path, entry, {"section", "facts"})
        not_on_record[section(path, entry, "section").section] = texts(path, entry, "facts")
    return Relief(
        version=text(path, source, "version"),
        citation=text(path, source, "citation"),
        still_serving=_procedure(path, source["still_serving"]),
        completed=_procedure(path, source["completed"]),
        forms=_forms(path, source["forms"]),
        limits_citation=text(path, only(path, source["limits"], {"citation"}), "citation"),
        presumption=Presumption(
            text(path, presumption, "citation"), text(path, presumption, "says"), not_on_record
        ),
        in_force=day(path, source, "in_force"),
        adult_age=number(path, source, "adult_age", 1, 120),
        minor_age=number(path, source, "minor_age", 1, 120),
        rows=tuple(_relief_row(path, row) for row in items(path, source, "rows")),
    )


def _destroyed(path: Path) -> Destroyed:
    source = only(path, statute_yaml(path), LISTED | {"minors_under", "of_minors"})
    citation = text(path, source, "citation")
    of_minors = entries(path, source, citation, "of_minors")
    return Destroyed(
        listed=section_list_of(path, path.stem, source),
        minors_under=number(path, source, "minors_under", 1, 120),
        of_minors=SectionList("of_minors", citation, of_minors),
    )


def _clock(path: Path) -> Clock:
    days = {"challenge_until", "orders_due", "records_due"}
    source = only(path, statute_yaml(path), days | {"citation"})
    return Clock(citation=text(path, source, "citation"), **{name: day(path, source, name) for name in days})


def _felony_today(path: Path) -> FelonyToday:
    source = only(path, statute_yaml(path), {"citation", "from_age", "alternatives"})
    citation = text(path, source, "citation")
    alternatives = []
    for one in items(path, source, "alternatives"):
        only(path, one, {"section", "also", "citation"}, frozenset({"elements", "but_not"}))
        also = tuple(facts_of(path, one, "also"))
        alternatives.append(FelonyAlternative(listed_section(path, one, citation, {}), also))
    return FelonyToday(citation, number(path, source, "from_age", 1, 120), tuple(alternatives))


def _forms(path: Path, source: Any) -> Forms:
    names = {"application", "proof_of_service", "prosecution", "order", "juvenile"}
    given = only(path, source, names)
    return Forms(**{name: text(path, given, name) for name in names})


def _procedure(path: Path, source: Any) -> Procedure:
    only(path, source, {"citation", "procedure"})
    return Procedure(text(path, source, "citation"), text(path, source, "procedure"))


def _relief_row(path: Path, source: Any) -> ReliefRow:
    only(
        path, source, {"section", "level", "adult", "otherwise", "citation"}, frozenset({"minor", "elements"})
    )
    for key, allowed in (("adult", RELIEF), ("otherwise", RELIEF), ("minor", RELIEF), ("level", LEVELS)):
        if key in source and source[key] not in allowed:
            raise at(path, source, key, f"{key}: one of {', '.join(map(str, allowed))} is expected")
    cited = text(path, source, "citation")
    return ReliefRow(
        section(path, source, "section"),
        source["level"],
        adult=source["adult"],
        minor=source.get("minor", source["otherwise"]),
        otherwise=source["otherwise"],
        citation=cited,
        elements=elements(path, source),
    )


def _article_two(path: Path) -> ArticleTwo:
    keys = {"citation", "named", "covered", "uncovered", "enhancements", "redrawn"}
    source = only(path, statute_yaml(path), keys | {"predecessors", "renumbered_on"})
    redrawn = only(path, source["redrawn"], {"sections", "operative"})
    predecessors = []
    for old in items(path, source, "predecessors"):
        only(path, old, {"section", "became", "citation"})
        predecessors.append(Predecessor(**{key: text(path, old, key) for key in old}))

    def listed(key: str) -> SectionList:
        citation = text(path, source, "citation")
        return SectionList(key, citation, entries(path, source, citation, key))

    return ArticleTwo(
        citation=text(path, source, "citation"),
        named=listed("named"),
        covered=listed("covered"),
        uncovered=listed("uncovered"),
        enhancements=listed("enhancements"),
        predecessors=tuple(predecessors),
        renumbered_on=day(path, source, "renumbered_on"),
        redrawn=frozenset(texts(path, redrawn, "sections")),
        redrawn_on=day(path, redrawn, "operative"),
    )


def _super_strikes(path: Path) -> SuperStrikes:
    keys = {"citation", "groups", "gang_enhancement", "with_gang_enhancement", "life_term_citation"}
    source = only(path, statute_yaml(path), keys)
    listed: list[ListedSection] = []
    for group in items(path, source, "groups"):
        only(path, group, LISTED, BESIDE)
        listed += entries(path, group, text(path, group, "citation"))
    gang = only(path, source["with_gang_enhancement"], LISTED)
    citation = text(path, gang, "citation")
    return SuperStrikes(
        listed=SectionList(path.stem, text(path, source, "citation"), tuple(listed)),
        gang_enhancement=SectionList(
            "gang_enhancement", citation, entries(path, source, citation, "gang_enhancement")
        ),
        with_gang_enhancement=section_list_of(path, "with_gang_enhancement", gang),
        life_term_citation=text(path, source, "life_term_citation"),
    )


def _registrable(path: Path) -> Registrable:
    source = only(path, statute_yaml(path), LISTED | BESIDE | {"neighbours", "duties"})
    neighbours = frozenset(texts(path, source, "neighbours"))
    duties = only(path, source["duties"], LISTED)
    return Registrable(
        listed=section_list_of(path, path.stem, source, neighbours),
        duties=section_list_of(path, "duties", duties),
    )


def _automatic_relief(directory: Path) -> AutomaticRelief:
    path, serious = directory / "pc_1203_425.yaml", directory / "pc_1192_7_c.yaml"
    source = only(path, statute_yaml(path), {"version", "citation", "relief", "clauses"})
    clauses = only(path, source["clauses"], CLAUSES)
    lists = only(serious, statute_yaml(serious), {"serious", "may_be_serious", "without_injury_or_weapon"})
    return AutomaticRelief(
        version=text(path, source, "version"),
        citation=text(path, source, "citation"),
        relief=text(path, source, "relief"),
        violent=section_file(directory / "pc_667_5_c.yaml"),
        serious=_serious(serious, lists, "serious"),
        may_be_serious=_serious(serious, lists, "may_be_serious"),
        without_injury_or_weapon=_serious(serious, lists, "without_injury_or_weapon"),
        **{name: _clause(path, clauses[name]) for name in clauses},
    )


def _clause(path: Path, source: Any) -> Clause:
    only(path, source, {"citation"}, frozenset({"convicted_from", "years", "in_force"}))
    days = {key: day(path, source, key) for key in ("convicted_from", "in_force") if key in source}
    years = number(path, source, "years", 1, 50) if "years" in source else 0
    return Clause(citation=text(path, source, "citation"), years=years, **days)


def _serious(path: Path, source: Located, key: str) -> SectionList:
    return section_list_of(path, key, only(path, source[key], LISTED, BESIDE))
