"""Services that answer a command."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.client import services as module
from tests.cli.answering import Answering, Asked


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[dict[str, Any]], Asked]:
    """Answers by method and path; returns what was sent."""
    monkeypatch.setenv("RELIEFSTREAM_LOCAL", str(tmp_path))

    def answering(answers: dict[str, Any]) -> Asked:
        asked: Asked = []

        def answer(request: httpx.Request) -> httpx.Response:
            called = f"{request.method} {request.url.path}"
            asked.append((called, json.loads(request.content) if request.content else None))
            return httpx.Response(200, json=answers[called])

        monkeypatch.setattr(module, "addresses", lambda: Answering(answer))
        return asked

    return answering
