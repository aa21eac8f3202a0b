"""From a set of records to subjects, each with its history and discrepancies."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import SubjectId, derived
from reliefstream_contracts.records import SourceRecord
from services.reconciliation.linkage.convictions import Joined, convictions_of
from services.reconciliation.linkage.discrepancies import Discrepancy, of_convictions, of_identities
from services.reconciliation.linkage.grouping import Groups
from services.reconciliation.linkage.history import history_of
from services.reconciliation.linkage.identifiers import CROWD, Identifier, holders
from services.reconciliation.linkage.persons import persons


@dataclass(frozen=True, slots=True)
class Subject:
    """One person: records sorted by key, what they were convicted of, and what the sources differ in.

    ``in_doubt``: a record may belong to this person or to another, which the law sees as a doubt.
    """

    records: tuple[SourceRecord, ...]
    in_doubt: bool
    convictions: tuple[Joined, ...]
    discrepancies: tuple[Discrepancy, ...]

    def history(self, subject_id: SubjectId, version: int) -> HistoryChanged:
        """The snapshot to publish under an id and version, which are not this subject's to know."""
        return history_of(self.records, self.convictions, self.in_doubt, subject_id, version)


def reconcile(records: Iterable[SourceRecord], crowded: frozenset[Identifier] = frozenset()) -> list[Subject]:
    """The subjects among these records, sorted by their smallest record key.

    A pure function of the set: no order, batch or earlier result matters. The latest of a record key must be
    given, once, and with a record all others that share an identifier with it, but for identifiers in
    ``crowded``, which more records hold than are given (identifiers.CROWD). Withdrawn records add nothing.
    """
    given = list(records)
    held = holders(given)
    unusable = crowded | {identifier for identifier, having in held.items() if len(having) > CROWD}
    linked = persons(given, unusable)
    in_doubt: dict[int, list[Discrepancy]] = {}
    for place, discrepancy in of_identities(linked, held, unusable):
        in_doubt.setdefault(place, []).append(discrepancy)
    subjects = []
    for place, one in enumerate(linked):
        convictions = convictions_of(one.records)
        discrepancies = (*of_convictions(convictions), *in_doubt.get(place, ()))
        subjects.append(Subject(one.records, one.in_doubt, convictions, discrepancies))
    return subjects


def subject_id_for(record_key: str, attempt: int = 0) -> SubjectId:
    """The id of a new subject whose smallest record has this key; ``attempt`` counts ids already used."""
    return SubjectId(derived("subject", record_key, attempt))


def build_histories(records: Iterable[SourceRecord]) -> Iterator[HistoryChanged]:
    """The history of every subject, without a service: all records in memory, version 1, ids derived.

    Of several with one key the highest sequence counts. Contents equal those that the service publishes.
    """
    latest: dict[str, SourceRecord] = {}
    for record in records:
        known = latest.get(record.key())
        if known is None or record.sequence > known.sequence:
            latest[record.key()] = record
    crowded = frozenset(
        identifier for identifier, having in holders(latest.values()).items() if len(having) > CROWD
    )
    for component in components(latest.values(), crowded):
        for subject in reconcile(component, crowded):
            yield subject.history(subject_id_for(subject.records[0].key()), version=1)


def components(
    records: Iterable[SourceRecord], crowded: frozenset[Identifier] = frozenset()
) -> list[list[SourceRecord]]:
    """The records in groups that no usable identifier crosses; withdrawn ones stand alone."""
    by_key = {record.key(): record for record in records}
    groups = Groups(by_key)
    for identifier, having in holders(by_key.values()).items():
        if identifier not in crowded:
            for record in having[1:]:
                groups.join(having[0].key(), record.key())
    return [[by_key[key] for key in group] for group in groups.groups()]
