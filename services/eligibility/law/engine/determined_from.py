"""The facts of a conviction that its determination repeats, so that a county can find the record."""

from typing import Any

from reliefstream_contracts.histories import Conviction, CountRef
from reliefstream_contracts.identifiers import CountyName


def determined_from(conviction: Conviction, county: CountyName) -> dict[str, Any]:
    """The fields of a Determination that its conviction alone decides, but for how its section is named.

    File, row and the source's person key are DOJ's where DOJ has the conviction, else the court's; of several
    counts the one that stands first in its file.
    """
    refs = sorted(conviction.counts, key=_place) if len(conviction.counts) > 1 else conviction.counts
    sources = {ref.source for ref in refs}
    first = refs[0]
    numbers = {ref.source: ref.case_number for ref in reversed(refs) if ref.case_number is not None}
    return {
        "conviction_id": conviction.conviction_id,
        "counts": tuple(sorted(ref.key for ref in refs)),
        "source": "doj+court" if len(sources) == 2 else first.source,
        "county": county,
        "court": conviction.court,
        "file_sha256": first.file_sha256,
        "source_row": first.file_row,
        "source_subject_id": first.source_subject_id,
        "cii_number": next((ref.cii_number for ref in refs if ref.cii_number is not None), None),
        "case_number": conviction.case_number,
        "source_case_numbers": dict(sorted(numbers.items())),
        "level": conviction.level_convicted,
        "conviction_date": conviction.conviction_date,
        "disposition_date": conviction.disposition_date,
    }


def _place(ref: CountRef) -> tuple[bool, bool, str, int, str]:
    """DOJ before court, a place in a file before none, then file, row and key."""
    return (ref.source != "doj", ref.file_row is None, ref.file_sha256 or "", ref.file_row or 0, ref.key)
