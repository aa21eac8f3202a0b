"""Line ends inside of quotes, by carriage returns alone, and an end-of-file mark: the rows stay what they are."""

import io
from pathlib import Path

import pytest

from services.evaluation.files.index import chunks, index_chunk, open_input
from services.ingest.core.court.strict_json import read_case
from services.ingest.core.doj.file.rows import lines, split
from services.ingest.core.files.line_ends import line_feeds_in, with_line_feeds
from services.ingest.core.source_location import MESSAGE
from tests.ingest.rows import case_bytes, header, row

NAMES = '"DOE,JANE Q"'


def broken(comment: str, **columns: str) -> bytes:
    """A row whose comment stands in quotes, line ends and all."""
    return row(COMMENT_TEXT="@@@", **columns).replace(b"@@@", f'"{comment}"'.encode())


def rows(text: bytes) -> list[tuple[int, int, bytes]]:
    return [(line.number, line.line, line.raw) for line in lines(io.BytesIO(text))]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_row_with_a_line_end_inside_of_quotes_is_one_row(end: bytes) -> None:
    first = broken("SEN CONCURRENT WITH" + end.decode() + "CASE BA700002")
    found = rows(end.join((header(), first, row(SUBJECT_ID="2"), b"")))
    assert [(number, line) for number, line, _ in found] == [(1, 2), (2, 4)]
    fields = split(found[0][2].decode())
    assert len(fields) == 95 and fields[93].split() == ["SEN", "CONCURRENT", "WITH", "CASE", "BA700002"]
    assert found[1][2] == row(SUBJECT_ID="2")


def test_what_stands_in_the_file_has_the_same_length_as_the_row() -> None:
    text = b"\r\n".join((row(), broken("A\r\nB\r\nC"), row()))
    for line in lines(io.BytesIO(text)):
        piece = text[line.offset : line.offset + len(line.raw)]
        assert piece.replace(b"\r", b" ").replace(b"\n", b" ") == line.raw


@pytest.mark.parametrize(
    "stray",
    [row().replace(NAMES.encode(), b'"DOE JANE'), row(COMMENT_TEXT='THE 6" PIPE'), b'1,"half a row', b'"'],
)
def test_a_stray_quote_costs_no_other_row(stray: bytes) -> None:
    after = [row(SUBJECT_ID=str(number)) for number in range(300)]
    found = [raw for _, _, raw in rows(b"\n".join((header(), row(), stray, *after)))]
    assert found[0] == row() and found[-300:] == after
    assert len(found) == 302


def test_a_row_broken_into_more_lines_than_a_row_may_have_is_not_read_for_ever() -> None:
    text = broken("A" + "\nB" * 5_000)
    assert len(rows(text + b"\n" + row())) == 5_002


@pytest.mark.parametrize("end", [b"", b"\r", b"\r\x1a"])
def test_lines_that_end_with_a_carriage_return_alone_are_lines(end: bytes) -> None:
    text = b"\r".join((header(), row(), row(SUBJECT_ID="2"))) + end
    assert [raw for _, _, raw in rows(text)] == [row(), row(SUBJECT_ID="2")]
    assert line_feeds_in(text) == text.replace(b"\r", b"\n")
    stream = with_line_feeds(io.BytesIO(text))
    stream.seek(3)
    assert (stream.tell(), stream.read(4)) == (3, header()[3:7])


@pytest.mark.parametrize("text", [b"a\r\nb\r\n", b"a\nb\n", b"a", b"", b"\r\n"])
def test_other_texts_stay_as_they_are(text: bytes) -> None:
    assert line_feeds_in(text) == text and with_line_feeds(io.BytesIO(text)).read() == text


@pytest.mark.parametrize("end", [b"\x1a", b"\n\x1a", b"\n\x1a\n", b"\r\n\x1a\r\n", b"\r\n\x1a\x1a"])
def test_an_end_of_file_mark_is_no_row_and_truncates_none(end: bytes) -> None:
    found = list(lines(io.BytesIO(header() + b"\n" + row() + end)))
    assert [(line.raw, line.fault) for line in found] == [(row(), None)]


def test_a_field_longer_than_pythons_own_limit_is_read() -> None:
    ((_, _, raw),) = rows(row(COMMENT_TEXT="X" * 140_000 + ", Y"))
    assert len(split(raw.decode())) == 95


@pytest.mark.parametrize("size", [1_000, 1_500, 4_000])
def test_parts_of_a_file_begin_with_rows_wherever_they_are_cut(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.evaluation.files.index.CHUNK", size)
    monkeypatch.setattr("services.evaluation.files.index.BEGINNING", 1 << 12)
    text = [broken("A\nB\nC" * (number % 3), SUBJECT_ID=str(number)) for number in range(60)]
    file = tmp_path / "doj.csv"
    file.write_bytes(b"\n".join((header(), *text)))
    source = open_input(file)
    assert not hasattr(source, "remedy")
    parts = list(chunks(source))  # type: ignore[arg-type]
    found = [index_chunk(source, start, end, "utf-8") for start, end in parts]  # type: ignore[arg-type]
    assert len(parts) > 4 and sum(one.numbered for one in found) == 60
    assert sum(len(one.keys) for one in found) == 60
    written, before = file.read_bytes(), 0
    for one in found:
        assert [before + line for line in one.lines] == [
            written.count(b"\n", 0, at) + 1 for at in one.offsets
        ]
        before += one.physical


@pytest.mark.parametrize("behind", [b"\x1a", b"\n\x1a", b"\r\n\x1a\r\n"])
def test_an_end_of_file_mark_behind_a_courts_cases_is_no_case(tmp_path: Path, behind: bytes) -> None:
    file = tmp_path / "court.jsonl"
    file.write_bytes(case_bytes() + behind)
    source = open_input(file)
    assert not hasattr(source, "remedy")
    (part,) = chunks(source)  # type: ignore[arg-type]
    found = index_chunk(source, *part, "utf-8")  # type: ignore[arg-type]
    assert len(found.keys) == 1
    written = file.read_bytes()[found.offsets[0] : found.offsets[0] + found.lengths[0]]
    assert not isinstance(read_case(written.removesuffix(b"\n"), MESSAGE), tuple)
