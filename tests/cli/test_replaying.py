"""What a replay works on."""

from pathlib import Path

import pytest

from services.cli.rebuilding.installation import following, target
from services.cli.terminal.exit import WrongUsage

ELSEWHERE = {"RELIEFSTREAM_KAFKA_BOOTSTRAP": "kafka:9092"}


@pytest.mark.parametrize(
    ("now", "then"), [("eligibility", "eligibility_2"), ("eligibility_2", "eligibility_3"), ("a_9", "a_10")]
)
def test_the_next_database_has_the_next_number(now: str, then: str) -> None:
    assert following(now) == then


@pytest.mark.parametrize("service", ["ingest", "relief"])
def test_what_cannot_be_rebuilt_says_why_and_what_to_do_instead(service: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=r"on no topic.* backup of Postgres"):
        target(service, None, tmp_path, {})


def test_elsewhere_the_new_database_has_to_be_named(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="--into"):
        target("eligibility", None, tmp_path, ELSEWHERE)


def test_a_name_that_is_no_service_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="choose one of"):
        target("eligibilty", None, tmp_path, ELSEWHERE)
