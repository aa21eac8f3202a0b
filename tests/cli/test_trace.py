"""``reliefstream trace``: where the way of a record ends, and what to look at then."""

import pytest

from services.cli.client.traced import where_it_ends

INTAKE = ["source-records-v1-los-angeles", "receipts-v1-los-angeles"]


def test_a_refused_record_leads_to_its_entry() -> None:
    assert "quarantine show" in (where_it_ends(INTAKE) or "")


@pytest.mark.parametrize(
    ("topics", "reader"),
    [(["records-v1"], "reconciliation"), (["records-v1", "histories-v1"], "eligibility")],
)
def test_a_way_that_ends_inside_leads_to_whoever_reads_next(topics: list[str], reader: str) -> None:
    said = where_it_ends([*INTAKE, *topics]) or ""
    assert f"--service {reader}" in said


def test_a_way_that_reached_a_determination_may_end_there() -> None:
    assert where_it_ends([*INTAKE, "records-v1", "histories-v1", "determinations-v1"]) is None
    assert where_it_ends(INTAKE[:1]) is None
