"""Which entries of quarantine are meant: as the command's options and the HTTP query say it. Pure."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

from services.chassis.http.plain_text import is_plain

STATES = ("open", "resubmitted", "superseded", "discarded")
NAMES = ("county", "reason", "field", "format", "profile", "since", "until", "file", "state", "kind")


class WrongFilter(Exception):
    """The text says which part is wrong, and what it may be."""


class Cursor(NamedTuple):
    """The last entry of a page: what follows comes after it."""

    at: datetime
    quarantine_id: UUID

    def text(self) -> str:
        """As a query carries it."""
        return base64.urlsafe_b64encode(f"{self.at.isoformat()} {self.quarantine_id}".encode()).decode()


@dataclass(frozen=True, slots=True)
class Filter:
    """None means any. ``since`` and ``until``: days in the county, both included. ``file``: how its SHA-256 begins."""

    county: str | None = None
    reason: str | None = None
    field: str | None = None
    format: str | None = None
    profile: str | None = None
    since: date | None = None
    until: date | None = None
    file: str | None = None
    state: str | None = None
    kind: str | None = None
    ids: tuple[UUID, ...] | None = None

    def values(self) -> tuple[object, ...]:
        """In the order of WHERE."""
        return (*(getattr(self, name) for name in NAMES), self.ids)


WHERE = """($1::text IS NULL OR county = $1) AND ($2::text IS NULL OR $2 = ANY (codes))
    AND ($3::text IS NULL OR $3 = ANY (fields)) AND ($4::text IS NULL OR format = $4)
    AND ($5::text IS NULL OR profile = $5) AND ($6::date IS NULL OR day >= $6)
    AND ($7::date IS NULL OR day <= $7) AND ($8::text IS NULL OR starts_with(file_sha256, $8))
    AND ($9::text IS NULL OR state = $9) AND ($10::text IS NULL OR kind = $10)
    AND ($11::uuid[] IS NULL OR quarantine_id = ANY ($11))"""
"""SQL over the table quarantine, with ``Filter.values()`` as $1 to $11."""


def read_filter(given: Mapping[str, object], county: str | None) -> Filter:
    """The filter of a query or body; ``county``: the only one that who asks may see. Raises WrongFilter."""
    texts: dict[str, str] = {}
    for name in NAMES:
        value = given.get(name)
        if value is None or value == "":
            continue
        if not isinstance(value, str) or not is_plain(value) or len(value) > 200:
            raise WrongFilter(f"{name} is a text of at most 200 characters.")
        texts[name] = value
    unknown = sorted(set(given) - {*NAMES, "limit", "after"})
    if unknown:
        raise WrongFilter(f"No such filter; there are {', '.join(NAMES)}. A body names entries by ids.")
    state, kind, file = texts.get("state"), texts.get("kind"), texts.get("file", "").lower()
    if state is not None and state not in STATES:
        raise WrongFilter(f"state is one of {', '.join(STATES)}; without it, any.")
    if kind is not None and kind not in ("record", "rows"):
        raise WrongFilter("kind is record (whole ones) or rows (refused rows of a recorded rap sheet).")
    if file and not re.fullmatch("[0-9a-f]{4,64}", file):
        raise WrongFilter("file is the SHA-256 of the file, or at least the first 4 digits of it.")
    if county is not None and texts.get("county", county) != county:
        raise WrongFilter(f"This token is of {county}: it sees no other county.")
    return Filter(
        county=county or texts.get("county"),
        reason=texts.get("reason"),
        field=texts.get("field"),
        format=texts.get("format"),
        profile=texts.get("profile"),
        since=_day("since", texts),
        until=_day("until", texts),
        file=file or None,
        state=state,
        kind=kind,
    )


def read_page(given: Mapping[str, object], longest: int, usual: int) -> tuple[int, Cursor | None]:
    """How many entries are asked for, and after which one. Raises WrongFilter."""
    text = str(given.get("limit", usual))
    if not re.fullmatch("[0-9]{1,6}", text) or not 1 <= int(text) <= longest:
        raise WrongFilter(f"limit is a number from 1 to {longest}.")
    after = given.get("after")
    if after is None or after == "":
        return int(text), None
    try:
        at, quarantine_id = base64.urlsafe_b64decode(str(after)).decode().split(" ")
        return int(text), Cursor(datetime.fromisoformat(at).astimezone(UTC), UUID(quarantine_id))
    except (ValueError, OverflowError, binascii.Error):
        raise WrongFilter("after is `next` of the page before, as it was given.") from None


def _day(name: str, texts: Mapping[str, str]) -> date | None:
    if name not in texts:
        return None
    try:
        return date.fromisoformat(texts[name])
    except ValueError:
        raise WrongFilter(f"{name} is a day: YYYY-MM-DD.") from None
