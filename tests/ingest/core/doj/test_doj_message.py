"""A message of one person's rows: what its headers say of the rows, and what is wrong with them."""

import pytest

from services.ingest.core.message import SourceMessage
from services.ingest.core.message_headers import metadata_of
from services.ingest.core.parse import parse
from services.ingest.core.parsed import Parsed, ParsedRows, Unparseable
from tests.ingest.rows import LA, TODAY, row

SECOND = row(CNT_ORDER="001003001000")


def parsed(*rows: bytes, **headers: str) -> Parsed:
    metadata = metadata_of({"format": "doj"} | headers)
    return parse(SourceMessage("t/0/1", LA.county, metadata, b"\n".join(rows)), LA, TODAY)


def test_the_rows_have_the_numbers_that_the_sender_gives_them() -> None:
    found = parsed(row(), SECOND, rows="7,9", file_sha256="a" * 64)
    assert isinstance(found, ParsedRows)
    assert [place.number for _, place in found.unit.rows] == [7, 9]


@pytest.mark.parametrize("rows", ["7", "7,8,9", "7,x"])
def test_a_numbering_that_does_not_fit_the_rows_is_refused(rows: str) -> None:
    found = parsed(row(), SECOND, rows=rows)
    assert isinstance(found, Unparseable)
    assert [(each.code, each.where) for each in found.problems] == [("invalid_header", "header rows")]
