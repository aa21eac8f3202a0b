"""A county's own court feed, laid out so that cases are read one by one: a line each, as it would be sent."""

import json
from pathlib import Path
from typing import NamedTuple

from reliefstream_contracts.receipts import Problem
from services.evaluation.court_feed import CourtFeed
from services.evaluation.doj_file import UnreadableFile
from services.evaluation.index import BEGINNING, InputFile
from services.ingest.core.doj.file.columns import COLUMNS
from services.ingest.core.doj.file.rows import split
from services.ingest.core.profile.case import record_id_of
from services.ingest.core.profile.profile import Profile
from services.ingest.core.profile.units import feed_headers


class SentCase(NamedTuple):
    """One case as a message of the feed holds it."""

    headers: dict[str, str]
    value: bytes


def is_doj(path: Path) -> bool:
    """Whether some row among the first has DOJ's columns. Raises OSError."""
    with path.open("rb") as stream:
        beginning = stream.read(BEGINNING).decode("latin-1")
    return any(len(split(line)) == len(COLUMNS) for line in beginning.split("\n"))


def laid_out(path: Path, profile: Profile, into: Path) -> InputFile | Problem:
    """The feed's cases in the file ``into``, or what is wrong with all of it. Raises OSError."""
    try:
        with CourtFeed(path, profile) as feed, into.open("wb") as out:
            for unit in feed.units():
                case = {
                    "record_id": record_id_of(profile, unit.sent()),
                    "headers": feed_headers(profile, unit, feed.sha256),
                    "value": unit.value.decode("latin-1"),  # each byte is a character, whatever the encoding
                }
                out.write(json.dumps(case).encode() + b"\n")
            return InputFile(into, "court", out.tell(), feed.sha256, feed=True)
    except UnreadableFile as unreadable:
        return unreadable.problem


def sent_case(line: bytes) -> SentCase:
    """What ``laid_out`` wrote."""
    case = json.loads(line)
    return SentCase(case["headers"], case["value"].encode("latin-1"))
