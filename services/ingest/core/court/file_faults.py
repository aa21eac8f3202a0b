"""Faults of a whole file that is plainly of another kind than stated: reported once before sending, not once a case.
Pure.
"""

from collections.abc import Iterator
from itertools import islice

from reliefstream_contracts.receipts import Problem
from services.ingest.core.doj.file.columns import COLUMNS
from services.ingest.core.doj.file.rows import is_header
from services.ingest.core.doj.file.rows import split as split_doj
from services.ingest.core.profile.feed_lines import record_type, split
from services.ingest.core.profile.profile import Csv, Fixed, Profile
from services.ingest.core.source_location import FILE

LOOKED_AT = 5
"""Lines that have to be something else, all of them, before a file is taken for something else."""


def fault_of_json_lines(beginning: bytes) -> Problem | None:
    """The fault that the first bytes show of a file of one JSON object a line; None: none is seen."""
    found = list(_lines(beginning))
    if not found or any(line.startswith(b"{") for line in found):
        return None
    return doj_instead(beginning) or FILE.problem(
        "not_json_lines",
        (f"none of the first {len(found)} lines is a JSON object"),
        (
            "send one JSON object for each case, one a line; a court's own export needs a profile that "
            "describes it (--profile NAME)"
        ),
    )


def fault_of_rows(profile: Profile, beginning: bytes) -> Problem | None:
    """The fault that the first bytes show of a feed of rows without a header; None: none is seen."""
    layout, found = profile.layout, list(_lines(beginning))
    if not found:
        return None
    if isinstance(layout, Fixed):
        known = layout.skipped | layout.records.keys()
        if any(record_type(layout, line) in known for line in found):
            return None
        what = f"none of the first {len(found)} lines is of a record type of the profile {profile.name}"
    elif isinstance(layout, Csv) and layout.columns is not None:
        if any(len(split(layout, line.decode("latin-1")) or ()) == len(layout.columns) for line in found):
            return None
        what = (
            f"none of the first {len(found)} lines has the {len(layout.columns)} columns of the profile "
            f"{profile.name}"
        )
    else:
        return None
    return doj_instead(beginning) or FILE.problem(
        "another_layout",
        what,
        "send the feed that the profile describes, or name the profile that describes this one",
    )


def doj_instead(beginning: bytes) -> Problem | None:
    """DOJ's bulk file where a court's was meant; None: it is not."""
    first = next(_lines(beginning), b"")
    if not is_header(first) and len(split_doj(first.decode("latin-1"))) != len(COLUMNS):
        return None
    return FILE.problem(
        "doj_file",
        "this is DOJ's bulk file, not a court's",
        "send it as what it is: --format doj (over HTTP: text/csv without a profile)",
    )


def _lines(beginning: bytes) -> Iterator[bytes]:
    found = beginning.removeprefix(b"\xef\xbb\xbf").splitlines()
    return islice((line for line in found if line.strip()), LOOKED_AT)
