"""An integrator's endpoint in a process of its own: ``python -m tests.harness.faults.receiver PORT FILE``.

It answers 500 now and then, and notes each delivery with its answer, one JSON line each. No fault hits it: it is
the world outside.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

REFUSED_EACH = 7
"""Every so many deliveries one is answered 500, on its first attempt only: a retry waits up to half a minute."""


class Receiver(BaseHTTPRequestHandler):
    """Notes before it answers, so that an answer that is lost was noted."""

    file: Path
    lock = Lock()
    seen: set[str] = set()  # noqa: RUF012 - one receiver in the process

    def do_POST(self) -> None:
        """One delivery."""
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length)
        if len(body) < length:  # its sender was killed or cut off in the middle
            self.close_connection = True
            return
        webhook_id = self.headers["webhook-id"]
        with self.lock:
            first = webhook_id not in self.seen
            self.seen.add(webhook_id)
            status = 500 if first and len(self.seen) % REFUSED_EACH == 0 else 204
            with self.file.open("a") as notes:
                notes.write(
                    json.dumps({"webhook-id": webhook_id, "status": status, "body": body.decode()}) + "\n"
                )
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: deliveries are noted."""


def main(port: int, file: Path) -> None:
    """Until killed."""
    Receiver.file = file
    file.touch()
    ThreadingHTTPServer(("127.0.0.1", port), Receiver).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
