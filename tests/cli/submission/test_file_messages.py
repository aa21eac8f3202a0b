"""A file as messages."""

import io
import json
from pathlib import Path

from services.cli.submission.file_messages import MESSAGE_LIMIT, Message, submitted_file
from services.evaluation.files.doj_file import DojFile
from services.ingest.core.doj.file.grouping import group
from services.ingest.core.doj.file.rows import lines
from services.ingest.core.message_headers import headers_of
from tests.ingest.rows import case_bytes, header, row


def messages(path: Path, form: str) -> list[tuple[Message, dict[str, str]]]:
    file = submitted_file(path, form)  # type: ignore[arg-type]
    with file.open():
        return [(m, headers_of(m.metadata)) for m in file.messages()]


def test_a_file_on_disk_gives_the_same_persons_as_one_in_memory(tmp_path: Path) -> None:
    rows = [row(SUBJECT_ID=str(n * 7 % 13) if n % 5 else "") for n in range(200)]
    data = b"\xef\xbb\xbf" + header() + b"\r\n" + b"\r\n".join([*rows, row()[:60]])
    path = tmp_path / "doj.csv"
    path.write_bytes(data)
    with DojFile(path) as file:
        found = list(file.units())
        assert (file.rows, file.units_count) == (201, len(found))
    assert found == list(group(lines(io.BytesIO(data))))


def test_a_person_is_one_message_without_numbers_that_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "doj.csv"
    path.write_bytes(b"\n".join([row(), row(SUBJECT_ID="2"), row(OFN="X1"), row(SUBJECT_ID="2")[:60]]))
    sent = messages(path, "doj")
    assert [(m.key, h["rows"], h.get("row_faults")) for m, h in sent] == [
        (b"18000001", "1,3", None), (b"2", "2,4", "4=row_truncated"),
    ]  # fmt: skip
    for number in (b"123456789", b"F1234567", b"987-65-4321", b"G7654321"):
        assert not [m for m, _ in sent if number in m.value]


def test_a_person_too_large_for_a_message_is_sent_in_parts(tmp_path: Path) -> None:
    path = tmp_path / "doj.csv"
    path.write_bytes(b"\n".join(row(CNT_ORDER=f"{n:012}", COMMENT_TEXT="y" * 100_000) for n in range(15)))
    sent = messages(path, "doj")
    assert [h["rows"].count(",") + 1 for _, h in sent] == [9, 6]
    assert all(len(m.value) <= MESSAGE_LIMIT for m, _ in sent)


def test_each_case_is_a_message_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    too_long = b'{"record_id": "9", "court": "' + b"x" * 3_000_000 + b'"}'
    path.write_bytes(b"\n".join([case_bytes(), b"", b"not JSON", too_long, case_bytes(record_id="2")]))
    sent = messages(path, "court")
    assert [(m.key, h["rows"], h.get("row_faults")) for m, h in sent] == [
        (b"case-1", "1", None), (b"", "3", None), (b"9", "4", "4=row_too_long"), (b"2", "5", None),
    ]  # fmt: skip
    assert json.loads(sent[3][0].value)["record_id"] == "2"
    assert all(len(m.value) < 10_000 for m, _ in sent)
