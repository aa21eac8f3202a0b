"""A stand-in for a service: answers /readyz, and at any other path the names and values that it was given."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        given = {name: value for name, value in os.environ.items() if name.startswith("RELIEFSTREAM_")}
        body = b"ready" if self.path == "/readyz" else json.dumps(given).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


address = os.environ["RELIEFSTREAM_HTTP_HOST"], int(os.environ["RELIEFSTREAM_HTTP_PORT"])
ThreadingHTTPServer(address, Answer).serve_forever()
