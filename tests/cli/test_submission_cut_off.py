"""A submission whose broker goes away says so; how the clients end does not hide it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from services.cli import submission
from services.cli.exit import ServerMissing
from services.cli.submission import Progress, Submission


class CutOff:
    """A client whose end raises the cancellation of its own task, as aiokafka's consumer does when cut off."""

    stopped = 0

    def __init__(self, **_: Any) -> None: ...

    async def start(self) -> None: ...

    async def partitions_for(self, _: str) -> set[int]:
        raise ServerMissing("Kafka or ingest does not answer.")

    async def stop(self) -> None:
        CutOff.stopped += 1
        raise asyncio.CancelledError


def test_a_server_that_is_missing_is_what_the_user_hears_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(submission, "AIOKafkaConsumer", CutOff)
    monkeypatch.setattr(submission, "AIOKafkaProducer", CutOff)
    sent = Submission("los-angeles", None, "id", [])  # type: ignore[arg-type]
    with pytest.raises(ServerMissing, match="does not answer"):
        asyncio.run(sent.run({}, Progress(tmp_path / "progress.json"), lambda *_: None))
    assert CutOff.stopped == 2
