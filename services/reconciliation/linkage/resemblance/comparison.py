"""In what two records' persons agree, and how well: the fields of the model, each with its levels.

Levels only tell what is seen; what they are worth is estimated (weights.py). The names are compared after case,
accents and punctuation are folded (names.py).
"""

from collections.abc import Iterable
from datetime import date

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.names import (
    NameParts,
    given_names_contradict,
    surnames_contradict,
)
from services.reconciliation.linkage.resemblance.negative_evidence import is_default
from services.reconciliation.linkage.resemblance.weights import Field

SIMILAR, ALIKE = 0.92, 0.84
"""Jaro-Winkler similarity of a slip of the pen, and of another spelling."""


def _surname(one: Description, other: Description) -> int | None:
    its, others = one.evidence.name.surname, other.evidence.name.surname
    if not its or not others:
        return None
    if its == others or "".join(its) == "".join(others):
        return 0
    if not surnames_contradict(its, others) or sorted(its) == sorted(others):
        return 1
    likeness = _likeness("".join(its), "".join(others))
    if likeness < 2:
        return 2 + likeness
    if len(its) == len(others) and all(_likeness(a, b) < 2 for a, b in zip(its, others, strict=True)):
        return 3
    if _transposed(one, other):
        return 4
    return 5 if {"F"} <= {one.evidence.sex, other.evidence.sex} <= {"F", ""} else 6


def _given(one: Description, other: Description) -> int | None:
    its, others = one.evidence.name.given, other.evidence.name.given
    if not its or not others or _transposed(one, other):
        return None
    if "".join(its) == "".join(others):
        return 0
    if not given_names_contradict(its, others):
        return 1
    likeness = _likeness(its[0], others[0])
    if likeness < 2:
        return 2 + likeness
    return (
        4
        if _among(its, (*others, *other.evidence.name.middle))
        or _among(others, (*its, *one.evidence.name.middle))
        else 5
    )


def _middle(one: Description, other: Description) -> int | None:
    its, others = one.evidence.name.middle, other.evidence.name.middle
    if not its or not others:
        return None
    if its == others:
        return 0 if len(its[0]) > 1 else 1
    if not given_names_contradict(its, others):
        return 1
    return 2 if _likeness(its[0], others[0]) < 2 else 3


def _suffix(one: Description, other: Description) -> int | None:
    its, others = one.evidence.name.suffix, other.evidence.name.suffix
    return None if not its or not others else int(its != others)


def birth_dates_contradict(its: date, others: date) -> bool:
    """Whether no two records with these birth dates are one person's, however alike they are."""
    return _BIRTH_DATES[_birth_dates(its, others)] in CONTRADICTIONS["birth_date"]


def _birth_date(one: Description, other: Description) -> int | None:
    its, others = one.evidence.birth_date, other.evidence.birth_date
    if its is None or others is None or (its == others and is_default(its)):
        return None  # a default that two records have in common says nothing
    return _birth_dates(its, others)


def _birth_dates(its: date, others: date) -> int:
    if its == others:
        return 0
    if its.year == others.year:
        if (its.day, its.month) == (others.month, others.day):
            return 1
        if is_default(its) or is_default(others):
            return 3
    if DamerauLevenshtein.distance(f"{its:%Y%m%d}", f"{others:%Y%m%d}", score_cutoff=1) == 1:
        return 2
    same_day, same_month = its.day == others.day, its.month == others.month
    if its.year == others.year:
        return 4 if same_day or same_month else 6
    return 5 if same_day and same_month else 6


def _sex(one: Description, other: Description) -> int | None:
    its, others = one.evidence.sex, other.evidence.sex
    return None if not its or not others else int(its != others)


def _race(one: Description, other: Description) -> int | None:
    return None if not one.race or not other.race else int(one.race != other.race)


def _cii(one: Description, other: Description) -> int | None:
    its, others = one.cii_numbers, other.cii_numbers
    if not its or not others:
        return None
    if set(its) & set(others):
        return 0
    slips = min(DamerauLevenshtein.distance(a, b, score_cutoff=1) for a in its for b in others)
    return 1 if slips == 1 else 2


def _source_key(one: Description, other: Description) -> int | None:
    if not one.source_key or not other.source_key or (one.source, one.county) != (other.source, other.county):
        return None
    return int(one.source_key != other.source_key)


def _case(one: Description, other: Description) -> int | None:
    if one.source == other.source or one.county != other.county or not one.cases or not other.cases:
        return None
    return int(one.cases.isdisjoint(other.cases))


def _likeness(its: str, others: str) -> int:
    """0: a slip apart, 1: another spelling, 2: another name."""
    if len(its) < 2 or len(others) < 2:
        return 2
    likeness = JaroWinkler.similarity(its, others, score_cutoff=ALIKE)
    if likeness >= SIMILAR:
        return 0
    if min(len(its), len(others)) > 3 and DamerauLevenshtein.distance(its, others, score_cutoff=1) == 1:
        return 0
    return 1 if likeness >= ALIKE else 2


def _transposed(one: Description, other: Description) -> bool:
    """The surname written as a given name, and the other way round, or all parts in another order."""
    its, others = one.evidence.name, other.evidence.name
    return bool(
        its.surname
        and its.given
        and its.surname != others.surname
        and (
            (its.surname[0] == (others.given or ("",))[0] and its.given[0] == (others.surname or ("",))[0])
            or (its.contradicts(others) and its.reordered(others))
        )
    )


def _among(names: NameParts, others: Iterable[str]) -> bool:
    return len(names[0]) > 1 and names[0] in others


_BIRTH_DATES = (
    "equal",
    "day and month swapped",
    "one slip",
    "same year, one a default",
    "another day or month",
    "another year",
    "different",
)
FIELDS: tuple[Field[Description], ...] = (
    Field("birth_date", _BIRTH_DATES, _birth_date, keyed=True),
    Field(
        "given_name",
        ("equal", "begins the other", "similar", "alike", "among the other's names", "different"),
        _given,
        lambda one, _: "".join(one.evidence.name.given),
    ),
    Field(
        "surname",
        ("equal", "part of the other", "similar", "alike", "transposed", "different, a woman's", "different"),
        _surname,
        lambda one, _: "".join(one.evidence.name.surname),
    ),
    Field("cii_number", ("equal", "one slip", "different"), _cii, keyed=True),
    Field("case_number", ("shared", "none shared"), _case, keyed=True),
    Field("middle_name", ("equal", "initial", "similar", "different"), _middle),
    Field("suffix", ("equal", "different"), _suffix),
    Field("source_subject_id", ("equal", "different"), _source_key, keyed=True),
    Field("sex", ("equal", "different"), _sex, among="given_name"),
    Field("race", ("equal", "different"), _race, among="surname"),
)
"""Those that part strangers soonest come first."""

CONTRADICTIONS = {
    "birth_date": frozenset({"another year", "different"}),
    "given_name": frozenset({"different"}),
    "surname": frozenset({"different"}),
    "suffix": frozenset({"different"}),
}
"""Levels at which two are two persons, whatever else agrees; no resemblance links them."""
NOT_ALONE = {
    "birth_date": frozenset({"another day or month"}),
    "surname": frozenset({"different, a woman's"}),
}
"""Levels, such as a surname that may have changed, at which resemblance needs an anchor to link two."""
ANCHORS = {("cii_number", "equal"), ("source_subject_id", "equal"), ("case_number", "shared")}
"""What nobody shares by chance; without one a person decides."""
