"""Another source's copy of a conviction that came in while that one was being sealed, and was not linked to it."""

import re
from collections.abc import Sequence
from datetime import date

from reliefstream_contracts.case_numbers import with_and_without_defendant
from reliefstream_contracts.identifiers import CountKey, ReliefId, record_key_of
from reliefstream_contracts.relief import RelievedConviction
from services.chassis.runtime.unit_of_work import Database
from services.relief import store
from services.relief.lifecycle.findings import Finding
from services.relief.sealing.erasing import PERSONS

_SUBDIVISIONS = re.compile(r"\([^)]*\)")


async def copies_of(db: Database, ids: Sequence[ReliefId]) -> dict[ReliefId, set[CountKey]]:
    """The counts of such copies, by the relief that is being sealed; of the same persons, who are locked."""
    rows = await db.fetch(
        f"""WITH RECURSIVE {store.merged_from(PERSONS)}
            SELECT reliefs.relief_id, reliefs.conviction::text AS sealed, finding::text AS finding
            FROM reliefs JOIN merged ON merged.subject_id = (reliefs.conviction ->> 'subject_id')::uuid
            JOIN findings ON findings.subject_id = merged.survivor
            JOIN relief_counts AS came USING (count_key)
            WHERE reliefs.relief_id = ANY ($1)
            GROUP BY 1, 2, 3, seal HAVING min(came.first_seen) >= (seal ->> 'at')::timestamptz""",  # noqa: S608
        list(ids),
    )
    found: dict[ReliefId, set[CountKey]] = {}
    for row in rows:
        sealed = RelievedConviction.model_validate_json(row["sealed"])
        finding = Finding.model_validate_json(row["finding"])
        if is_copy(finding.conviction, sealed):
            found.setdefault(row["relief_id"], set()).update(finding.counts)
    return found


def is_copy(one: RelievedConviction, sealed: RelievedConviction) -> bool:
    """Whether it is the sealed conviction as another record shows it: case, section without subdivisions and day agree,
    and the two have no record in common, which would show two counts."""
    records = set(map(record_key_of, sealed.counts))
    return (
        one.county == sealed.county
        and records.isdisjoint(map(record_key_of, one.counts))
        and not _cases(one).isdisjoint(_cases(sealed))
        and _SUBDIVISIONS.sub("", one.section) == _SUBDIVISIONS.sub("", sealed.section)
        and not _days(one).isdisjoint(_days(sealed))
    )


def _cases(one: RelievedConviction) -> set[str]:
    written = (one.case_number, *one.source_case_numbers.values())
    return {number for each in written for number in with_and_without_defendant(each)}


def _days(one: RelievedConviction) -> set[date | None]:
    return {one.conviction_date, one.disposition_date} - {None}
