"""Court cases, well and badly written."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliefstream_contracts.court_case import CourtCase
from services.ingest.core.court.cases import case_content, digest, problems_of
from services.ingest.core.court.strict_json import read_case
from services.ingest.core.doj.file.unit import Place
from services.ingest.core.source_location import SourceLocation
from tests.ingest.rows import LA, TODAY, case, case_bytes

LINE = SourceLocation(line=4)


def good(**fields: Any) -> CourtCase:
    found = read_case(case_bytes(**fields), LINE)
    assert isinstance(found, CourtCase), found
    return found


def codes(raw: bytes) -> list[str]:
    found = read_case(raw, LINE)
    assert not isinstance(found, CourtCase)
    assert all(problem.where.startswith("line 4") and problem.remedy for problem in found)
    return [problem.code for problem in found]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty"),
        (b"\xff\xfe{}", "not_utf8"),
        (b"{", "not_json"),
        (b"Record 1, Doe", "not_json"),
        (b"[1]", "not_an_object"),
        (b"null", "not_an_object"),
        (b"[" * 10_000 + b"]" * 10_000, "json_too_deep"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "json_too_deep"),
        (b"[" * 10_000, "json_too_deep"),
        (b'{"record_id": "1", "record_id": "2"}', "json_duplicate_key"),
        (b'{"defendant": {"sex": "F", "sex": "M"}}', "json_duplicate_key"),
        (b'{"revision": NaN}', "json_not_a_number"),
        (b'{"revision": -Infinity}', "json_not_a_number"),
        (b'{"revision": ' + b"9" * 5_000 + b"}", "not_json"),
        (b'"' + b"x" * 1_000_001 + b'"', "case_too_large"),
        (case_bytes(court="a\x00b"), "not_text"),
        (case_bytes(court="a\ud800b"), "not_text"),
        (case_bytes(colour="blue"), "unknown_field"),
        (case_bytes(revision="1"), "invalid_value"),
        (case_bytes(revision=-1), "invalid_value"),
        (case_bytes(defendant={"birth_date": 0}), "invalid_date"),
        (case_bytes(defendant={"birth_date": "0000-00-00"}), "invalid_date"),
        (case_bytes(defendant={"birth_date": "01/02/1970"}), "invalid_date"),
        (case_bytes(charge={"level_convicted": "FELONY"}), "invalid_value"),
    ],
)
def test_what_is_not_a_case_is_named(raw: bytes, code: str) -> None:
    assert codes(raw) == [code]


def test_a_problem_names_the_path_and_never_the_value() -> None:
    (problem,) = read_case(case_bytes(charge={"level_convicted": "SECRET"}), LINE)  # type: ignore[misc]
    assert problem.where == "line 4, charges[0].level_convicted"
    assert "SECRET" not in problem.to_json().decode()
    (problem,) = read_case(case_bytes(**{"Jane Doe 1970": 1}), LINE)  # type: ignore[misc]
    assert "Jane" not in problem.to_json().decode()


def test_every_problem_of_a_case_is_told_at_once() -> None:
    raw = case()
    del raw["court"], raw["charges"][0]["disposition"]
    assert codes(json.dumps(raw).encode()) == ["missing_field", "missing_field"]


@pytest.mark.parametrize(
    ("fields", "code", "where"),
    [
        ({"county": "Yolo"}, "other_county", "county"),
        ({"county": ""}, "other_county", "county"),
        ({"charge": {"disposition_date": "2091-01-01"}}, "date_in_the_future", "charges[0].disposition_date"),
        ({"defendant": {"birth_date": "1850-01-01"}}, "date_too_early", "defendant.birth_date"),
        (
            {"charge": {"sentence": [{"kind": "jail", "length": 3}]}},
            "sentence_incomplete",
            "charges[0].sentence[0]",
        ),
        ({"charges": case()["charges"] * 2}, "duplicate_charge_number", "charges[1].charge_number"),
    ],
)
def test_intake_refuses_what_the_schema_cannot_see(fields: dict[str, Any], code: str, where: str) -> None:
    (problem,) = problems_of(good(**fields), LA, TODAY, LINE)
    assert (problem.code, problem.where) == (code, f"line 4, {where}")


@pytest.mark.parametrize("county", ["Los Angeles", "LOS ANGELES COUNTY", " l.a. "])
def test_the_county_may_be_written_in_any_common_way(county: str) -> None:
    assert problems_of(good(county=county), LA, TODAY, LINE) == ()


def test_a_case_may_be_decided_on_the_day_on_which_it_comes() -> None:
    assert problems_of(good(charge={"disposition_date": TODAY.isoformat()}), LA, TODAY, LINE) == ()


def test_a_sentence_may_end_in_the_future() -> None:
    assert problems_of(good(charge={"sentence_end_date": "2091-01-01"}), LA, TODAY, LINE) == ()


def test_a_case_becomes_a_record_with_its_place() -> None:
    person, (count,), doubts = case_content(good(), LA, Place("a" * 64, 7))
    assert person.name and (person.name.surname, person.name.given) == ("DOE", "JANE")
    assert (str(count.offense), count.outcome, count.event) == ("HS 11357(c)", "convicted", "9LA00001")
    assert (count.conviction_date, count.disposition_date) == (date(1999, 1, 15),) * 2
    assert (count.file_sha256, count.file_row) == ("a" * 64, 7)
    assert (count.doubts, doubts) == ((), ())


def test_facts_that_a_conviction_lacks_are_doubts() -> None:
    charge = {"code_section": "MARIJUANA", "level_convicted": None, "disposition_date": None}
    _, (count,), _ = case_content(good(charge=charge), LA, Place())
    assert {d.field: d.kind for d in count.doubts} == {
        "offense": "unparsed", "level_convicted": "missing", "conviction_date": "missing",
    }  # fmt: skip


def test_a_conviction_before_its_offense_leaves_both_dates_unknown() -> None:
    _, (count,), _ = case_content(good(charge={"offense_date": "2001-01-01"}), LA, Place())
    assert (count.offense_date, count.disposition_date, count.conviction_date) == (None, None, None)
    assert {d.kind for d in count.doubts} == {"impossible"}


def test_a_conviction_after_its_disposition_leaves_both_dates_unknown() -> None:
    days = {"conviction_date": "2017-01-01", "disposition_date": "2015-01-01"}
    _, (count,), _ = case_content(good(charge=days), LA, Place())
    assert (count.disposition_date, count.conviction_date) == (None, None)
    assert {d.field: d.kind for d in count.doubts} == {
        "conviction_date": "impossible",
        "disposition_date": "impossible",
    }


def test_a_section_that_its_description_contradicts_is_unread() -> None:
    charge = {"code_section": "11375 HS", "description": "Possession of marijuana for sale"}
    _, (count,), _ = case_content(good(charge=charge), LA, Place())
    assert count.offense.sections == ()


@pytest.mark.parametrize(
    ("code_section", "description", "kind"),
    [
        ("11359 HS", "Conspiracy to possess marijuana for sale", "unparsed"),
        ("11359 HS", "Accessory to possession for sale", "unparsed"),
        ("11358 HS", "Attempted murder", "unparsed"),
        ("11358 HS", "Cultivating psilocybin", "unparsed"),
        ("11352 HS", "Amended to 11357(b) HS", "contradictory"),
    ],
)
def test_a_description_that_means_another_charge_leaves_the_section_unread(
    code_section: str, description: str, kind: str
) -> None:
    charge = {"code_section": code_section, "description": description}
    _, (count,), _ = case_content(good(charge=charge), LA, Place())
    assert count.offense.sections == ()
    assert {d.field: d.kind for d in count.doubts} == {"offense": kind}


@pytest.mark.parametrize("born", ["1900-01-01", "1990-01-02", "2000-01-02"])
def test_a_birth_date_that_no_conviction_fits_is_unknown(born: str) -> None:
    person, _, doubts = case_content(good(defendant={"surname": "Doe", "birth_date": born}), LA, Place())
    assert person.birth_date is None
    assert [(d.field, d.kind, d.as_written) for d in doubts] == [("birth_date", "impossible", ())]


def test_the_same_content_has_the_same_digest_however_it_is_written() -> None:
    other = json.dumps(dict(reversed(case(court=" Superior Court ").items())), indent=2).encode()
    again = read_case(other, LINE)
    assert isinstance(again, CourtCase)
    assert digest(again) == digest(good())
    assert digest(good(revision=2)) != digest(good())


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail(raw: bytes) -> None:
    read_case(raw, LINE)


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists)


@pytest.mark.slow
@given(st.sampled_from(sorted(case())), JSON)
def test_no_value_of_a_field_makes_the_reader_fail(field: str, value: Any) -> None:
    read_case(json.dumps(case() | {field: value}).encode(), LINE)
