"""A county's own court feed, laid out so that cases are read one by one: a line each, as it would be sent."""

import io
import json
from pathlib import Path

from reliefstream_contracts.receipts import Problem
from services.evaluation.files.court_feed import CourtFeed
from services.evaluation.files.doj_file import UnreadableFile
from services.evaluation.files.index import BEGINNING, InputFile
from services.ingest.core.doj.file.columns import COLUMNS
from services.ingest.core.doj.file.rows import lines, split
from services.ingest.core.files.line_ends import line_feeds_in
from services.ingest.core.profile.feed_units import Unit
from services.ingest.core.profile.profile import Profile
from services.ingest.core.profile.sent_case import record_id_of


def is_doj(path: Path) -> bool:
    """Whether some row among the first has DOJ's columns. Raises OSError."""
    with path.open("rb") as stream:
        beginning = line_feeds_in(stream.read(BEGINNING))
    return any(
        len(split(line.raw.decode("latin-1"))) == len(COLUMNS) for line in lines(io.BytesIO(beginning))
    )


def laid_out(path: Path, profile: Profile, into: Path) -> InputFile | Problem:
    """The feed's cases in the file ``into``, or what is wrong with all of it. Raises OSError."""
    try:
        with CourtFeed(path, profile) as feed, into.open("wb") as out:
            for unit in feed.units():
                case = {
                    "record_id": record_id_of(profile, unit.sent()),
                    **unit._asdict(),
                    "value": unit.value.decode("latin-1"),  # each byte is a character, whatever the encoding
                }
                out.write(json.dumps(case).encode() + b"\n")
            return InputFile(into, "court", out.tell(), feed.sha256, profile.name)
    except UnreadableFile as unreadable:
        return unreadable.problem


def laid_out_case(line: bytes) -> Unit:
    """The unit that ``laid_out`` wrote."""
    case = json.loads(line)
    return Unit(
        value=case["value"].encode("latin-1"),
        numbers=tuple(case["numbers"]),
        too_long=case["too_long"],
        line_offset=tuple((row, by) for row, by in case["line_offset"]),
    )
