"""One subject in the peer's terms: the added columns of each conviction's row, and what the summary counts. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import Conviction, HistoryChanged
from reliefstream_contracts.vocabulary.california_codes import AMENDED_BY_PROPOSITION_64
from services.eligibility.comparison.record_left import Kind, cleared, on_record
from services.eligibility.law.engine.calendar import add_years
from services.eligibility.law.engine.judge import judge
from services.eligibility.law.engine.policy import Policy
from services.eligibility.law.input.facts import Facts
from services.eligibility.law.input.judged_conviction import Case, County, is_certain
from services.eligibility.law.input.statute import Statute
from services.eligibility.law.statutes.health_and_safety.hs_article_2 import coverage
from services.eligibility.law.statutes.prior_convictions.pc_290_c import registrable_offense
from services.eligibility.law.statutes.prior_convictions.pc_667_e_2_c_iv import super_strike

Row = tuple[str, int, str]
"""File, row, and the added columns in one text; the charges in comments are the row's own and left blank here."""
BETWEEN = "\x00"
"""Between the added columns, none of which has it."""


class Subject(NamedTuple):
    """Plain values, as they cross processes. Counts by section have '' where 11361.8 reaches none for certain."""

    rows: tuple[Row, ...]
    in_doj: bool
    convictions: int
    in_county: int
    prop_64: Counter[str]
    """Convictions that HS 11361.8 reaches in any county, by section."""
    judged: Counter[tuple[str, str, str, str, str]]
    """Determinations by section, level, outcome, label and reason."""
    not_in_doj: int
    """Determinations that only a court's record is behind: they stand in none of the files."""
    earliest: date | None
    """The earliest Prop 64 conviction in the county."""
    has: frozenset[Kind]
    cleared: frozenset[Kind]
    cleared_by_all: frozenset[Kind]
    """What would be left of it if every conviction that may be dismissed were."""


class Terms(NamedTuple):
    """By what a subject is looked at; ``dismiss_all`` is the policy that dismisses whatever may be."""

    county: County
    statute: Statute
    dismiss_all: Policy
    as_of: date


def subject(history: HistoryChanged, determinations: Sequence[Determination], terms: Terms) -> Subject:
    """What the reports need of one history; ``determinations`` are those of the county's policy."""
    county, statute, dismiss_all, as_of = terms
    covered = {one.conviction_id: _section(one, statute) for one in history.convictions}
    certain = [one for one in history.convictions if is_certain(one)]
    found = {one.conviction_id: one for one in determinations}
    everything = judge(history, county, dismiss_all, statute, as_of)
    under_all = {one.conviction_id: one.outcome for one in everything}
    under_policy = {one.conviction_id: one.outcome for one in determinations}
    own = [one for one in certain if one.county == county.name]
    dates = [one.conviction_date for one in own if covered[one.conviction_id] and one.conviction_date]
    shared = _shared(history, certain, [covered[one.conviction_id] for one in certain], terms)
    return Subject(
        rows=tuple(
            (
                ref.file_sha256,
                ref.file_row,
                BETWEEN.join(_columns(one, found[one.conviction_id], shared, terms)),
            )
            for one in history.convictions
            if one.conviction_id in found
            for ref in one.counts
            if ref.source == "doj" and ref.file_sha256 is not None and ref.file_row is not None
        ),
        in_doj=history.rap_sheet != "none",
        convictions=len(certain),
        in_county=len(own),
        prop_64=Counter(section for one in certain if (section := covered[one.conviction_id])),
        judged=Counter(
            (
                covered[one.conviction_id],
                one.level or "",
                one.outcome,
                one.determination_label,
                one.reason_label,
            )
            for one in determinations
        ),
        not_in_doj=sum(one.source == "court" for one in determinations),
        earliest=min(dates, default=None),
        has=on_record(history, under_policy, as_of),
        cleared=cleared(history, under_policy, as_of),
        cleared_by_all=cleared(history, under_all, as_of),
    )


def years_since(on: date | None, as_of: date) -> str:
    """Calendar years with one decimal, cut: 10.0 from the anniversary on. Blank when unknown or still to come."""
    if on is None or on > as_of:
        return ""
    years = as_of.year - on.year
    last = add_years(on, years)
    while last is None or last > as_of:
        years -= 1
        last = add_years(on, years)
    following = add_years(on, years + 1)
    tenths = (as_of - last).days * 10 // (following - last).days if following else 0
    return f"{years}.{tenths}"


class _Shared(NamedTuple):
    """What is the same for all convictions of a subject."""

    convictions: str
    latest: str
    strikes: str
    registrable: str
    registered: str
    sections: tuple[str, ...]
    deceased: str


def _shared(
    history: HistoryChanged, certain: Sequence[Conviction], sections: Sequence[str], terms: Terms
) -> _Shared:
    county, statute, _, as_of = terms
    standing = list(Case(history, certain[0], county, statute, as_of).standing()) if certain else []
    facts, strike, sex_offense = Facts(history), statute.super_strikes, statute.registrable
    strikes = [one for one in certain if super_strike(one, standing, strike, facts).finding == "met"]
    listed = [one for one in certain if registrable_offense(one, sex_offense, facts).finding == "met"]
    days = [one.conviction_date for one in certain]
    known = [day for day in days if day is not None]
    counts = Counter(sections)
    by_section = [counts[section] for section in AMENDED_BY_PROPOSITION_64]
    died = history.deceased and (history.deceased_on is None or history.deceased_on <= as_of)
    return _Shared(
        convictions=str(len(certain)),
        latest=years_since(max(known), as_of) if known and len(known) == len(days) else "",
        strikes=_listed(strikes),
        registrable=_listed(listed),
        registered="Yes" if history.registrations else "-",
        sections=tuple(map(str, (sum(by_section), *by_section))),
        deceased="Deceased" if died else "-",
    )


def _columns(conviction: Conviction, found: Determination, shared: _Shared, terms: Terms) -> tuple[str, ...]:
    on, as_of = conviction.conviction_date, terms.as_of
    number = found.source_case_numbers.get("doj") or found.case_number or ""
    after = "" if on is None else "Y" if on >= terms.statute.relief.in_force else "N"
    return (
        *(number, shared.convictions, "", after, shared.strikes, shared.registrable, shared.registered),
        *(f"{on:%m/%d/%Y}" if on else "", years_since(on, as_of), shared.latest, *shared.sections),
        *(shared.deceased, found.determination_label, found.reason_label),
    )


def _section(conviction: Conviction, statute: Statute) -> str:
    """The section in today's numbering, without subdivisions; empty unless 11361.8 reaches it for certain."""
    section = coverage(conviction, statute.article_two).section
    return section.section if section is not None else ""


def _listed(convictions: Sequence[Conviction]) -> str:
    return ";".join(dict.fromkeys(str(one.offense) for one in convictions)) or "-"
