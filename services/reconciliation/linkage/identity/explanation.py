"""Why records are one subject: the identifier they share, what a person decided, or how much they resemble."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import ne
from typing import Literal, TypeVar

from reliefstream_contracts.records import SourceRecord
from services.reconciliation.linkage.identity.decisions import Decided
from services.reconciliation.linkage.identity.identifiers import holders, scheme
from services.reconciliation.linkage.identity.persons import compared
from services.reconciliation.linkage.resemblance.description import Description, description_of
from services.reconciliation.linkage.resemblance.names import surnames_contradict
from services.reconciliation.linkage.resemblance.negative_evidence import negative_evidence_of
from services.reconciliation.linkage.resemblance.resemblance import Known, Resemblance, resemblance_of
from services.reconciliation.linkage.resemblance.weights import Evidence, Model, probability_of

T = TypeVar("T")
Agreement = Literal["equal", "part of the other", "different", "unknown to some", "unknown"]
"""``different``: the records are linked because of how much else resembles, or by a person."""


@dataclass(frozen=True, slots=True)
class Link:
    """Records that share one identifier; never a value of theirs."""

    identifier: str
    """``cii_number`` or ``source_subject_id``."""
    records: tuple[str, ...]
    surname: Agreement
    birth_date: Agreement


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much the records of two sides resemble each other: what each field says, in bits, and all in all."""

    records: tuple[str, ...]
    others: tuple[str, ...]
    probability: float
    """That the two sides are one person."""
    bits: float
    """Their log2 odds: ``prior`` and all evidence added up."""
    prior: float
    evidence: tuple[Evidence, ...]
    linked: bool
    """Whether this much links two sides by itself; where it did not, a third side is about as likely."""
    weights: str
    """The version of the weights."""


def links(records: Iterable[SourceRecord]) -> list[Link]:
    """Every identifier that at least two of one subject's records share, sorted."""
    found = []
    for identifier, having in holders(sorted(records, key=SourceRecord.key)).items():
        if len(having) > 1:
            evidences = [negative_evidence_of(record) for record in having]
            found.append(
                Link(
                    identifier=scheme(identifier),
                    records=tuple(record.key() for record in having),
                    surname=_agreement(
                        [evidence.name.surname or None for evidence in evidences], surnames_contradict
                    ),
                    birth_date=_agreement([evidence.birth_date for evidence in evidences], ne),
                )
            )
    return sorted(found, key=lambda link: (link.identifier, link.records))


def likenesses(
    records: Iterable[SourceRecord], model: Model[Description], decided: Decided
) -> list[Likeness]:
    """The links by resemblance among one subject's records, the strongest first."""
    live = {record.key(): record for record in sorted(records, key=SourceRecord.key) if not record.withdrawn}
    if len(live) < 2:
        return []
    persons = compared(live, frozenset(), model, decided)
    return [
        _likeness(persons.known[link.one], persons.known[link.other], link, model)
        for link in persons.found.links
    ]


def likeness(
    ones: Sequence[SourceRecord], others: Sequence[SourceRecord], model: Model[Description]
) -> Likeness | None:
    """What speaks for two groups of records being one person's; None where too little does."""
    one, other = _known(ones), _known(others)
    found = resemblance_of(one, other, model)
    return _likeness(one, other, found, model) if found else None


def _known(records: Sequence[SourceRecord]) -> Known:
    return Known(
        tuple(record.key() for record in records),
        tuple(dict.fromkeys(description_of(record) for record in records)),
    )


def _likeness(one: Known, other: Known, found: Resemblance, model: Model[Description]) -> Likeness:
    return Likeness(
        records=one.keys,
        others=other.keys,
        probability=probability_of(found.bits),
        bits=found.bits,
        prior=model.prior,
        evidence=found.evidence,
        linked=found.linked,
        weights=model.weights.version,
    )


def _agreement(values: Sequence[T | None], contradict: Callable[[T, T], bool]) -> Agreement:
    known = {value for value in values if value is not None}
    if not known:
        return "unknown"
    if len(known) > 1:
        apart = any(contradict(one, other) for one, other in combinations(known, 2))
        return "different" if apart else "part of the other"
    return "unknown to some" if None in values else "equal"
