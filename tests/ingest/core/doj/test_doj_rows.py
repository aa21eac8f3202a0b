"""Rows of DOJ's bulk file, well and badly written."""

import io
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliefstream_contracts.receipts import Problem
from services.ingest.core.doj.file.columns import COLUMNS
from services.ingest.core.doj.file.file_faults import fault_of_beginning
from services.ingest.core.doj.file.grouping import group
from services.ingest.core.doj.file.rows import Line, fields_of, lines, redacted, split
from services.ingest.core.files.physical_lines import CUT
from tests.ingest.rows import header, row, unit

BOM = b"\xef\xbb\xbf"


def read(data: bytes) -> list[Line]:
    return list(lines(io.BytesIO(data)))


def codes(found: Iterable[Problem]) -> list[str]:
    return [problem.code for problem in found]


@pytest.mark.parametrize(
    "data",
    [
        row() + b"\n" + row(OFN="2") + b"\n",
        header() + b"\n" + row() + b"\n" + row(OFN="2") + b"\n",
        BOM + header() + b"\r\n" + row() + b"\r\n\r\n" + row(OFN="2"),
        BOM + row() + b"\n" + row(OFN="2") + b"\n",
        b'"RECORD_ID"' + header()[9:] + b"\n" + row() + b"\n" + row(OFN="2"),
    ],
)
def test_header_mark_blank_lines_and_line_ends_make_no_difference(data: bytes) -> None:
    found = read(data)
    assert [(line.number, line.raw) for line in found] == [(1, row()), (2, row(OFN="2"))]
    for line in found:
        assert data[line.offset :].startswith(line.raw)


def test_persons_are_grouped_over_the_whole_file_in_order_of_first_rows() -> None:
    data = [row(SUBJECT_ID=subject) for subject in ("7", "8", " 7 ", "", "", "8")]
    units = list(group(read(b"\n".join(data))))
    assert [(u.subject, [r.number for r in u.rows]) for u in units] == [
        ("7", [1, 3]), ("8", [2, 6]), ("", [4]), ("", [5]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ('O"HARA PAT', 'O"HARA PAT'),
        ('"OHARA', '"OHARA'),
        ('OHARA"', 'OHARA"'),
        ('"OHARA,PAT"', "OHARA,PAT"),
        ('"OHARA ""RED"", PAT"', 'OHARA "RED", PAT'),
    ],
)
def test_quotes_and_commas_in_odd_places_keep_95_columns(written: str, read_as: str) -> None:
    values = [""] * len(COLUMNS)
    values[12] = written
    fields = split(",".join(values))
    assert (len(fields), fields[12]) == (95, read_as)


def test_a_row_of_ten_megabytes_is_cut_and_costs_nobody_else() -> None:
    data = row() + b"\n" + row(COMMENT_TEXT="y" * 10_000_000) + b"\n" + row(OFN="3")
    found = read(data)
    assert [line.fault for line in found] == [None, "row_too_long", None]
    assert len(found[1].raw) == CUT
    problem = fields_of(found[1].raw, 2, "utf-8", found[1].fault)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.where) == ("row_too_long", "row 2")


def test_a_file_cut_off_in_a_row_is_told_from_a_short_row() -> None:
    data = row() + b"\n" + row()[:200]
    assert [line.fault for line in read(data)] == [None, "row_truncated"]
    assert [line.fault for line in read(data + b"\n")] == [None, None]
    assert [line.fault for line in read(row() + b"\n" + row())] == [None, None]


@pytest.mark.parametrize("columns", [94, 96])
def test_a_row_with_94_or_96_columns_is_refused_alone(columns: int) -> None:
    short = row()[:-1] if columns == 94 else row() + b","
    found = unit(row(), short)
    assert len(found.rows) == 1
    (refused,) = found.refused
    assert refused.problem.code == "column_count"
    assert refused.problem.where == "row 2"
    assert str(columns) in refused.problem.what


def test_latin_1_is_refused_row_by_row_and_read_when_named() -> None:
    spanish = row(PRI_NAME="MUÑOZ,JOSÉ").decode().encode("latin-1")
    found = unit(row(), spanish)
    assert codes(r.problem for r in found.refused) == ["row_not_utf8"]
    assert "--encoding latin-1" in found.refused[0].problem.remedy
    assert unit(spanish, encoding="latin-1").rows[0].row.pri_name == "MUÑOZ,JOSÉ"


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"SUBJECT_ID": "  "}, "subject_id_missing"),
        ({"SUBJECT_ID": "NULL "}, "subject_id_missing"),
        ({"SUBJECT_ID": "7" * 61}, "subject_id_invalid"),
        ({"CNT_ORDER": ""}, "count_order_invalid"),
        ({"CNT_ORDER": "1010010010"}, "count_order_invalid"),
        ({"CNT_ORDER": "00100200100A"}, "count_order_invalid"),
        ({"STP_TYPE_DESCR": ""}, "step_type_missing"),
        ({"STP_TYPE_DESCR": "COURT"}, "step_type_unknown"),
        ({"STP_TYPE_DESCR": "COURT ACT"}, "step_type_unknown"),
        ({"COMMENT_TEXT": "a\x00b"}, "row_not_text"),
    ],
)
def test_a_row_that_belongs_nowhere_is_refused_with_its_column(columns: dict[str, str], code: str) -> None:
    found = unit(row(), row(**columns))
    assert len(found.rows) == 1
    assert codes(r.problem for r in found.refused) == [code]


@pytest.mark.parametrize(
    "written",
    ["COURT  ACTION", "court action", "CUSTODY:JAIL", "CUSTODY: CDC", "APPLICANT", "SUPPLEMENTAL ARREST"],
)
def test_a_step_type_of_the_departments_own_is_known_however_it_is_spaced(written: str) -> None:
    assert unit(row(STP_TYPE_DESCR=written)).refused == ()


@pytest.mark.parametrize(
    ("beginning", "code"),
    [
        (b"", "empty_file"),
        (BOM + b"\n \n", "empty_file"),
        (b"%PDF-1.7 ...", "not_csv"),
        (b"PK\x03\x04....", "not_csv"),
        (b'{"record_id": 1}', "not_csv"),
        (b"\xff\xfeR\x00E\x00", "not_csv"),
        (b"abc\x00def", "not_csv"),
    ],
)
def test_a_file_of_another_kind_is_named_once(beginning: bytes, code: str) -> None:
    problem = fault_of_beginning(beginning)
    assert problem is not None
    assert problem.code == code
    assert problem.remedy


NUMBERS = ("123456789", "F1234567", "987-65-4321", "987654321", "G7654321")


def test_social_security_and_licence_numbers_are_masked_by_column_or_pattern() -> None:
    for raw in (row(), row()[:-1], row() + b","):
        kept = redacted(raw)[0].decode()
        assert not [n for n in NUMBERS if n in kept]
        assert "A12345678" in kept, "the CII number stays"
    whole = unit(row()).rows[0]
    assert not [n for n in NUMBERS if n in repr(whole)]


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail_and_masking_twice_is_once(data: bytes) -> None:
    for line in lines(io.BytesIO(data)):
        for encoding in ("utf-8", "latin-1"):
            unit(line.raw, encoding=encoding)
        assert redacted(redacted(line.raw)[0])[0] == redacted(line.raw)[0]
    list(group(lines(io.BytesIO(data))))
    fault_of_beginning(data)


@given(st.lists(st.sampled_from(["123456789", "A1234567", "1", "-", ",", "x", "123-45-6789"]), max_size=9))
def test_no_number_of_that_shape_survives_in_a_row_without_columns(parts: list[str]) -> None:
    kept = redacted("".join(parts).encode())[0]
    assert redacted(kept)[0] == kept
