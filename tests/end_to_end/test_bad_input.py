"""What is wrong with an input, and what to do, for each fault that people really send; the service goes on."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaProducer

from deploy.local.addresses import read
from services.cli.client.addresses import addresses
from services.ingest.core.doj.file.columns import COLUMNS
from tests.harness.product import Product, Sample

pytestmark = pytest.mark.servers
CASE = {
    "record_id": "bad-input-1",
    "revision": 1,
    "county": "Los Angeles",
    "court": "Los Angeles Superior Court",
    "case_number": "BI-1",
    "defendant": {"surname": "Fabricated", "birth_date": "1970-01-02"},
    "charges": [{"charge_number": "1", "code_section": "11358 HS", "disposition": "dismissed"}],
}


@pytest.fixture(scope="module")
def intake(product: Product) -> Iterator[httpx.Client]:
    found = read(product.layout.root)
    token = found.county_tokens["los-angeles"]
    with httpx.Client(
        base_url=f"{found.http['ingest']}/v1/counties/",
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    ) as client:
        yield client


def case(**changes: Any) -> bytes:
    return json.dumps({**CASE, **changes}).encode()


BODIES: dict[str, tuple[bytes, str]] = {
    "not JSON": (b"{'a': 1}", "not_json"),
    "another schema": (b'{"hello": "world"}', "missing_field"),
    "ten thousand levels": (b"[" * 10_000 + b"]" * 10_000, "json_too_deep"),
    "a duplicate key": (case()[:-1] + b', "revision": 2}', "json_duplicate_key"),
    "NaN": (case(revision=0).replace(b'"revision": 0', b'"revision": NaN'), "json_not_a_number"),
    "a date of 2091": (
        case(charges=[{**CASE["charges"][0], "disposition_date": "2091-01-01"}]),  # type: ignore[index]
        "date_in_the_future",
    ),
    "a case number that shows as another": (case(case_number="\u202e9A"), "invalid_value"),
    "a charge number with a slash": (
        case(charges=[{**CASE["charges"][0], "charge_number": "2/3"}]),  # type: ignore[index]
        "invalid_value",
    ),
    "another county": (case(county="Sacramento"), "other_county"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_case_is_answered_with_its_fault_and_remedy(intake: httpx.Client, name: str) -> None:
    body, code = BODIES[name]
    answer = intake.post("los-angeles/records", content=body, headers={"Content-Type": "application/json"})
    (receipt,) = answer.json()["receipts"]
    (problem, *_) = receipt["problems"]
    assert (receipt["status"], problem["code"]) == ("quarantined", code)
    assert problem["what"] and problem["remedy"] and problem["where"]
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("path", "token", "status"),
    [
        ("atlantis/records", None, 403),
        ("los-angeles/records", "", 401),
        ("los-angeles/records", "Bearer wrong", 401),
    ],
)
def test_another_county_and_a_wrong_token_are_problems_by_rfc_9457(
    intake: httpx.Client, path: str, token: str | None, status: int
) -> None:
    headers = {"Content-Type": "application/json"} | ({} if token is None else {"Authorization": token})
    answer = intake.post(path, content=case(), headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status and answer.json()["detail"]


def test_a_body_of_200_mb_is_refused_and_the_next_one_taken(intake: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(200):
            yield b" " * 1_000_000

    answer = intake.post("los-angeles/records", content=endless(), headers={"Content-Type": "text/csv"})
    assert answer.status_code == 413
    assert "reliefstream submit" in answer.json()["detail"]
    good = intake.post("los-angeles/records", content=case(), headers={"Content-Type": "application/json"})
    assert good.json()["recorded"] + good.json()["repeats"] == 1


FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "not CSV": (b"%PDF-1.7\n\x00\x01\x02", "CSV"),
    "with 94 columns": (b",".join([b"x"] * 94) + b"\n", "none of the 1 rows has 95 columns"),
    "with 96 columns": (b",".join([b"x"] * 96) + b"\n", "none of the 1 rows has 95 columns"),
    "a row of 10 MB": (b",".join([b"x" * 110_000] * 95) + b"\n", "row"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_answered_in_the_terminal(product: Product, tmp_path: Path, name: str) -> None:
    content, words = FILES[name]
    (tmp_path / "bad.csv").write_bytes(content)
    done = product.run("submit", "--county", "los-angeles", "--format", "doj", tmp_path / "bad.csv")
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert words in said and "to do:" in said.lower()
    assert "Traceback" not in said


def test_a_latin_1_row_costs_its_neighbours_nothing(product: Product, sample: Sample, tmp_path: Path) -> None:
    header, first, *_ = sample.doj.read_bytes().splitlines(keepends=True)
    fields = first.split(b",")
    assert len(COLUMNS) == 95
    bad = first.replace(fields[2], b"LATIN1", 1).replace(b'"', b'"\xd1', 1)
    (tmp_path / "latin.csv").write_bytes(header + first + bad)
    done = product.run("submit", "--county", "los-angeles", "--format", "doj", tmp_path / "latin.csv")
    assert done.returncode == 1
    assert "received 2" in done.stdout and "quarantined 1" in done.stdout
    assert "latin-1" in done.stdout


async def test_a_message_without_headers_gets_a_receipt_that_names_the_header(product: Product) -> None:
    options = addresses({}, product.layout.root).kafka.client_options()
    producer = AIOKafkaProducer(**options)
    await producer.start()
    await producer.send_and_wait("source-records-v1-los-angeles", b"{}")
    await producer.send_and_wait(
        "source-records-v1-los-angeles", None, key=b"empty", headers=[("format", b"\xff\xfe")]
    )
    await producer.stop()
    assert product.run("settle", "--timeout", "600").returncode == 0
    listed = product.run("quarantine", "list", "--county", "los-angeles")
    assert "missing_format_header" in listed.stdout
