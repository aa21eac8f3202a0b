"""A message without social security and licence numbers, whatever its format. Pure."""

from services.ingest.core.doj.file.rows import redacted
from services.ingest.core.profile.dropped_columns import redacted_unit
from services.ingest.core.profile.profile import Profile
from services.ingest.core.redaction import redacted_json


def redacted_message(form: str, profile: Profile | None, value: bytes) -> bytes:
    """The content of a message of that format: of a county's own feed by its ``profile``, of JSON by name and form, of
    any other text row by row, by column where it is DOJ's and by form where it is not."""
    if form == "court":
        return redacted_unit(profile, value) if profile else redacted_json(value)
    return b"\n".join(redacted(line.rstrip(b"\r"))[0] for line in value.split(b"\n"))
