"""A submission whose broker goes away says so; how the clients end does not hide it."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.submission import submission
from services.cli.submission.submission import Progress, Silent, Submission
from services.cli.submission.submit_file import submit_file
from services.cli.terminal.exit import ServerMissing
from tests.cli.answering import Answering


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
    sent = Submission("los-angeles", None, "id")  # type: ignore[arg-type]
    with pytest.raises(ServerMissing, match="does not answer"):
        asyncio.run(sent.run({}, Progress(tmp_path / "progress.json"), lambda *_: None))
    assert CutOff.stopped == 2


@pytest.mark.parametrize(
    ("ready", "told"),
    [(200, "a service behind it stands"), (503, "Is everything up"), (None, "Is everything up")],
)
def test_when_no_receipt_comes_ingest_itself_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ready: int | None, told: str
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if ready is None:
            raise httpx.ConnectError("refused", request=request)
        return httpx.Response(ready if request.url.path == "/readyz" else 404)

    async def silent(*_: Any) -> None:
        raise Silent(submission.NO_ANSWER)

    monkeypatch.setattr(Submission, "run", silent)
    monkeypatch.setenv("RELIEFSTREAM_LOCAL", str(tmp_path))
    found: Any = Answering(answer)
    file = tmp_path / "cases.jsonl"
    file.write_text("{}\n")
    with pytest.raises(ServerMissing, match=told):
        submit_file(found, file, "los-angeles", "court")
