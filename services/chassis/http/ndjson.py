"""Exports line by line."""

from starlette.responses import StreamingResponse


class Ndjson(StreamingResponse):
    """A stream of JSON objects, one a line; what comes late is sent when it is there."""

    media_type = "application/x-ndjson"
