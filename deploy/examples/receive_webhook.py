"""Receives webhooks and verifies them: `WEBHOOK_SECRET=whsec_... python receive_webhook.py [PORT]`.

Needs standardwebhooks. Put it behind a proxy with TLS; reliefstream sends to https:// only, but for loopback.
"""

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

LARGEST = 1_000_000


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 to what is signed with our secret, new or repeated, and 401 to anything else."""

    webhook: Webhook
    seen: set[str] = set()  # noqa: RUF012 - stands for a unique key in your own database

    def do_POST(self) -> None:
        """One message. Answer 2xx within 10 seconds, or it comes again under the same webhook-id."""
        body = self.rfile.read(min(int(self.headers.get("content-length", 0)), LARGEST))
        try:
            message = self.webhook.verify(body, dict(self.headers))
        except (WebhookVerificationError, ValueError):
            self.send_error(401)
            return
        if self.headers["webhook-id"] not in self.seen:
            self.seen.add(self.headers["webhook-id"])
            data = message["data"]
            # Of a conviction that was sealed the id alone: forget what you hold of it.
            what = data.get("case_number") or data.get("dismissal_id")
            print(message["type"], data.get("county"), what, flush=True)  # noqa: T201
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: what was received is printed above."""


if __name__ == "__main__":
    Receiver.webhook = Webhook(os.environ["WEBHOOK_SECRET"])
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if sys.argv[1:] else 8000), Receiver)
    print("listening on", server.server_port, flush=True)  # noqa: T201
    server.serve_forever()
