"""One person under several policies: each conviction's outcomes side by side, and what stays on record. Pure."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from reliefstream_contracts.determinations import Determination
from reliefstream_contracts.histories import HistoryChanged
from services.eligibility.comparison.record_left import Kind, cleared, on_record
from services.eligibility.law.engine.judge import judge
from services.eligibility.law.engine.policy import Policy
from services.eligibility.law.input.judged_conviction import WRONG, County, is_in_doubt
from services.eligibility.law.input.statute import Statute

UNKNOWN = "unknown"
AGES = ((21, "under 21"), (30, "21 to 29"), (40, "30 to 39"), (50, "40 to 49"), (60, "50 to 59"))
OLDEST, DECEASED = "60 and older", "deceased"
SEXES = {"M": "male", "F": "female", "X": "nonbinary"}
PREFIX = re.compile(r"^(PC 664|PC 182|PC 32)/")


class Verdict(NamedTuple):
    """What one policy comes to on one conviction; ``not_judged`` where it does not look at it."""

    outcome: str
    route: str = ""
    reason: str = ""
    determination_label: str = ""
    reason_label: str = ""
    legal_minimum: str = ""

    @property
    def result(self) -> str:
        """Outcome and who acts, in words: two verdicts of one result are no change."""
        words = self.outcome.replace("_", " ")
        return f"{words} (city)" if self.route.startswith("city_attorney") else words


NOT_JUDGED = Verdict("not_judged")


class Judged(NamedTuple):
    """A conviction with a verdict for each policy, and where its record stands, as in determinations.csv."""

    county: str
    source: str
    file_sha256: str
    source_row: int | None
    source_subject_id: str
    cii_number: str
    case_number: str
    section: str
    section_group: str
    level: str
    disposition_date: str
    verdicts: tuple[Verdict, ...]


class Person(NamedTuple):
    """Plain values only, as they cross processes; no name and no birth date."""

    race: str
    sex: str
    age: str
    judged: tuple[Judged, ...]
    has: frozenset[Kind]
    cleared: tuple[frozenset[Kind], ...]
    """For each policy, what the person would have on record no more."""


def compared(
    history: HistoryChanged, county: County, policies: Sequence[Policy], statute: Statute, as_of: date
) -> Person | None:
    """The person under each policy, in their order; None when none of them judges anything of the person's."""
    found = [
        {one.conviction_id: one for one in judge(history, county, policy, statute, as_of)}
        for policy in policies
    ]
    ids = sorted({identity for one in found for identity in one}, key=str)
    if history.retired_into is not None or not ids:
        return None
    outcomes = [{identity: one.outcome for identity, one in under.items()} for under in found]
    already = {identity: outcome for under in reversed(outcomes) for identity, outcome in under.items()}
    return Person(
        race=(history.race or UNKNOWN).lower(),
        sex=SEXES.get(history.sex or UNKNOWN, UNKNOWN),
        age=age_band(history, as_of),
        judged=tuple(_judged([under.get(identity) for under in found], statute) for identity in ids),
        has=on_record(history, already, as_of),
        cleared=tuple(cleared(history, under, as_of) for under in outcomes),
    )


def age_band(history: HistoryChanged, as_of: date) -> str:
    """The band of the person's age on the day; of one who has died: ``deceased``."""
    if history.deceased and (history.deceased_on is None or history.deceased_on <= as_of):
        return DECEASED
    born = history.birth_date
    if born is None or born > as_of or is_in_doubt(history.doubts, "birth_date", WRONG):
        return UNKNOWN
    age = as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))
    return next((band for below, band in AGES if age < below), OLDEST)


def section_group(section: str, statute: Statute) -> str:
    """A section in today's numbering, without subdivisions and attempt; lines that name several are one group."""
    bare = PREFIX.sub("", section)
    if not bare:
        return "unreadable"
    if "/" in bare:
        return "several sections"
    number = bare.split("(", 1)[0]
    became = {f"HS {old.section}": f"HS {old.became}" for old in statute.article_two.predecessors}
    return became.get(number, number)


def _judged(under: Sequence[Determination | None], statute: Statute) -> Judged:
    one = next(found for found in under if found is not None)
    return Judged(
        county=one.county,
        source=one.source,
        file_sha256=one.file_sha256 or "",
        source_row=one.source_row,
        source_subject_id=one.source_subject_id or "",
        cii_number=one.cii_number or "",
        case_number=one.case_number or "",
        section=one.section,
        section_group=section_group(one.section, statute),
        level=one.level or "",
        disposition_date=one.disposition_date.isoformat() if one.disposition_date else "",
        verdicts=tuple(map(_verdict, under)),
    )


def _verdict(found: Determination | None) -> Verdict:
    if found is None:
        return NOT_JUDGED
    route = found.route or ""
    return Verdict(
        outcome=found.outcome,
        route=f"{route}:{found.city}" if found.city else route,
        reason=found.reason,
        determination_label=found.determination_label,
        reason_label=found.reason_label,
        legal_minimum=found.legal_minimum or "",
    )
