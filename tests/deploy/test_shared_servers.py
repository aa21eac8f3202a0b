"""Overlapping test sessions share the local servers; the last of them stops them."""

from pathlib import Path

import pytest

from deploy.local import testing
from tests.servers import from_environment


def test_the_last_user_stops_the_servers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls: list[str] = []
    monkeypatch.setattr(testing, "start", lambda *_: calls.append("start"))
    monkeypatch.setattr(testing, "stop", lambda _: calls.append("stop"))
    first, second = (testing.shared_servers(tmp_path / "servers", {}) for _ in range(2))
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert calls == ["start", "start"]
    second.__exit__(None, None, None)
    assert calls == ["start", "start", "stop"]


def test_servers_of_the_environment_are_taken_only_when_both_are_named() -> None:
    kafka = {"RELIEFSTREAM_TEST_KAFKA_BOOTSTRAP": "kafka:9092"}
    assert from_environment(kafka) is None
    found = from_environment(kafka | {"RELIEFSTREAM_TEST_POSTGRES_DSN": "postgresql://u:p@db/postgres"})
    assert found
    assert (found.kafka_bootstrap, found.kafka_username) == ("kafka:9092", None)
