"""HS 11361.8 and 11361.9: relief that was granted, and the least that the statute compels, uncontested."""

from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple, get_args

from reliefstream_contracts.identifiers import Source
from reliefstream_contracts.vocabulary.offense import CodeSection, Level
from reliefstream_contracts.vocabulary.stated_facts import FactCode
from services.eligibility.law.conditions.sentence_end import sentence_end
from services.eligibility.law.engine.calendar import next_flip
from services.eligibility.law.engine.finding import Answer, CitedTest, Finding
from services.eligibility.law.engine.minimum import RANK, Minimum
from services.eligibility.law.engine.whatever_the_day import whatever_the_day
from services.eligibility.law.input.judged_conviction import Case, is_in_doubt
from services.eligibility.law.input.section_list import KEPT
from services.eligibility.law.input.statute import Compelled, Relief, ReliefRow
from services.eligibility.law.statutes.health_and_safety.age_at_offense import reached_at_offense
from services.eligibility.law.statutes.health_and_safety.hs_11358_to_11360_felony import felony_today
from services.eligibility.law.statutes.health_and_safety.hs_article_2 import is_subdivision_missing

OF_11361_8 = frozenset({"hs_11361_8_dismissal", "hs_11361_8_redesignation"})
SAID = {True: "yes", False: "no", None: "unknown"}


def relief_shown(case: Case) -> tuple[tuple[Source, ...], CitedTest | None]:
    """The sources that show relief under 11361.8, and the test; empty and None when none does. Empty with a test where
    a statement says that it was granted."""
    citation, reliefs = case.statute.relief.citation, case.conviction.later_relief
    shown = [shown for shown in reliefs if shown.relief.kind in OF_11361_8] if reliefs else []
    if not shown:
        return (), _relief_stated(case)
    facts = {
        "shown": [
            {"source": s.source, "kind": s.relief.kind, "on": s.relief.on and s.relief.on.isoformat()}
            for s in shown
        ]
    }
    sources = {s.source for s in shown} | set(case.conviction.sealed_by)
    return tuple(sorted(sources)), CitedTest("relief_shown", "met", citation, facts)


def _relief_stated(case: Case) -> CitedTest | None:
    """The test that somebody stated relief that no record shows; asked for where the record speaks of it without saying
    that it was granted."""
    own, asked = case.conviction, is_in_doubt(case.conviction.doubts, "later_relief")
    granted = (case.facts.of if asked else case.facts.stated)(own, "relief_granted")
    if granted in {None, "none"}:
        return None
    return CitedTest("relief_stated", "met", case.statute.relief.citation, {"relief": granted})


def other_relief(case: Case) -> CitedTest | None:
    """The test that relief of another law is on record, which does not seal and changes nothing here (I-15, I-24)."""
    if not case.conviction.later_relief:
        return None
    shown = [
        f"{one.relief.kind} by {one.source} on {one.relief.on or 'an unknown day'}"
        for one in case.conviction.later_relief
    ]
    return CitedTest("other_relief", "met", "HS 11361.8(h)", {"relief": shown})


def record_sealed(case: Case) -> CitedTest | None:
    """The test that a source's record of the case is sealed (I-15); None when none is."""
    if not case.conviction.sealed_by:
        return None
    facts = {"sealed_by": sorted(case.conviction.sealed_by)}
    return CitedTest("record_sealed_or_destroyed", "met", "HS 11361.8(f)", facts)


@whatever_the_day
def convicted_on_or_after(case: Case, day: date) -> CitedTest:
    """Whether the conviction came on that day or later (I-22). Unknown without a conviction date."""
    citation, on = case.statute.relief.citation, case.conviction.conviction_date
    rule = f"convicted_on_or_after_{day.isoformat()}"
    if on is None:
        case.facts.turn(case.conviction, "conviction_date", day)
        doubt = next((d.kind for d in case.conviction.doubts if d.field == "conviction_date"), "missing")
        return CitedTest(rule, "unknown", citation, {"conviction_date": doubt}, unknown="conviction_date")
    return CitedTest(rule, "met" if on >= day else "not_met", citation, {"conviction_date": on.isoformat()})


def legal_minimum(case: Case, section: CodeSection) -> Minimum:
    """What the statute compels for a conviction under ``section`` (today's numbering), uncontested.

    The least that would follow from any value of a fact that the record leaves open: weight, plants (I-17). None
    for a conviction under the new law, and where the offense is or may be a felony today (``felony_today``): what
    may be compelled all the same is told. Serving or completed changes the procedure, not the least that follows
    when nobody objects (I-18).
    """
    relief, tests, may_be, _ = compelled(case, section)
    return Minimum(relief, tests, may_be, (_sentence_completed(case), *_not_on_record(case, section)))


@whatever_the_day
def compelled(case: Case, section: CodeSection) -> Minimum:
    """The legal minimum with the tests that do not turn with the day, the deciding one first."""
    convicted = convicted_on_or_after(case, case.statute.relief.in_force)
    felony, today = felony_today(case, section), _today(case, section)
    bars = (convicted, *felony.tests)
    by_day = Answer(convicted.finding, (convicted,))
    standing = next((bar for bar in (by_day, felony) if bar.finding != "not_met"), None)
    if standing is None and today.relief is not None:
        return Minimum(today.relief, (today.test, *bars))
    route = () if convicted.finding == "met" else (_petition_route(case),)
    if standing is None:
        return Minimum(None, (today.test, *bars, *route), today.may_be)
    first = next(test for test in standing.tests if test.finding == standing.finding)
    others = tuple(test for test in (today.test, *bars) if test is not first)
    closed = "met" in {convicted.finding, felony.finding}
    return Minimum(None, (first, *others, *route), None if closed else today.relief or today.may_be)


class _Today(NamedTuple):
    """What the offense would be today: the least relief, the test, and what an unknown fact leaves open."""

    relief: Compelled | None
    test: CitedTest
    may_be: Compelled | None = None


def _today(case: Case, section: CodeSection) -> _Today:
    """What the offense would be today, by level, age at the offense, and amounts where they are known."""
    rule, level = "lesser_or_no_offense_today", case.conviction.level_convicted
    facts: dict[str, str] = {"level": level or "unknown"}
    if level is None:
        unknown = CitedTest(rule, "unknown", case.statute.relief.citation, facts, unknown="level")
        return _Today(None, unknown, _at_any_level(case, section))
    rows, missing = _rows(case, section, level)
    if not rows:
        return _below(case, section, level, CitedTest(rule, "not_met", case.statute.relief.citation, facts))
    row, *larger = rows
    adult = reached_at_offense(case, case.statute.relief.adult_age)
    grown = reached_at_offense(case, case.statute.relief.minor_age)
    if row.adult != row.otherwise:
        facts["adult_at_offense"] = SAID[adult]
    if row.minor != row.otherwise:
        facts["grown_at_offense"] = SAID[grown]
    relief = _compelled(row, adult, grown)
    if relief is not None:
        return _Today(relief, CitedTest(rule, "met", row.citation, facts | {"least_relief": relief}))
    by_age = max(_by_any_age(row, adult, grown), key=lambda one: RANK[one])
    by_amount = [_compelled(one, adult, grown) for one in larger]
    may_be = max((by_age, *by_amount), key=lambda one: RANK[one])
    missing = "age_at_offense" if by_age is not None else missing
    finding: Finding = "not_met" if may_be is None else "unknown"
    test = CitedTest(rule, finding, row.citation, facts, unknown=missing if may_be else None)
    return _Today(None, test, may_be)


def _below(case: Case, section: CodeSection, level: Level, none: CitedTest) -> _Today:
    """What it would be as one of the subdivisions that the record leaves out, which is then asked for."""
    of_level = (row for row in case.statute.relief.rows if row.level == level and not row.elements)
    rows = [row for row in of_level if row.section.section == section.section]
    may_be = _most(case, rows) if rows and is_subdivision_missing(case, section) else None
    if may_be is None:
        return _Today(None, none)
    return _Today(None, none._replace(finding="unknown", unknown="section"), may_be)


def _at_any_level(case: Case, section: CodeSection) -> Compelled | None:
    """The most that could follow if the level were known."""
    return _most(case, [row for level in get_args(Level) for row in _rows(case, section, level)[0]])


def _most(case: Case, rows: list[ReliefRow]) -> Compelled | None:
    """The most that one of the rows gives, by any age that the record leaves open."""
    adult = reached_at_offense(case, case.statute.relief.adult_age)
    grown = reached_at_offense(case, case.statute.relief.minor_age)
    every = (
        relief for row in rows for relief in (_compelled(row, adult, grown), *_by_any_age(row, adult, grown))
    )
    return max(every, key=lambda one: RANK[one], default=None)


def _compelled(row: ReliefRow, adult: bool | None, grown: bool | None) -> Compelled | None:
    return row.adult if adult else row.minor if grown is False else row.otherwise


def _by_any_age(row: ReliefRow, adult: bool | None, grown: bool | None) -> list[Compelled | None]:
    """What follows for each age that the record leaves open."""
    open_still = [row.otherwise]
    open_still += [row.adult] if adult is None else []
    open_still += [row.minor] if grown is None else []
    return open_still


def _rows(case: Case, section: CodeSection, level: Level) -> tuple[list[ReliefRow], FactCode | None]:
    """The row that holds for the level, of the longest listed section that covers this one, then those
    that would hold if an unknown amount were known; with that amount."""
    certain: list[ReliefRow] = []
    maybe: list[ReliefRow] = []
    missing: FactCode | None = None
    for row in _fitting(case.statute.relief, section, level):
        if not row.elements:
            certain.append(row)
            continue
        values = {fact: case.facts.of(case.conviction, fact) for fact, _ in row.elements}
        if all(values[fact] == wanted for fact, wanted in row.elements):
            certain.append(row)
        elif all(values[fact] in {wanted, None} for fact, wanted in row.elements):
            maybe.append(row)
            missing = next(fact for fact, value in values.items() if value is None)
    certain.sort(key=lambda row: -len(row.elements))
    return [*certain[:1], *maybe], missing


@lru_cache(maxsize=KEPT)
def _fitting(relief: Relief, section: CodeSection, level: Level) -> tuple[ReliefRow, ...]:
    """The rows of that level of the longest listed section that covers this one."""
    fitting = [
        row
        for row in relief.rows
        if (row.section.section, row.level) == (section.section, level)
        and section.subdivisions[: len(row.section.subdivisions)] == row.section.subdivisions
    ]
    longest = max((len(row.section.subdivisions) for row in fitting), default=0)
    return tuple(row for row in fitting if len(row.section.subdivisions) == longest)


def _sentence_completed(case: Case) -> CitedTest:
    """Which procedure applies: a petition while serving, an application after the sentence (I-18)."""
    statute, end = case.statute.relief, case.once(sentence_end, case.conviction)
    rule = "sentence_completed"
    if end is None:
        citation = f"{statute.completed.citation}; {statute.still_serving.citation}"
        facts = {
            "procedure_if_completed": statute.completed.procedure,
            "procedure_if_still_serving": statute.still_serving.procedure,
        }
        return CitedTest(rule, "unknown", citation, facts, unknown="sentence")
    if end <= case.as_of:
        facts = {"sentence_end": end.isoformat(), "procedure": statute.completed.procedure}
        return CitedTest(rule, "met", statute.completed.citation, facts)
    facts = {"sentence_end": end.isoformat(), "procedure": statute.still_serving.procedure}
    return CitedTest(
        rule, "not_met", statute.still_serving.citation, facts, turns_on=next_flip(case.as_of, end)
    )


def _petition_route(case: Case) -> CitedTest:
    """Where nothing is compelled for certain a court decides: on which form it is asked (I-63)."""
    statute = case.statute.relief
    facts = {
        "form": statute.forms.application,
        "proof_of_service": statute.forms.proof_of_service,
        "prosecution": statute.forms.prosecution,
        "order": statute.forms.order,
    }
    return CitedTest(
        "petition_route", "met", f"{statute.still_serving.citation}; {statute.completed.citation}", facts
    )


def limits(case: Case) -> CitedTest:
    """What a dismissal or a redesignation does not do: federal law, immigration, firearms."""
    return _limits(case.statute.relief.limits_citation)


@cache
def _limits(citation: str) -> CitedTest:
    return CitedTest("limits", "met", citation, {"not_reached": ["federal law", "immigration", "firearms"]})


def _not_on_record(case: Case, section: CodeSection) -> tuple[CitedTest, ...]:
    """What no record shows of an offense of that section, and which way the presumption runs (I-17)."""
    presumption = case.statute.relief.presumption
    unknown = presumption.not_on_record.get(section.section)
    if unknown is None:
        return ()
    facts = {"not_on_record": list(unknown), "presumed": presumption.says}
    return (CitedTest("amounts_and_ages", "unknown", presumption.citation, facts, unknown="amounts"),)
