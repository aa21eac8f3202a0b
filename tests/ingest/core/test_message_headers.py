"""A message's metadata on Kafka: what is written as headers is read back, and what is none is kept."""

import pytest

from services.ingest.core.message import NOTHING_SAID, Metadata
from services.ingest.core.message_headers import headers_of, metadata_of

WHOLE = Metadata(
    format="doj",
    submission_id="s",
    unit=3,
    file_sha256="a" * 64,
    extract="2026-11-01",
    encoding="latin-1",
    rows=(1, 17),
    row_faults={17: "row_truncated"},
    line_offset=((0, 1), (17, 2)),
    traceparent=f"00-{'a' * 32}-{'b' * 16}-01",
)


def test_what_is_written_is_read_back() -> None:
    written = headers_of(WHOLE)
    assert (written["rows"], written["row_faults"], written["line_offset"]) == (
        "1,17",
        "17=row_truncated",
        "1,17:2",
    )
    assert metadata_of(written) == WHOLE
    assert metadata_of(headers_of(NOTHING_SAID)) == NOTHING_SAID
    assert headers_of(NOTHING_SAID) == {}


@pytest.mark.parametrize("rows", ["1,x", "-1", "1;2", "1,,2", "²", "1" * 13])
def test_a_numbering_that_is_none_is_kept_for_who_looks_at_it(rows: str) -> None:
    found = metadata_of({"format": "doj", "rows": rows})
    assert (found.rows, found.unread) == ((), {"rows": rows})
    assert headers_of(found) == {"format": "doj", "rows": rows}


@pytest.mark.parametrize("text", ["x", "-1", "1,2", "1,2:x", "²", "1" + ",1:1" * 700])
def test_an_offset_that_is_none_is_not_known(text: str) -> None:
    assert metadata_of({"line_offset": text}).line_offset == ()


@pytest.mark.parametrize("text", ["x", "1=", "1=row_burnt", "=row_too_long", "1=row_too_long=2"])
def test_a_fault_that_nobody_knows_is_none(text: str) -> None:
    assert metadata_of({"row_faults": text}).row_faults == {}
