"""Why records are one subject: which identifier they share, and what else agrees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from reliefstream_contracts.records import SourceRecord
from services.reconciliation.linkage.bearing import bearing_of
from services.reconciliation.linkage.identifiers import holders, scheme

Agreement = Literal["equal", "part of the other", "unknown to some", "unknown"]


@dataclass(frozen=True, slots=True)
class Link:
    """Records that share one identifier; never a value of theirs."""

    identifier: str
    """``cii_number`` or ``source_subject_id``."""
    records: tuple[str, ...]
    surname: Agreement
    birth_date: Agreement


def links(records: Iterable[SourceRecord]) -> list[Link]:
    """Every identifier that at least two of one subject's records share, sorted."""
    found = []
    for identifier, having in holders(sorted(records, key=SourceRecord.key)).items():
        if len(having) > 1:
            bearings = [bearing_of(record) for record in having]
            found.append(
                Link(
                    identifier=scheme(identifier),
                    records=tuple(record.key() for record in having),
                    surname=_agreement([bearing.surname or None for bearing in bearings]),
                    birth_date=_agreement([bearing.birth_date for bearing in bearings]),
                )
            )
    return sorted(found, key=lambda link: (link.identifier, link.records))


def _agreement(values: Sequence[object]) -> Agreement:
    known = {value for value in values if value is not None}
    if not known:
        return "unknown"
    if len(known) > 1:
        return "part of the other"
    return "unknown to some" if None in values else "equal"
