"""Social security and licence numbers leave what was sent, however they are written; nothing else does."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.runtime.unit_of_work import Received
from services.ingest.core.redaction import is_private_name, redacted_forms, redacted_json, redacted_text
from services.ingest.handlers import redaction
from services.ingest.profiles.counties import SendingCounty
from tests.ingest.rows import LA, case, case_bytes, row

NUMBERS = ("123-45-6789", "123456789", "987654321", "A1234567", "5550001", "6789")


@pytest.mark.parametrize(
    "extra",
    [
        {"ssn": "123-45-6789"},
        {"ssn": 123456789},
        {"ssn": ["123456789", ["987654321"]]},
        {"ssn": {"number": "123456789", "state": {"of": [987654321]}}},
        {"SSN_LAST4": "6789"},
        {"socialSecurityNumber": "123 45 6789"},
        {"identifiers": [{"a": 1}, {"driversLicense": {"no": "A1234567", "state": "CA"}}]},
        {"licence no.": "5550001"},
        {"dlNumber": "A1234567"},
        {"DL_NO": ["A1234567"]},
        {"cdl": "5550001"},
        {"note": "SSN 123-45-6789 on the ticket"},
        {"note": "ssn#123456789, CDL no. A1234567"},
        {"notes": [["Social Security No: 123456789"]]},
        {"note": "123\u201145\u20116789"},
        {"123-45-6789": "a number as a name"},
        {"\u0073sn": "123456789"},
    ],
)
def test_no_number_stays_in_json_under_its_name_or_in_its_form(extra: dict[str, object]) -> None:
    for raw in (json.dumps(case(**extra)).encode(), json.dumps(case(**extra), ensure_ascii=False).encode()):
        found = redacted_json(raw)
        for number in NUMBERS:
            assert number not in found.decode()
        assert "45\u20116789" not in json.dumps(json.loads(found), ensure_ascii=False)
        assert redacted_json(found) == found, "twice is once"
        kept = json.loads(found)
        assert {name: kept[name] for name in case()} == case(), "the rest stays"


@pytest.mark.parametrize(
    "raw",
    [
        b'{"ssn": "123456789", "ssn": "987654321"}',
        b'{"ssn": "123456789", "court": "A"',
        b'{"ssn": ["123456789"], "court": NaN, }',
        b'[{"ssn": 123456789}]',
        b'{"a": "\\ud800", "ssn": "123-45-6789"}',
        b'{"a": "\xff", "cdl": "A1234567"}',
        b'\xef\xbb\xbf{"ssn": "123456789"}',
        b'{"ssn": "123456789',
        b"[" * 100_000 + b'"123-45-6789"',
        b"123-45-6789",
    ],
)
def test_what_is_no_proper_json_keeps_no_number_either(raw: bytes) -> None:
    found = redacted_json(raw)
    assert not [number for number in NUMBERS if number.encode() in found]
    assert redacted_json(found) == found


def test_fields_that_stand_twice_and_odd_numbers_stay_as_they_were() -> None:
    """What is refused for them must be refused again when it is resubmitted."""
    found = redacted_json(b'{"revision": 1, "revision": 2.00, "x": 1e999, "y": NaN, "ssn": 1}').decode()
    assert found == '{"revision": 1, "revision": 2.00, "x": 1e999, "y": NaN, "ssn": "*"}'


@pytest.mark.parametrize("value", [None, "", True])
def test_nothing_under_a_private_name_stays_nothing(value: object) -> None:
    raw = json.dumps({"ssn": value}, indent=3).encode()
    assert redacted_json(raw) == raw


def test_what_holds_no_number_stays_byte_for_byte() -> None:
    for raw in (
        case_bytes(case_number="A1234567", record_id="123456789"),
        json.dumps(
            case(charge={"description": "DRIVING ON A SUSPENDED LICENSE 14601.1(A) VC"}), indent=2
        ).encode(),
        b"12500(a) VC-DRIVE W/O LICENSE",
    ):
        assert redacted_json(raw) == raw
        assert redacted_forms(raw) == raw


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("SSN:123-45-6789;", "SSN:***********;"),
        ("SS: 123456789", "SS: *********"),
        ("a 123 45 6789 b", "a *********** b"),
        ("123.45.6789", "***********"),
        ("x,123456789,y", "x,*********,y"),
        ("a1234567", "********"),
        ("DL A1234567", "DL ********"),
        ("A12345678", "A12345678"),
        ("1234567890", "1234567890"),
    ],
)
def test_text_of_unknown_structure_keeps_no_number_and_its_length(text: str, kept: str) -> None:
    assert redacted_text(text.encode()).decode() == kept


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail_and_twice_is_once(raw: bytes) -> None:
    for redact in (redacted_text, redacted_forms, redacted_json):
        assert redact(redact(raw)) == redact(raw)
    assert len(redacted_text(raw)) == len(redacted_forms(raw)) == len(raw)


@pytest.mark.parametrize(
    "name", ["court", "case_number", "class", "handle", "middle_name", "disposition_date"]
)
def test_other_names_are_not_private(name: str) -> None:
    assert not is_private_name(name)


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (b"doj", row()),
        (b"doj", row()[:-4]),
        (b"court", case_bytes(ssn=["123456789"], note="CDL F1234567")),
        (b"fax", b"987-65-4321 G7654321"),
    ],
)
def test_a_record_that_intake_cannot_process_is_kept_without_them(form: bytes, value: bytes) -> None:
    counties = {LA.county: SendingCounty(LA, ZoneInfo("America/Los_Angeles"))}
    at = datetime(2026, 11, 22, tzinfo=UTC)
    record = Received(f"source-records-v1-{LA.county}", 0, 1, "k", (("format", form),), value, at)
    found = redaction(counties)(record)
    for number in (b"123456789", b"F1234567", b"987-65-4321", b"G7654321"):
        assert number not in found.value
    assert found._replace(value=value) == record
