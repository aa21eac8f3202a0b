"""An integrator's endpoint: takes webhooks and verifies their signatures (Standard Webhooks)."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


@dataclass
class WebhookReceiver:
    """Context manager: listens on ``host`` inside the block. Set ``secret`` once the subscription exists."""

    host: str = "127.0.0.1"
    secret: str = ""
    verified: list[dict[str, Any]] = field(default_factory=list)
    rejected: int = 0

    def __enter__(self) -> "WebhookReceiver":
        receiver = self

        class Endpoint(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                self.send_response(receiver.take(body, dict(self.headers.items())))
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class' name
                """Logs nothing: the demo prints what was received."""

        self._server = ThreadingHTTPServer((self.host, 0), Endpoint)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The URL that it listens on."""
        return f"http://{self.host}:{self._server.server_address[1]}/dismissals"

    @property
    def distinct(self) -> set[str]:
        """The ids of the events received."""
        return {each["webhook-id"] for each in self.verified}

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        """Returns 204 for a body with a valid signature, 401 for any other."""
        try:
            Webhook(self.secret).verify(body, {name.lower(): value for name, value in headers.items()})
        except (WebhookVerificationError, ValueError):
            self.rejected += 1
            return 401
        self.verified.append(json.loads(body) | {"webhook-id": headers.get("webhook-id", "")})
        return 204
