"""Which entries of quarantine are meant. Pure."""

import base64
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple, Self
from uuid import UUID

State = Literal["open", "resubmitted", "superseded", "discarded"]
Kind = Literal["record", "rows"]
"""Whole records, or refused rows of a recorded rap sheet."""
NAMES = ("county", "reason", "field", "format", "profile", "since", "until", "file", "state", "kind")


class Cursor(NamedTuple):
    """The last entry of a page: what follows comes after it."""

    at: datetime
    quarantine_id: UUID

    def text(self) -> str:
        """As a query carries it."""
        return base64.urlsafe_b64encode(f"{self.at.isoformat()} {self.quarantine_id}".encode()).decode()

    @classmethod
    def read(cls, text: str) -> Self:
        """The cursor of such a text. Raises ValueError."""
        try:
            at, quarantine_id = base64.urlsafe_b64decode(text).decode().split(" ")
            return cls(datetime.fromisoformat(at).astimezone(UTC), UUID(quarantine_id))
        except OverflowError as error:
            raise ValueError("a moment out of range") from error


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
