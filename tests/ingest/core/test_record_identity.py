"""Which record a message names, whatever else it lacks."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.core.message import Metadata, SourceMessage
from services.ingest.core.record_identity import RecordIdentity, record_id_in, record_identity
from tests.ingest.rows import LA, case, case_bytes, header, row


@pytest.mark.parametrize(
    ("raw", "record_id"),
    [
        (case_bytes(), "case-1"),
        (b'{"record_id": "r9"}', "r9"),
        (b'  {\n"record_id" : " r9 ", "revision": "x"}', "r9"),
        (json.dumps(dict(reversed(case().items()))).encode(), "case-1"),
        (b'{"record_id": "r\\u0039"}', "r9"),
        (b'{"record_id": "M\xc3\xbc"}', "M\u00fc"),
        (b'{"defendant": {"record_id": "x"}, "record_id": "r9"}', "r9"),
        (b'{"defendant": {"record_id": "x"}}', ""),
        (b'{"record_id": "r9", "charges": [', "r9"),
        (b'{"revision": 1, "record_id": "r9", "charges": [', "r9"),
        (b'{"record_id": "r9", "charges": [{"record_id": "x"', ""),
        (b'{"record_id": 9}', ""),
        (b'["record_id"]', ""),
        (b"null", ""),
        (b"", ""),
        (b"[" * 100_000, ""),
    ],
)
def test_a_case_names_its_record(raw: bytes, record_id: str) -> None:
    assert record_id_in(raw) == record_id


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail(raw: bytes) -> None:
    assert isinstance(record_id_in(raw), str)


def of(metadata: Metadata, value: bytes) -> RecordIdentity:
    return record_identity(SourceMessage("r", LA.county, metadata, value), None)


def test_a_revision_belongs_to_it_where_it_can_be_told() -> None:
    court = Metadata("court")
    assert of(court, b'{"record_id": "r9", "revision": 3}') == ("r9", 3)
    assert of(court, b'{"record_id": "r9", "revision": "3"}') == ("r9", None)
    assert of(court, b'{"record_id": "r9", "revision": true}') == ("r9", None)
    assert of(court, b'{"record_id": "r9", "revision": 3') == ("r9", None)
    assert of(court, b'{"record_id": "' + b"9" * 201 + b'"}') == (None, None)


def test_rows_name_their_person_where_all_name_the_same() -> None:
    doj = Metadata("doj", extract="2026-11-01")
    assert of(doj, header() + b"\n" + row(CNT_ORDER="")) == ("18000001", 20261101)
    assert of(doj, row() + b"\n" + row(SUBJECT_ID="2")) == (None, None)
    assert of(Metadata("fax"), row()) == (None, None)
