"""A social security or licence number, wherever it stands in a record, is in nothing that intake stores or sends on."""

import json
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.runtime.unit_of_work import Received
from services.ingest.batch import key_of
from services.ingest.core.doj.file.columns import COLUMNS, DROPPED
from services.ingest.core.intake_decision import IntakeDecision, decide
from services.ingest.core.message import SourceMessage
from services.ingest.core.message_headers import headers_of
from services.ingest.core.parse import parse
from services.ingest.core.parsed import ParsedCase, ParsedRows, Unparseable
from services.ingest.handlers import from_topic, redaction
from services.ingest.profiles.counties import SendingCounty
from services.ingest.quarantine.entry import entry_of
from tests.ingest.rows import CONVICTION, LA, TODAY, case, row
from tests.ingest.small_profiles import COLUMNS as PROFILE_COLUMNS
from tests.ingest.small_profiles import HEADER, SACRAMENTO, a_profile, csv_row

SSN, LICENCE = "078051120", "F7654321"
COUNTY = SendingCounty(LA, ZoneInfo("America/Los_Angeles"))
PATHS = [
    ("record_id",), ("county",), ("court",), ("case_number",), ("prosecuting_agency",), ("revision",),
    ("defendant", "surname"), ("defendant", "given_name"), ("defendant", "cii_number"), ("defendant", "race"),
    ("defendant", "source_subject_id"), ("defendant", "birth_date"),
    ("charges", 0, "description"), ("charges", 0, "code_section"), ("charges", 0, "plea"),
    ("charges", 0, "charge_number"), ("charges", 0, "disposition_date"), ("charges", 0, "extra"), ("note",),
]  # fmt: skip
PRIVATE_NAMES = [
    "ssn",
    "SSN",
    "soc_sec_no",
    "SocSecNum",
    "SS#",
    "ss_no",
    "CDL",
    "DL#",
    "dlNumber",
    "OLN",
    "driverLicense",
]

_gap = st.sampled_from(["-", " ", ".", "/", "_", "\u2011", "\u00a0", "\u3000", "\u2013"])
_digits = st.sampled_from(["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩"])
_around = st.text("abc ,;:()", max_size=6)


@st.composite
def written(draw: st.DrawFn) -> str:
    """The number as somebody may write it, with words around it."""
    of_digits = str.maketrans("0123456789", draw(_digits))
    number = SSN.translate(of_digits)
    grouped = f"{number[:3]}{draw(_gap)}{number[3:5]}{draw(_gap)}{number[5:]}"
    name = draw(st.sampled_from(["SSN", "ssn:", "Soc. Sec. No.", "SOCIAL SECURITY NUMBER", "SS#", "SSN is"]))
    licence = f"{draw(st.sampled_from(['CDL', 'DL#', 'Licence no.', 'OLN']))} {LICENCE}"
    said = draw(
        st.sampled_from(
            [grouped, f"{name} {number}", f"{name} {grouped}", f"{name}{' '.join(number)}", licence]
        )
    )
    return f"{draw(_around)} {said} {draw(_around)}".strip() if draw(st.booleans()) else said


def assert_gone(stored: object, original: object) -> None:
    assert _has_number(str(original)), "it was there"
    assert not _has_number(str(stored))


def _has_number(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text.replace("\\u", " \\u"))
    digits = "".join(str(unicodedata.digit(mark)) for mark in plain if mark.isdigit())
    return SSN in digits or LICENCE.lower() in plain.lower()


def stored(message: SourceMessage, county: SendingCounty = COUNTY) -> Iterator[Any]:
    """What intake stores of a message and sends on because of it."""
    parsed = parse(message, county.intake, TODAY, county.profiles)
    decision = IntakeDecision("quarantined", None, problems=getattr(parsed, "problems", ()))
    if not isinstance(parsed, Unparseable):
        decision = decide(None, parsed, county.intake, TODAY)
        yield decision.stored and (
            decision.stored if isinstance(parsed, ParsedCase) else decision.stored.content
        )
        yield decision.event and decision.event.to_json().decode()
    for lacking in () if isinstance(parsed, ParsedCase) else parsed.withheld:
        yield decide(None, lacking, county.intake, TODAY).event
    yield key_of(county.intake.county, parsed), message.submission_id
    entry = entry_of(message, parsed, decision, county.profiles.get(message.metadata.profile), TODAY)
    if entry:
        yield entry.raw.decode(errors="replace")
        yield entry.record_id, entry.problems, headers_of(entry.metadata)


def received(value: bytes, **headers: str) -> Received:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    given_ = tuple((name, text.encode()) for name, text in headers.items())
    return Received(f"source-records-v1-{LA.county}", 0, 1, "k", given_, value, at)


@given(st.sampled_from([name for name in COLUMNS if name in CONVICTION or name in DROPPED]), written())
def test_in_no_column_of_dojs_row(column: str, number: str) -> None:
    message = from_topic(received(row(**{column: number}), format="doj"))
    for each in stored(message):
        assert_gone(each, number)


@given(st.sampled_from(PATHS), written(), st.booleans())
def test_in_no_field_of_a_courts_case(path: tuple[str | int, ...], number: str, escaped: bool) -> None:
    sent = case()
    place: Any = sent
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = number
    message = from_topic(received(json.dumps(sent, ensure_ascii=escaped).encode(), format="court"))
    for each in stored(message):
        assert_gone(each, number)


@given(
    st.sampled_from(PRIVATE_NAMES),
    st.sampled_from([SSN, int(SSN) + 10**9, [SSN], {"no": [[int("1" + SSN)]]}]),
)
def test_under_no_private_name_whatever_its_shape(name: str, value: object) -> None:
    sent = case(defendant={"surname": "Doe", "ids": [{name: value}]})
    for each in stored(from_topic(received(json.dumps(sent).encode(), format="court"))):
        assert "78051120" not in str(each)


@pytest.fixture(scope="module")
def county_with_profile(tmp_path_factory: pytest.TempPathFactory) -> SendingCounty:
    return SendingCounty(
        SACRAMENTO, COUNTY.zone, profiles={"trial": a_profile(tmp_path_factory.mktemp("profile"))}
    )


@given(column=st.sampled_from(PROFILE_COLUMNS.split(",")), number=written())
def test_in_no_column_of_a_countys_own_feed(
    column: str, number: str, county_with_profile: SendingCounty
) -> None:
    value = b"\n".join([HEADER, csv_row(**{column: number})])
    record = received(value, format="court", profile="trial")._replace(topic="source-records-v1-sacramento")
    for each in stored(from_topic(record), county_with_profile):
        assert_gone(each, number)


@given(written(), st.sampled_from(["doj", "court", "fax", ""]))
def test_in_no_header_key_or_text_of_an_unknown_format(number: str, form: str) -> None:
    record = received(
        number.encode(), format=form, submission_id=number, profile=number, extract=number
    )._replace(key=number)
    for each in stored(from_topic(record)):
        assert_gone(each, number)
    kept = redaction({COUNTY.intake.county: COUNTY})(record)
    texts = [
        kept.key or "",
        kept.value.decode(errors="replace"),
        *(text.decode() for _, text in kept.headers),
    ]
    for text in texts:
        assert not _has_number(text)


def test_an_identifier_that_is_such_a_number_is_refused_and_says_so() -> None:
    for message, place in (
        (from_topic(received(row(SUBJECT_ID="078-05-1120"), format="doj")), "SUBJECT_ID"),
        (from_topic(received(row(OFN="078-05-1120"), format="doj")), "OFN"),
        (
            from_topic(received(json.dumps(case(record_id="078-05-1120")).encode(), format="court")),
            "record_id",
        ),
    ):
        parsed = parse(message, LA, TODAY)
        refused = (
            [row.problem for row in parsed.unit.refused]
            if isinstance(parsed, ParsedRows)
            else parsed.problems
        )
        assert [(problem.code, problem.field) for problem in refused] == [("private_number", place)]
