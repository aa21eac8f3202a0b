"""An entry of quarantine, or a count of entries, as JSON. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID


def shown(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent as text, one character a byte where it is not UTF-8; days and moments in ISO 8601."""
    return {name: _plain(value) for name, value in entry.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.decode("latin-1")
    return value
