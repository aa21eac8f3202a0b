"""Why a record that could be parsed is refused, is a repeat, or lacks something. Pure."""

from reliefstream_contracts.receipts import Problem
from services.ingest.core.doj.file.unit import ReadUnit
from services.ingest.core.source_location import SourceLocation, header_location

EVENT_LIMIT = 900_000
"""Bytes of the largest event, below what Kafka takes by default (1 MiB)."""


def no_conviction(unit: ReadUnit) -> Problem:
    """Names the rows where they have numbers, as no text may name the person."""
    numbers = sorted(placed.place.number for placed in unit.rows if placed.place.number is not None)
    first = numbers[0] if numbers else None
    where = SourceLocation(row=first, other_rows=tuple(numbers[1:]), column="STP_ORI_CNTY_NAME")
    return where.problem(
        "no_conviction_in_county",
        "no row of this person is a conviction in this county",
        "correct the refused rows first: the conviction may stand in one of them"
        if unit.refused
        else "send the person through the county of conviction; if it is this one, correct the rows",
    )


LEFT_OUT = SourceLocation("record").problem(
    "sealed_count_left_out",
    "a conviction that a court ordered sealed stands in it and was left out",
    "nothing to do here; remove it at its source",
)
COUNTY_CONVICTION_SEALED = SourceLocation("record").problem(
    "county_conviction_sealed",
    "the person's conviction in this county was sealed; any in other counties stay on record",
    "nothing to do",
)
MAY_BE_SEALED = SourceLocation("record").problem(
    "may_be_sealed",
    "a count may be a conviction that a court ordered sealed: its day, its number or the person cannot be compared",
    "remove the sealed count at its source, or give each count its day, and the person's birth date or CII number; "
    "the records unit can say that it is another one",
)
OLDER_EXTRACT = header_location("extract").problem(
    "older_extract",
    "a later extract of this person is on file; this one changes nothing",
    "nothing to do; if this is the newer one, send it with a later --extract DATE",
)
OLDER_REVISION = SourceLocation(path="revision").problem(
    "older_revision",
    "a higher revision of this case is on file; this one changes nothing",
    "nothing to do; if this is the newer one, send it with a higher revision",
)
REVISION_CONFLICT = SourceLocation(path="revision").problem(
    "revision_conflict",
    "another content of this case came with the same revision",
    "send what is right with a higher revision",
)
TOO_LARGE = SourceLocation("record").problem(
    "record_too_large",
    f"the record makes more than {EVENT_LIMIT:,} bytes",
    "split it at its source; a court case by defendant or case number",
)
