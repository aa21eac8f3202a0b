"""Exports line by line."""

from starlette.responses import StreamingResponse


class Ndjson(StreamingResponse):
    """A stream of JSON objects, one a line; each is sent as soon as it is ready."""

    media_type = "application/x-ndjson"
