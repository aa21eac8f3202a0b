"""From a set of records to subjects, each with its history and discrepancies."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import CountKey, SubjectId, derived
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.statements import FactStated
from reliefstream_contracts.vocabulary.stated_facts import StatedFact
from services.reconciliation.linkage.conviction.convictions import Joined, convictions_of
from services.reconciliation.linkage.conviction.discrepancies import (
    Discrepancy,
    of_convictions,
    of_identities,
    of_oversized_component,
    of_resemblances,
)
from services.reconciliation.linkage.conviction.history import history_of
from services.reconciliation.linkage.conviction.statements import Standing, apply
from services.reconciliation.linkage.identity.components import components, oversized_keys
from services.reconciliation.linkage.identity.decisions import Decided
from services.reconciliation.linkage.identity.identifiers import MOST_HOLDERS, Identifier, holders
from services.reconciliation.linkage.identity.oversized_components import (
    BY_ALL,
    BY_DECISIONS,
    by_level,
    component_levels,
)
from services.reconciliation.linkage.identity.persons import NOBODY, persons
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.weights import Model


@dataclass(frozen=True, slots=True)
class Subject:
    """One person: records sorted by key, what they were convicted of, and what the sources differ in.

    ``in_doubt``: a record may belong to this person or to another, which the law sees as a doubt.
    """

    records: tuple[SourceRecord, ...]
    in_doubt: bool
    convictions: tuple[Joined, ...]
    of_identity: tuple[Discrepancy, ...] = ()
    """Discrepancies of whose the records are, and of statements."""
    stated: tuple[StatedFact, ...] = ()
    """What people stated of the convictions."""
    erased_sheet: Literal["complete", "incomplete"] | None = None
    """What the rap sheet was that was erased with its last conviction; None: none was."""

    @property
    def discrepancies(self) -> tuple[Discrepancy, ...]:
        """All of them; those of the convictions are found when they are asked for."""
        return (*of_convictions(self.convictions), *self.of_identity)

    def history(self, subject_id: SubjectId, version: int) -> HistoryChanged:
        """The snapshot to publish under an id and version, which are not this subject's to know."""
        return history_of(
            self.records,
            self.convictions,
            self.in_doubt,
            subject_id,
            version,
            stated=self.stated,
            erased_sheet=self.erased_sheet,
        )


def reconcile(
    records: Iterable[SourceRecord],
    oversized: frozenset[Identifier] = frozenset(),
    model: Model[Description] | None = None,
    decided: Decided | None = None,
    levels: Mapping[str, int] | None = None,
    *,
    described: Mapping[str, Description] = NOBODY,
) -> list[Subject]:
    """The subjects among these records, sorted by their smallest record key.

    A pure function of the set: order, batches and earlier results do not matter. ``records`` must hold only the latest
    version of each record, and whole components (components.py). ``oversized``: keys that more records hold than are
    given. Withdrawn records add nothing. Without a ``model`` nobody is linked by resemblance. ``levels``: the level of
    each record in an oversized component (oversized_components.py); None: computed from these records.
    ``described``: as in ``persons``.
    """
    given = list(records)
    if len(given) == 1 and not (oversized or levels):  # nothing links it, and nothing can be in doubt
        return [
            Subject((one,), in_doubt=False, convictions=convictions_of((one,)))
            for one in given
            if not one.withdrawn
        ]
    held = holders(given)
    unusable = oversized | {identifier for identifier, having in held.items() if len(having) > MOST_HOLDERS}
    if levels is None:
        levels = component_levels(given, unusable, model, decided)
    if not any(levels.values()):
        return _subjects(given, held, unusable, model, decided, described=described)
    found: list[Subject] = []
    for level, part in by_level(given, levels):
        if level == BY_ALL:
            found += _subjects(part, holders(part), unusable, model, decided, described=described)
        else:
            found += _of_an_oversized_component(part, level, unusable, decided)
    return sorted(found, key=lambda subject: subject.records[0].key())


def with_statements(
    subjects: Sequence[Subject],
    statements: Collection[FactStated],
    elsewhere: Collection[CountKey] = frozenset(),
) -> tuple[list[Subject], Mapping[str, Standing]]:
    """The subjects with what statements say of their convictions, and what has become of each statement.

    The arguments and the standings are those of ``statements.apply``.
    """
    if not statements:
        return list(subjects), {}
    convictions = [[joined.conviction for joined in subject.convictions] for subject in subjects]
    applied = apply(statements, convictions, elsewhere)
    stated = [
        replace(
            subject,
            stated=applied.facts.get(place, ()),
            of_identity=(*subject.of_identity, *applied.discrepancies.get(place, ())),
        )
        for place, subject in enumerate(subjects)
    ]
    return stated, applied.standings


def _of_an_oversized_component(
    records: Sequence[SourceRecord], level: int, unusable: frozenset[Identifier], decided: Decided | None
) -> list[Subject]:
    """Subjects of an oversized component: fewer keys link, all are in doubt, and each has a discrepancy."""
    held = holders(records)
    if level == BY_DECISIONS:
        unusable |= held.keys()
    return [
        replace(
            subject,
            in_doubt=True,
            of_identity=(*subject.of_identity, of_oversized_component(subject.records[0])),
        )
        for subject in _subjects(records, held, unusable, None, decided)
    ]


def _subjects(
    given: Sequence[SourceRecord],
    held: Mapping[Identifier, Sequence[SourceRecord]],
    unusable: frozenset[Identifier],
    model: Model[Description] | None,
    decided: Decided | None,
    *,
    described: Mapping[str, Description] = NOBODY,
) -> list[Subject]:
    linked = persons(given, unusable, model, decided, described)
    in_doubt: dict[int, list[Discrepancy]] = {}
    for place, discrepancy in (*of_identities(linked, held, unusable), *of_resemblances(linked)):
        in_doubt.setdefault(place, []).append(discrepancy)
    return [
        Subject(one.records, one.in_doubt, convictions_of(one.records), tuple(in_doubt.get(place, ())))
        for place, one in enumerate(linked)
    ]


def subject_id_for(record_key: str, attempt: int = 0) -> SubjectId:
    """The id of a new subject whose smallest record has this key; ``attempt`` counts ids already used."""
    return SubjectId(derived("subject", record_key, attempt))


def build_histories(
    records: Iterable[SourceRecord],
    model: Model[Description] | None = None,
    decided: Decided | None = None,
    statements: Iterable[FactStated] = (),
) -> Iterator[HistoryChanged]:
    """The history of every subject, without a service: all records in memory, version 1, ids derived.

    Of several with one key the highest sequence counts, of several revisions of a statement the highest. Contents
    equal those that the service publishes.
    """
    latest: dict[str, SourceRecord] = {}
    for record in records:
        known = latest.get(record.key())
        if known is None or record.sequence > known.sequence:
            latest[record.key()] = record
    said = {one.key(): one for one in sorted(statements, key=lambda one: one.revision)}
    given, oversized = list(latest.values()), oversized_keys(latest.values())
    yield from histories(given, oversized, model, decided, list(said.values()))


def histories(
    records: Collection[SourceRecord],
    oversized: frozenset[Identifier] = frozenset(),
    model: Model[Description] | None = None,
    decided: Decided | None = None,
    statements: Collection[FactStated] = (),
) -> Iterator[HistoryChanged]:
    """As ``build_histories``, of whole components; ``oversized``: keys that more records hold than are given.

    With a record that a statement names all others that it names must be given.
    """
    parted = components(records, oversized, model, decided) if len(records) > 1 else [records]
    subjects = [one for component in parted for one in reconcile(component, oversized, model, decided)]
    for subject in with_statements(subjects, statements)[0] if statements else subjects:
        yield subject.history(subject_id_for(subject.records[0].key()), version=1)
