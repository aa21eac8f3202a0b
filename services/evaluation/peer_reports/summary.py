"""The peer's summary: as the sentences of its pilots, and as JSON under the names that its successor read."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.eligibility.comparison.record_left import KINDS, Kind
from services.evaluation.peer_reports.subject import Subject

RELIEVED = ("dismissal", "redesignation")
HAS: dict[Kind, str] = {
    "felony": "have a felony on their record",
    "conviction": "have convictions on their record",
    "recent conviction": "have convictions on their record in the last 7 years",
}
NO_MORE: dict[Kind, str] = {
    "felony": "had a felony will no longer have a felony on their record",
    "conviction": "had convictions will no longer have any convictions on their record",
    "recent conviction": "had convictions in the last 7 years will no longer have any convictions on their record "
    "in the last 7 years",
}
JSON_NAMES: dict[Kind, str] = {
    "felony": "CountSubjectsNoFelony",
    "recent conviction": "CountSubjectsNoConvictionLast7Years",
    "conviction": "CountSubjectsNoConviction",
}


@dataclass(slots=True)
class Summary:
    """Counts over all files of one run; numbers only, nobody is named."""

    county: str
    rows: int = 0
    refused: int = 0
    individuals: int = 0
    convictions: int = 0
    in_county: int = 0
    not_in_doj: int = 0
    with_prop_64: int = 0
    with_relief: int = 0
    earliest: date | None = None
    prop_64: Counter[str] = field(default_factory=Counter)
    judged: Counter[tuple[str, str, str, str, str]] = field(default_factory=Counter)
    has: Counter[Kind] = field(default_factory=Counter)
    cleared: Counter[Kind] = field(default_factory=Counter)
    cleared_by_all: Counter[Kind] = field(default_factory=Counter)

    def add(self, subject: Subject) -> None:
        """Counts one subject in; one that only a court knows counts where it has a determination."""
        self.individuals += subject.in_doj
        self.convictions += subject.convictions
        self.in_county += subject.in_county
        self.not_in_doj += subject.not_in_doj
        self.with_prop_64 += any(section for section, *_ in subject.judged)
        self.with_relief += any(outcome in RELIEVED for _, _, outcome, *_ in subject.judged)
        self.earliest = min(filter(None, (self.earliest, subject.earliest)), default=None)
        self.prop_64.update(subject.prop_64)
        self.judged.update(subject.judged)
        self.has.update(subject.has)
        self.cleared.update(subject.cleared)
        self.cleared_by_all.update(subject.cleared_by_all)

    def of(self, *parts: int) -> Counter[tuple[str, ...]]:
        """Determinations on Prop 64 convictions by some of section, level, outcome, label, reason (0 to 4)."""
        found: Counter[tuple[str, ...]] = Counter()
        for key, count in self.judged.items():
            if key[0]:
                found[tuple(key[part] for part in parts)] += count
        return found


def as_json(summary: Summary) -> str:
    """One JSON object with the successor's names; without its processing time, so that runs compare."""
    sections = {section: count for (section,), count in sorted(summary.of(0).items())}
    levels = {level: count for (level,), count in summary.of(1).items()}
    reasons = summary.of(2, 4)
    dismissed = {
        reason: count for (outcome, reason), count in sorted(reasons.items()) if outcome == "dismissal"
    }
    reduced = {
        reason: count for (outcome, reason), count in sorted(reasons.items()) if outcome == "redesignation"
    }
    found: dict[str, Any] = {
        "county": summary.county.upper().replace("-", " "),
        "earliestConviction": f"{summary.earliest}T00:00:00Z" if summary.earliest else None,
        "lineCount": summary.rows,
        "reliefWithCurrentEligibilityChoices": {JSON_NAMES[kind]: summary.cleared[kind] for kind in KINDS},
        "reliefWithDismissAllProp64": {JSON_NAMES[kind]: summary.cleared_by_all[kind] for kind in KINDS},
        "prop64ConvictionsCountInCountyByCodeSection": sections,
        "subjectsWithProp64ConvictionCountInCounty": summary.with_prop_64,
        "prop64FelonyConvictionsCountInCounty": levels.get("felony", 0),
        "prop64NonFelonyConvictionsCountInCounty": sum(
            count for level, count in levels.items() if level in {"misdemeanor", "infraction"}
        ),
        "prop64UnknownLevelConvictionsCountInCounty": levels.get("", 0),
        "subjectsWithSomeReliefCount": summary.with_relief,
        "convictionDismissalCountByCodeSection": _of_sections(dismissed, "Dismiss"),
        "convictionReductionCountByCodeSection": _of_sections(reduced, "Reduce"),
        "convictionDismissalCountByAdditionalRelief": {
            reason: count
            for reason, count in dismissed.items()
            if not reason.startswith("Dismiss all HS") and reason != "Misdemeanor or Infraction"
        },
    }
    return json.dumps(found, indent=2) + "\n"


def _of_sections(reasons: dict[str, int], verb: str) -> dict[str, int]:
    """Of reasons like ``Dismiss all HS 11357 convictions``: the counts by section."""
    start, end = f"{verb} all HS ", " convictions"
    return {
        reason.removeprefix(start).removesuffix(end): count
        for reason, count in reasons.items()
        if reason.startswith(start) and reason.endswith(end)
    }


def as_text(summary: Summary, as_of: date) -> Iterator[str]:
    """The lines of the summary. For the office's own use: small counts are not withheld."""
    yield from _title("Overall summary of DOJ file")
    yield f"Found {summary.rows} Total rows in DOJ file"
    if summary.refused:
        yield f"Found {summary.refused} of them that were refused (see refused.csv)"
    yield f"Computed for {as_of}"
    yield f"Found {summary.individuals} Total individuals in DOJ file"
    yield f"Found {summary.convictions} Total convictions in DOJ file"
    yield f"Found {summary.in_county} convictions in this county"
    if summary.not_in_doj:
        yield f"Found {summary.not_in_doj} convictions that only court records have (in none of the row files)"
    yield from _title("Prop64 Convictions Overall")
    yield from _by_section("total", dict(summary.prop_64))
    yield from _title("Prop64 Convictions In This County")
    yield from _by_section("in this county", {section: count for (section,), count in summary.of(0).items()})
    if summary.earliest:
        yield f"Date of earliest Prop 64 conviction: {summary.earliest:%B %Y}"
    by_label = summary.of(3, 0)
    for label in sorted({label for label, _ in by_label}):
        yield ""
        yield label
        counts = {section: count for (of, section), count in sorted(by_label.items()) if of == label}
        for section, count in counts.items():
            yield f"Found {count} {section} convictions that are {label}"
        yield f"Found {sum(counts.values())} convictions total that are {label}"
    yield from _title("Eligibility Reasons")
    reasons = summary.of(3, 4)
    for label in sorted({label for label, _ in reasons}):
        yield ""
        yield label
        for (of, reason), count in sorted(reasons.items()):
            if of == label:
                yield f"Found {count} convictions with eligibility reason {reason}"
    yield from _title("Impact to individuals")
    yield from (f"{summary.has[kind]} individuals currently {HAS[kind]}" for kind in KINDS)
    yield from _title("Eligibility is run as specified for Prop 64 and Related Charges")
    yield from (f"{summary.cleared[kind]} individuals who {NO_MORE[kind]}" for kind in KINDS)
    yield from _title("If ALL Prop 64 convictions are dismissed and sealed")
    yield from (f"{summary.cleared_by_all[kind]} individuals who {NO_MORE[kind]}" for kind in KINDS)


def _title(text: str) -> Iterator[str]:
    yield ""
    yield f"----------- {text} --------------------"


def _by_section(where: str, counts: dict[str, int]) -> Iterator[str]:
    yield f"Found {sum(counts.values())} convictions {where}"
    for section, count in sorted(counts.items()):
        yield f"Found {count} {section} convictions {where}"
