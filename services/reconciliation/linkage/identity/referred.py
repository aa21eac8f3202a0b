"""Whose records are those of a person whom somebody names: compared as a record's person would be, and never linked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reliefstream_contracts.case_numbers import with_and_without_defendant
from reliefstream_contracts.identifiers import CaseNumber, CountyName, SubjectId
from reliefstream_contracts.records import PersonName
from services.reconciliation.linkage.identity.decisions import Decided
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.names import comparable_name
from services.reconciliation.linkage.resemblance.negative_evidence import NegativeEvidence
from services.reconciliation.linkage.resemblance.resemblance import Known, by_resemblance, worth_comparing
from services.reconciliation.linkage.resemblance.weights import Model


@dataclass(frozen=True, slots=True)
class Whose:
    """``subject`` None: nobody's for certain; ``perhaps``: of these subjects then, each may be the person."""

    subject: SubjectId | None = None
    perhaps: tuple[SubjectId, ...] = ()


def described(
    county: CountyName, name: PersonName, born: date, case_number: CaseNumber | None
) -> Description:
    """A named person as a court's record would describe the defendant."""
    return Description(
        source="court",
        county=county,
        evidence=NegativeEvidence(name=comparable_name(name), birth_date=born),
        race="",
        cii_numbers=(),
        source_key="",
        cases=frozenset(f"{county}/{number}" for number in with_and_without_defendant(case_number)),
    )


def whose(
    person: Description, subjects: Mapping[SubjectId, Sequence[Description]], model: Model[Description]
) -> Whose:
    """The subject that the person is, by the thresholds that link records; ``subjects``: descriptions of each."""
    ids = sorted(subjects)
    known = [Known(("",), (person,))]
    known += [Known((str(each),), tuple(dict.fromkeys(subjects[each]))) for each in ids]
    pairs = [
        (0, at)
        for at, one in enumerate(known[1:], 1)
        if any(worth_comparing(person, its, model) for its in one.descriptions)
    ]
    found = by_resemblance(known, pairs, model, Decided())
    (own,) = [group for group in found.groups if 0 in group]
    if len(own) == 2:
        return Whose(ids[own[1] - 1])
    near = {*own, *(pair.other for pair in found.undecided if pair.one == 0)} - {0}
    return Whose(perhaps=tuple(ids[at - 1] for at in sorted(near)))
