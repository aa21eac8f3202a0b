"""The exact identifiers that a record carries: what makes two records candidates for one person."""

from collections.abc import Iterable
from typing import NewType

from reliefstream_contracts.records import SourceRecord

Identifier = NewType("Identifier", str)
"""``cii:<number>``, or ``key:<source>/<county>/<the source's own key of a person>``."""

MOST_HOLDERS = 1000
"""An identifier held by more records than this names nobody: a default, a test value, a typing habit."""


def identifiers_of(record: SourceRecord) -> tuple[Identifier, ...]:
    """The identifiers of a record, sorted; none for a withdrawn record.

    A CII number is the state's and holds across sources. A source's own key of a person holds within that
    source and county. A case number is none: co-defendants share it, and it names a case.
    """
    if record.withdrawn:
        return ()
    found = {Identifier(f"cii:{number}") for number in record.person.cii_numbers}
    if record.person.source_subject_id:
        found.add(Identifier(f"key:{record.source}/{record.county}/{record.person.source_subject_id}"))
    return tuple(sorted(found))


def scheme(identifier: Identifier) -> str:
    """What kind of identifier it is, as a field of a record: ``cii_number`` or ``source_subject_id``."""
    return "cii_number" if identifier.startswith("cii:") else "source_subject_id"


def holders(records: Iterable[SourceRecord]) -> dict[Identifier, list[SourceRecord]]:
    """The records that hold each identifier, in the order given."""
    held: dict[Identifier, list[SourceRecord]] = {}
    for record in records:
        for identifier in identifiers_of(record):
            held.setdefault(identifier, []).append(record)
    return held
