"""Objects of JSON by a profile."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.core.profile import json_elements as profile_elements
from services.ingest.core.profile.json_elements import NoArray, elements
from services.ingest.core.profile.json_paths import steps
from services.ingest.core.profile.profile import Profile
from services.ingest.core.profile.sent_case import SentCase, SentUnit, read_sent_case
from tests.ingest.small_profiles import JSON, TODAY, a_profile, sacramento

OBJECT: dict[str, Any] = {
    "id": 17, "changed": "2026-11-01T08:00:00", "number": "94F001", "decided": "1999-01-15",
    "person": {"last": "Garcia", "last2": "Lopez", "first": "Ana", "ssn": "000-12-3456"},
    "counts": [{"seq": "01", "law": {"code": "HS", "section": "11357", "sub": "c"}, "outcome": "C"}],
    "notes": [{"x": {"y": 1}}, None],
}  # fmt: skip


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return a_profile(tmp_path, JSON)


def problems(profile: Profile, raw: bytes | dict[str, Any]) -> list[tuple[str, str]]:
    value = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    found = read_sent_case(profile, SentUnit(value, (4,)), TODAY)
    assert not isinstance(found, SentCase)
    return [(problem.code, problem.where) for problem in found]


def understood(profile: Profile, raw: dict[str, Any]) -> Any:
    found = read_sent_case(profile, SentUnit(json.dumps(raw).encode(), (4,)), TODAY)
    assert isinstance(found, SentCase), found
    return found.case


def test_an_object_is_a_case(profile: Profile) -> None:
    case = understood(profile, OBJECT)

    assert (case.record_id, case.defendant.surname) == ("17", "Garcia Lopez")
    assert case.revision == 1_793_520_000  # seconds from 1970 to the moment of the change
    (charge,) = case.charges
    assert (charge.charge_number, charge.code_section, charge.disposition) == (
        "01",
        "11357(c) HS",
        "convicted",
    )
    assert str(charge.disposition_date) == "1999-01-15"


@pytest.mark.parametrize(
    ("section", "sub", "text"),
    [("11357", "(c)", "11357(c) HS"), ("11360", "(a)(3)", "11360(a)(3) HS"), ("664/11359", None, "664/11359 HS"),
     ("11357", "c?", "11357 c? HS"), (11358, "", "11358 HS"), ("11360", "a)(3", "11360 a)(3 HS")],
)  # fmt: skip
def test_a_statute_in_columns_is_one_text(profile: Profile, section: object, sub: object, text: str) -> None:
    law = {"code": "HS", "section": section, "sub": sub}

    assert understood(profile, {**OBJECT, "counts": [{**OBJECT["counts"][0], "law": law}]}).charges[
        0
    ].code_section == (text)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"{", ("not_json", "record 4, character 2")),
        (b"[]", ("not_an_object", "record 4")),
        (b'{"id": 1, "id": 2}', ("json_duplicate_key", "record 4")),
        (b"[" * 5000, ("json_too_deep", "record 4")),
        (OBJECT | {"judge": "X"}, ("unknown_field", "record 4, judge")),
        (OBJECT | {"JANE DOE": "X"}, ("unknown_field", "record 4, (a field with an unusual name)")),
        (OBJECT | {"counts": {}}, ("not_a_list", "record 4, counts")),
        (OBJECT | {"counts": [1]}, ("unknown_field", "record 4, counts[0]")),
        (OBJECT | {"counts": []}, ("no_charge", "record 4, counts")),
        (OBJECT | {"counts": None}, ("unknown_field", "record 4, counts")),
        (OBJECT | {"person": "DOE"}, ("unknown_field", "record 4, person")),
        (OBJECT | {"number": ["a"]}, ("unknown_field", "record 4, number[0]")),
        (OBJECT | {"number": []}, ("not_a_value", "record 4, number")),
        (OBJECT | {"changed": "2036-01-01T00:00:00"}, ("date_in_the_future", "record 4, changed")),
        (OBJECT | {"changed": "1969-12-31T23:59:59"}, ("date_too_early", "record 4, changed")),
        (OBJECT | {"counts": [{"outcome": "Q"}]}, ("unknown_code", "record 4, counts[0].outcome")),
        (OBJECT | {"decided": "1999"}, ("invalid_date", "record 4, decided")),
        (OBJECT | {"id": None}, ("missing_field", "record 4, id")),
        (OBJECT | {"id": 1.5e400}, ("not_json", "record 4")),
    ],
)  # fmt: skip
def test_a_bad_object_is_named_with_its_path(
    profile: Profile, raw: bytes | dict[str, Any], problem: tuple[str, str]
) -> None:
    if isinstance(raw, dict) and raw.get("id") == float("inf"):
        raw, problem = b'{"id": Infinity}', ("json_not_a_number", "record 4")

    assert problem in problems(profile, raw)


def test_two_defendants_in_one_case_are_not_chosen_between() -> None:
    party = {"role": "DEF", "partyId": "1", "name": {"last": "DOE", "first": "JANE"}}
    case = {"caseId": "1", "version": 1, "parties": [party, party], "charges": []}

    found = read_sent_case(sacramento("ecourt"), SentUnit(json.dumps(case).encode()), TODAY)

    assert not isinstance(found, SentCase)
    assert "which one is meant cannot be told" in found[0].what


@pytest.mark.parametrize("path", ["a..b", "a.", ".a", "a[x]", "a[-1]", "a[b=c", "a b]", "[]a"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is no path"):
        steps(path)


CASES = [{"id": n, "t": 'a"b\\,]}{[:\n é\\', "c": [{"x": [1, {}]}], "cases": [9]} for n in range(40)]


@pytest.mark.parametrize("indent", [None, 0, 2])
@pytest.mark.parametrize("chunk", [1, 3, 100, 100_000])
def test_an_array_of_any_length_is_cut_into_its_objects(
    monkeypatch: pytest.MonkeyPatch, indent: int | None, chunk: int
) -> None:
    monkeypatch.setattr(profile_elements, "CHUNK", chunk)
    document = {"cases": {"cases": 1}, "q": "export", "export": {"n": [1], "cases": CASES, "z": [3]}}

    found = list(elements(io.BytesIO(json.dumps(document, indent=indent).encode()), ("export", "cases")))
    alone = elements(io.BytesIO(json.dumps(CASES, indent=indent, ensure_ascii=False).encode()), ())

    assert [json.loads(element.raw) for element in found] == CASES
    assert [element.number for element in found] == list(range(1, 41))
    assert [json.loads(element.raw) for element in alone] == CASES


@pytest.mark.parametrize("margin", ["", "  "])
@pytest.mark.parametrize("chunk", [50, 100_000])
def test_a_broken_object_costs_its_neighbours_nothing(
    monkeypatch: pytest.MonkeyPatch, margin: str, chunk: int
) -> None:
    monkeypatch.setattr(profile_elements, "CHUNK", chunk)
    lines = [json.dumps(case) for case in CASES]
    lines[7] = lines[7].replace('"t": "', '"t": ', 1)
    lines[20] = lines[20][:-1]
    lines[30] = lines[30][:40]
    text = f'{{"cases": [\n{margin}' + f",\n{margin}".join(lines) + '\n], "count": null}'

    found = list(elements(io.BytesIO(text.encode()), ("cases",)))

    whole = []
    for element in found:
        try:
            whole.append(json.loads(element.raw)["id"])
        except ValueError:
            assert element.raw.startswith(b"{")
    assert whole == [n for n in range(40) if n not in (7, 20, 30)]
    assert len(found) == 40


def test_a_mark_that_a_text_with_a_line_break_leaves_over_ends_no_array() -> None:
    text = b'[\n{"id": 1, "l": ["first\nsecond }"\n]},\n{"id": 2}\n]'

    *_, last = elements(io.BytesIO(text), ())

    assert json.loads(last.raw) == {"id": 2}


def test_an_object_that_is_too_long_is_cut() -> None:
    text = b'[{"a": 1}, {"b": "' + b"x" * 3_000_000 + b'"}, {"c": 1}]'

    found = list(elements(io.BytesIO(text), ()))

    assert [(element.number, element.too_long, len(element.raw)) for element in found] == [
        (1, False, 8), (2, True, profile_elements.CUT), (3, False, 8),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", [b"", b"{}", b'{"other": []}', b'{"a": [1]}', b'[{"cases": [1]}]', b"no JSON"]
)
def test_a_document_without_the_array_is_refused(text: bytes) -> None:
    with pytest.raises(NoArray, match="no array at cases"):
        list(elements(io.BytesIO(text), ("cases",)))


@given(st.binary(max_size=300), st.sampled_from([(), ("cases",), ("a", "b")]))
def test_any_bytes_are_cut_without_an_error(data: bytes, path: tuple[str, ...]) -> None:
    prefix = b"" if not path else b"".join(b'{"%s":' % key.encode() for key in path)
    for element in elements(io.BytesIO(prefix + b"[" + data), path):
        assert element.raw.strip() == element.raw != b""
