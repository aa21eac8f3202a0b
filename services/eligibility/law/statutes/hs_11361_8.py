"""HS 11361.8 and 11361.9: relief that was granted, and the least that the statute compels, uncontested."""

from datetime import date

from reliefstream_contracts.identifiers import Source
from reliefstream_contracts.offense import CodeSection
from services.eligibility.law.conditions.sentence_end import sentence_end
from services.eligibility.law.engine.calendar import add_years, next_flip
from services.eligibility.law.engine.case import Case
from services.eligibility.law.engine.finding import CitedTest, Finding
from services.eligibility.law.engine.minimum import Compelled, Minimum
from services.eligibility.law.engine.statute import ReliefRow
from services.eligibility.law.engine.whatever_the_day import whatever_the_day
from services.eligibility.law.statutes.hs_11358_to_11360_priors import earlier_same_section
from services.eligibility.law.statutes.pc_290_c import earlier_pc_290_conviction
from services.eligibility.law.statutes.pc_667_e_2_c_iv import earlier_super_strike

SAID = {True: "yes", False: "no", None: "unknown"}


def relief_shown(case: Case) -> tuple[tuple[Source, ...], CitedTest | None]:
    """The sources that show relief under 11361.8, and the test; empty and None when none does."""
    citation = case.statute.relief.citation
    kinds = {"hs_11361_8_dismissal", "hs_11361_8_redesignation"}
    shown = [shown for shown in case.conviction.later_relief if shown.relief.kind in kinds]
    if not shown:
        return (), None
    facts = {
        "shown": [
            {"source": s.source, "kind": s.relief.kind, "on": s.relief.on and s.relief.on.isoformat()}
            for s in shown
        ]
    }
    sources = {s.source for s in shown} | set(case.conviction.sealed_by)
    return tuple(sorted(sources)), CitedTest("relief_shown", "met", citation, facts)


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
        doubt = next((d.kind for d in case.conviction.doubts if d.field == "conviction_date"), "missing")
        return CitedTest(rule, "unknown", citation, {"conviction_date": doubt}, unknown="conviction_date")
    return CitedTest(rule, "met" if on >= day else "not_met", citation, {"conviction_date": on.isoformat()})


def legal_minimum(case: Case, section: CodeSection) -> Minimum:
    """What the statute compels for a conviction under ``section`` (today's numbering), uncontested.

    The least that would follow from any value of a fact that the record leaves open: weight, plants, age of
    a buyer (I-17). None when a bar is met or unknown: a conviction under the new law, a super strike, a PC
    290(c) conviction, two priors (none of them bars 11357). Serving or completed changes the procedure, not
    the least that follows when nobody objects (I-18).
    """
    statute = case.statute.relief
    row = _row(case, section)
    bars = [convicted_on_or_after(case, statute.in_force)]
    if section.section != "11357":
        bars += [
            earlier_super_strike(case),
            earlier_pc_290_conviction(case),
            earlier_same_section(case, section, 2),
        ]
    relief, would_be = _today(case, row)
    beside = (_sentence_completed(case), *_not_on_record(case, section))
    standing_in_the_way = [bar for bar in bars if bar.finding != "not_met"]
    if standing_in_the_way or relief is None:
        first = standing_in_the_way[0] if standing_in_the_way else would_be
        return Minimum(None, (first, *(test for test in (would_be, *bars, *beside) if test is not first)))
    return Minimum(relief, (would_be, *bars, *beside))


def _row(case: Case, section: CodeSection) -> ReliefRow | None:
    """The row of the longest listed section that covers this one, for the level convicted."""
    fitting = [
        row
        for row in case.statute.relief.rows_of.get((section.section, case.conviction.level_convicted), ())
        if section.subdivisions[: len(row.section.subdivisions)] == row.section.subdivisions
    ]
    return max(fitting, key=lambda row: len(row.section.subdivisions), default=None)


def _today(case: Case, row: ReliefRow | None) -> tuple[Compelled | None, CitedTest]:
    """What the offense would be today, by level and by age at the offense."""
    rule = "lesser_or_no_offense_today"
    level = case.conviction.level_convicted
    facts: dict[str, str] = {"level": level or "unknown"}
    if row is None:
        finding: Finding = "not_met" if level else "unknown"
        unknown = None if level else "level"
        return None, CitedTest(rule, finding, case.statute.relief.citation, facts, unknown=unknown)
    adult = _reached_at_offense(case, case.statute.relief.adult_age)
    grown = _reached_at_offense(case, case.statute.relief.minor_age)
    relief = row.adult if adult else row.minor if grown is False else row.otherwise
    if row.adult != row.otherwise:
        facts["adult_at_offense"] = SAID[adult]
    if row.minor != row.otherwise:
        facts["grown_at_offense"] = SAID[grown]
    if relief is None:
        open_still = row.adult or (row.minor and grown is None)
        return None, CitedTest(rule, "unknown" if open_still else "not_met", row.citation, facts)
    least: Compelled = "dismissal" if relief == "dismissal" else "redesignation"
    return least, CitedTest(rule, "met", row.citation, facts | {"least_relief": least})


def _reached_at_offense(case: Case, age: int) -> bool | None:
    """Whether the person was of that age at the offense; None when a date is unknown."""
    born, offense = case.born, case.conviction.offense_date
    if born is None or offense is None:
        return None
    reached = add_years(born, age)
    return reached is not None and offense >= reached


def _sentence_completed(case: Case) -> CitedTest:
    """Which procedure applies: a petition while serving, an application after the sentence (I-18)."""
    statute, end = case.statute.relief, sentence_end(case.conviction)
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


def _not_on_record(case: Case, section: CodeSection) -> tuple[CitedTest, ...]:
    """What no record shows of an offense of that section, and which way the presumption runs (I-17)."""
    presumption = case.statute.relief.presumption
    unknown = presumption.not_on_record.get(section.section)
    if unknown is None:
        return ()
    facts = {"not_on_record": list(unknown), "presumed": presumption.says}
    return (CitedTest("amounts_and_ages", "unknown", presumption.citation, facts, unknown="amounts"),)
