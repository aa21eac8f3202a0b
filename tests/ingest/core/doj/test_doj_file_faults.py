"""A file that is not what it seems is refused once and whole; one bad row in it is not."""

import pytest

from services.ingest.core.doj.file.columns import COLUMNS
from services.ingest.core.doj.file.file_faults import fault_of_beginning
from tests.ingest.rows import header, row


def with_names(*names: str) -> bytes:
    return ",".join(names).encode() + b"\r\n" + row() + b"\r\n"


def test_a_header_in_another_order_is_refused_and_not_misread() -> None:
    swapped = list(COLUMNS)
    swapped[2], swapped[11] = swapped[11], swapped[2]

    problem = fault_of_beginning(with_names(*swapped))

    assert problem is not None
    assert (problem.code, problem.where) == ("columns_in_another_order", "header, column 3")
    assert "CII_NUMBER" in problem.what
    assert "SUBJECT_ID" in problem.what


@pytest.mark.parametrize("first", ["Record Id", "record-id", "\ufeff\ufeffRECORD_ID", "Id", "END_OF_REC"])
def test_so_is_one_whose_first_cell_is_written_in_another_way(first: str) -> None:
    swapped = [first, *COLUMNS[1:]]
    disposed, happened = COLUMNS.index("DISP_DATE"), COLUMNS.index("STP_EVENT_DATE")
    swapped[disposed], swapped[happened] = swapped[happened], swapped[disposed]

    problem = fault_of_beginning(with_names(*swapped))

    assert problem is not None
    assert problem.code == "columns_in_another_order"


def test_a_header_in_words_of_its_own_is_read() -> None:
    assert fault_of_beginning(with_names(*(name.title().replace("_", " ") for name in COLUMNS))) is None


def test_a_header_that_lacks_a_column_is_refused() -> None:
    problem = fault_of_beginning(with_names(*COLUMNS[:7], *COLUMNS[8:], "MORE"))

    assert problem is not None
    assert problem.where == "header, column 8"


@pytest.mark.parametrize(
    "names",
    [
        COLUMNS,
        tuple(name.lower() for name in COLUMNS),
        tuple(f'" {name} "' for name in COLUMNS),
        (*COLUMNS[:-1], "END_OF_RECORD"),
    ],
)
def test_a_header_in_order_is_taken_however_it_is_written(names: tuple[str, ...]) -> None:
    assert fault_of_beginning(with_names(*names)) is None


def test_rows_without_a_header_are_taken() -> None:
    assert fault_of_beginning(row() + b"\n" + row()) is None


def test_a_nul_in_one_row_is_that_rows_fault_and_not_the_files() -> None:
    bad = row(OFN="A\0B")

    assert fault_of_beginning(b"\n".join([header(), bad, row()])) is None
    assert fault_of_beginning(b"\n".join([bad, bad, row()])) is None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_text_in_another_width_is_no_csv(encoding: str) -> None:
    problem = fault_of_beginning((header() + b"\n" + row()).decode().encode(encoding))

    assert problem is not None
    assert problem.code == "not_csv"
