"""Which content an entry of quarantine stands for, however often and in whatever file it is sent. Pure."""

import hashlib
import json
from collections.abc import Mapping
from uuid import UUID

from reliefstream_contracts.identifiers import CountyName, derived
from services.ingest.core.doj.file.uniting import extract_number
from services.ingest.core.parse import Reading, Unreadable
from services.ingest.core.unparsed_id import Claimed


def content_id(
    county: CountyName, headers: Mapping[str, str], reading: Reading, identity: Claimed, masked: bytes
) -> UUID:
    """The same for the same county, record, revision and content that is read in the same way.

    ``headers``: of what is kept. ``masked``: as it is kept, so that an id tells nothing of a number that is not.
    In which file and row it stands, and under which number it was submitted, is the sending's affair.
    """
    form = headers.get("format", "").strip().lower()
    extract, encoding = "", ""
    if form != "court":
        number = extract_number(headers.get("extract"))
        extract = headers["extract"].strip() if number is None else str(number)
        encoding = headers.get("encoding", "utf-8").strip().lower()
    read_as = [
        form,
        headers.get("profile", "").strip(),
        extract,
        encoding,
        _faults(headers),
        _wrong_header(reading),
    ]
    content = hashlib.sha256(masked).hexdigest()
    # One part: no text of a sender moves from one place to the next.
    return derived("quarantine", json.dumps([county, *read_as, *identity, content]))


def _faults(headers: Mapping[str, str]) -> str:
    """What the sender saw of rows, by their place in the message: their numbers are those of one file."""
    numbers = headers.get("rows") or headers.get("row", "")
    places = {number.strip(): str(place) for place, number in enumerate(numbers.split(","))}
    found = [pair.partition("=") for pair in headers.get("row_faults", "").split(",") if pair]
    return ",".join(f"{places.get(number, number)}={fault}" for number, _, fault in found)


def _wrong_header(reading: Reading) -> str:
    """The header for which nothing was read: the same content with a right one may fare otherwise."""
    problems = reading.problems if isinstance(reading, Unreadable) else ()
    return next((problem.where for problem in problems if problem.code == "invalid_header"), "")
