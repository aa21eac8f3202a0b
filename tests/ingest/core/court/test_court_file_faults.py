"""A file that is plainly something else is refused whole, before any of it is sent."""

from pathlib import Path

import pytest

from services.ingest.core.court.file_faults import fault_of_json_lines
from services.ingest.core.profile.feed_units import file_fault
from services.ingest.core.profile.profile import Fixed
from tests.ingest.rows import case_bytes, header, row
from tests.ingest.small_profiles import CSV, HEADER, a_profile, csv_row, sacramento

DOJ = b"\n".join([header(), row()])


def code(fault: object) -> str | None:
    return getattr(fault, "code", None)


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        (DOJ, "doj_file"),
        (row(), "doj_file"),
        (HEADER + b"\n" + csv_row(), "not_json_lines"),
        (b"hello\nworld\n", "not_json_lines"),
        (case_bytes(), None),
        (b"\xef\xbb\xbf" + case_bytes(), None),
        (b"not JSON\n" + case_bytes(), None),
        (b"", None),
    ],
)
def test_lines_that_are_no_cases_at_all_are_refused_at_the_sender(
    beginning: bytes, expected: str | None
) -> None:
    assert code(fault_of_json_lines(beginning)) == expected


@pytest.mark.parametrize("name", ["odyssey", "mainframe"])
def test_dojs_file_is_no_countys_feed(name: str) -> None:
    fault = file_fault(sacramento(name), DOJ)
    assert fault is not None and fault.code == "doj_file" and "--format doj" in fault.remedy


def test_a_feed_without_a_header_is_told_from_another_by_its_columns(tmp_path: Path) -> None:
    columns = ", ".join(HEADER.decode().split(","))
    text = CSV.replace("encoding: utf-8}", f"encoding: utf-8, columns: [{columns}]}}")
    profile = a_profile(tmp_path, text)
    assert file_fault(profile, csv_row()) is None
    assert file_fault(profile, b"a;b;c\n" + csv_row()) is None
    assert code(file_fault(profile, b"a;b;c\nd;e;f\n")) == "another_layout"


def test_a_feed_of_fixed_columns_is_told_from_another_by_its_record_types() -> None:
    assert code(file_fault(sacramento("mainframe"), HEADER + b"\n" + csv_row())) == "another_layout"


def test_a_feed_of_fixed_columns_is_taken_that_has_one_of_its_record_types_among_others() -> None:
    profile = sacramento("mainframe")
    assert isinstance(profile.layout, Fixed)
    for known in sorted(profile.layout.skipped | profile.layout.records.keys()):
        line = bytearray(b" " * 200)
        first = profile.layout.record_type[0] - 1
        line[first : first + len(known)] = known.encode()
        assert file_fault(profile, b"hello\n" + bytes(line) + b"\n") is None, known
