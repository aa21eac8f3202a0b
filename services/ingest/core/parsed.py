"""A parsed message: a person's rows, a court's case, or why it is neither. Pure."""

import re
from dataclasses import dataclass

from reliefstream_contracts.court_case import CourtCase
from reliefstream_contracts.receipts import Problem
from services.ingest.core.court.cases import Unread
from services.ingest.core.doj.file.unit import Place, ReadUnit
from services.ingest.core.message import Metadata
from services.ingest.core.source_location import SourceLocation, header_location


@dataclass(frozen=True, slots=True)
class ParsedRows:
    """Rows of one person; ``record_id`` is the SUBJECT_ID. Some of the rows may be refused."""

    record_id: str
    extract: int
    unit: ReadUnit
    withheld: tuple["ParsedRows", ...] = ()
    """Other persons whom refused rows name: their histories lack them, too."""


@dataclass(frozen=True, slots=True)
class ParsedCase:
    """A case that can be recorded."""

    record_id: str
    case: CourtCase
    place: Place
    unread: tuple[Unread, ...] = ()
    """What the county's profile lets be unknown."""
    profile: str = ""
    """The fingerprint of the profile that it was read by; empty for the strict JSON."""


@dataclass(frozen=True, slots=True)
class Unparseable:
    """Nothing of it can be recorded."""

    problems: tuple[Problem, ...]
    withheld: tuple[ParsedRows, ...] = ()
    """Of DOJ's rows: each person whose history lacks them, all of its rows among the refused."""


Parsed = ParsedRows | ParsedCase | Unparseable


def unparseable(code: str, where: SourceLocation, what: str, remedy: str) -> Unparseable:
    """A message of which nothing can be recorded, for one reason."""
    return Unparseable((where.problem(code, what, remedy),))


def place_in_file(metadata: Metadata, number: int | None) -> Place | Unparseable:
    """Where in its file the row or case of that number stands, or that the file's SHA-256 is none."""
    sha = metadata.file_sha256
    if sha and not re.fullmatch(r"[0-9a-f]{64}", sha):
        return unparseable(
            "invalid_header",
            header_location("file_sha256"),
            "this is not a SHA-256 in hexadecimal",
            "send 64 hexadecimal digits, or leave the header out",
        )
    return Place(sha, number) if sha and number else Place()
