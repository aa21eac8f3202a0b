"""Services that answer the command as a test says, without a network."""

from collections.abc import Callable
from typing import Any

import httpx

from services.chassis.settings.kafka_address import KafkaAddress

Answer = Callable[[httpx.Request], httpx.Response]
Asked = list[tuple[str, Any]]
"""Method and path of each request, and its JSON body; None: it had none."""


class Answering:
    """Stands where the command has the addresses of an installation; each service answers by the same function.

    The request's host is the service's name.
    """

    kafka = KafkaAddress("nowhere:1")

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def client(self, service: str) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer), base_url=f"http://{service}")
