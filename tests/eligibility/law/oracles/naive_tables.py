"""The counties' tables once more, as naively as can be, over lives of which everything is known.

An oracle for ``judge``: nothing here is shared with the law, and no row knows of unknown facts. Sections are
texts, ages are counted on fingers, every rule is one ``if`` in the order of the published table.
"""

from dataclasses import dataclass
from datetime import date, timedelta

IN_FORCE = date(2016, 11, 9)
SUPER_STRIKES = frozenset({"PC 187(a)", "PC 288(a)", "PC 191.5(a)"})
REGISTRABLE = frozenset({"PC 288(a)", "PC 314(1)", "PC 311.3"})
NEITHER = ("PC 459", "PC 484", "VC 23152(a)", "HS 11377(a)", "HS 11357.5")
CANNABIS = (
    *("HS 11357", "HS 11357(a)", "HS 11357(b)", "HS 11357(c)", "HS 11357(d)"),
    *("HS 11358", "HS 11359", "HS 11360", "HS 11360(a)", "HS 11360(b)"),
)
RELATED = (
    *("PC 647(f)", "PC 602", "PC 466", "PC 148.9", "PC 148", "PC 1320", "HS 11364", "HS 11550"),
    *("BP 4140", "BP 4149", "BP 4060", "VC 40508"),
)

RELATED_OUTCOME = "needs_review"
"""What the county's "Eligible for Dismissal" comes to for a related charge: the law gives no authority (PC 1385)."""


@dataclass(frozen=True)
class Sentenced:
    """A conviction of which all is known. ``parts``: lengths with ``days``, ``months`` or ``years``."""

    section: str
    level: str
    on: date
    event: str
    here: bool
    parts: tuple[tuple[int, str], ...]

    @property
    def cannabis(self) -> bool:
        return self.section in CANNABIS

    def ends(self) -> date:
        """Years and months first, then days; a day that a month lacks is the first of the next."""
        months = sum(length * {"years": 12, "months": 1}.get(unit, 0) for length, unit in self.parts)
        year, month = self.on.year + (self.on.month - 1 + months) // 12, (self.on.month - 1 + months) % 12 + 1
        try:
            end = date(year, month, self.on.day)
        except ValueError:
            end = date(year + month // 12, month % 12 + 1, 1)
        return end + timedelta(days=sum(length for length, unit in self.parts if unit == "days"))


@dataclass(frozen=True)
class Life:
    """A person of whom everything is known."""

    born: date
    convictions: tuple[Sentenced, ...]
    registered: tuple[date, ...]
    died: date | None

    def before(self, one: Sentenced) -> list[Sentenced]:
        return [other for other in self.convictions if other.on < one.on]

    def ended(self, today: date) -> bool:
        return all(other.ends() <= today for other in self.convictions)


Words = tuple[str, str, str]
"""Outcome, determination label, reason label."""

NOT_YET = "Convicted after the day that is judged"
"""Our words, under the county's for a review: no table speaks of a day before the conviction."""


def years(since: date, today: date) -> int:
    """Whole years, on fingers."""
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day))


def two_priors(life: Life, one: Sentenced) -> bool:
    """Earlier felonies of the same number, each count one; gifts (11360(b)) are another kind."""

    def kind(section: str) -> tuple[str, bool]:
        return section[:8], section == "HS 11360(b)"

    if one.section.startswith("HS 11357"):
        return False
    earlier = life.before(one)
    return sum(other.level == "felony" and kind(other.section) == kind(one.section) for other in earlier) >= 2


def barred_by_statute(life: Life, one: Sentenced) -> bool:
    """By an adult, with more than six plants where it was cultivation; an 11360(b) is an infraction by everybody."""
    if one.section == "HS 11360(b)":
        return False
    earlier = {other.section for other in life.before(one)}
    return bool(earlier & (SUPER_STRIKES | REGISTRABLE)) or two_priors(life, one)


def los_angeles_2020(life: Life, one: Sentenced, today: date) -> Words:
    def not_eligible(why: str) -> Words:
        # What the statute compels all the same is not refused: a person looks at it, under the county's words.
        return ("not_eligible" if barred_by_statute(life, one) else "needs_review", "Not eligible", why)

    def dismissal(why: str) -> Words:
        return ("dismissal", "Eligible for Dismissal", why)

    def review(why: str) -> Words:
        return ("needs_review", "Hand Review", why)

    if today < one.on:
        return review(NOT_YET)
    if one.level != "felony":
        return ("needs_review", "To be reviewed by City Attorneys", "Misdemeanor or Infraction")
    if one.on >= IN_FORCE:
        return ("not_eligible", "Not eligible", "Occurred after 11/09/2016")
    if one.section in ("HS 11357(a)", "HS 11357(b)"):
        return dismissal("11357(a) or 11357(b)")
    if one.section.startswith("HS 11357"):
        return review("Other 11357")
    if any(other.section in SUPER_STRIKES for other in life.before(one)):
        return not_eligible("PC 667(e)(2)(c)(iv)")
    if any(other.section in REGISTRABLE for other in life.before(one)) or any(
        day < one.on for day in life.registered
    ):
        return not_eligible("PC 290")
    if two_priors(life, one):
        return not_eligible("Two priors")
    if years(life.born, today) >= 50:
        return dismissal("50 years or older")
    if years(life.born, today) <= 21:
        return dismissal("21 years or younger")
    if all(other.cannabis for other in life.convictions) and life.ended(today):
        return dismissal("Only has 11357-60 charges and completed sentence")
    if all(years(other.on, today) >= 10 for other in life.convictions):
        return dismissal("No convictions in past 10 years")
    if not life.ended(today):
        return review("Currently serving sentence")
    if life.died is not None and life.died <= today:
        return dismissal("Deceased")
    return review("No applicable eligibility criteria")


def _two_thousand_nineteen(
    life: Life,
    one: Sentenced,
    today: date,
    *,
    possession: tuple[str, ...],
    possession_label: str,
    within: int,
    otherwise: tuple[str, str],
    review: str,
) -> Words:
    """What Sacramento, San Joaquin and Contra Costa have in common; ``otherwise``: outcome and label of rows 8, 10."""
    if today < one.on:
        return ("needs_review", review, NOT_YET)
    if one.on >= IN_FORCE:
        return ("not_eligible", "Not eligible", "Occurred after 11/09/2016")
    if one.level != "felony":
        return ("dismissal", "Eligible for Dismissal", "Misdemeanor or Infraction")
    if one.section in possession:
        return ("dismissal", "Eligible for Dismissal", possession_label)
    latest = max(other.on for other in life.convictions)
    if len(life.convictions) > 1 and years(latest, today - timedelta(days=1)) >= within:
        return ("dismissal", "Eligible for Dismissal", f"No convictions in past {within} years")
    if len(life.convictions) > 1:
        return (*otherwise, f"Has convictions in past {within} years")
    if one.ends() <= today:
        return ("dismissal", "Eligible for Dismissal", "Sentence Completed")
    return (*otherwise, "Sentence not Completed")


def sacramento(life: Life, one: Sentenced, today: date) -> Words:
    otherwise = ("redesignation", "Eligible for Reduction")
    return _two_thousand_nineteen(
        life,
        one,
        today,
        possession=("HS 11357(b)",),
        possession_label="HS 11357(b)",
        within=10,
        otherwise=otherwise,
        review="Hand Review",
    )


def san_joaquin_or_contra_costa(life: Life, one: Sentenced, today: date) -> Words:
    flagged = ("needs_review", "Maybe Eligible - Flag for Review")
    if today < one.on:
        return (*flagged, NOT_YET)
    if one.section in RELATED and one.on < IN_FORCE:
        if not any(other.cannabis and other.event == one.event for other in life.convictions):
            return (*flagged, "No Related Prop64 Charges")
        if one.section == "BP 4060":
            return (*flagged, "4060 BP")
        code, number = one.section.split()
        return (RELATED_OUTCOME, "Eligible for Dismissal", f"{number} {code}")
    possession = tuple(section for section in CANNABIS if section.startswith("HS 11357"))
    return _two_thousand_nineteen(
        life,
        one,
        today,
        possession=possession,
        possession_label="11357 HS",
        within=5,
        otherwise=flagged,
        review=flagged[1],
    )
