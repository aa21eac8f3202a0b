"""What a sender's client may write, and a handler must never see."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from reliefstream_contracts.event import header
from services.chassis.consumer.consumption import received


def record(*headers: tuple[str, bytes | None], key: bytes | None = b"k") -> Any:
    return SimpleNamespace(
        topic="t", partition=0, offset=1, key=key, headers=headers, value=b"v", timestamp=0
    )


def test_a_header_without_a_value_counts_as_none() -> None:
    # Kafka allows it; one such message stopped the service, and could not be buried either.
    found = received(record(("format", None), ("extract", b"1")))
    assert found.headers == (("extract", b"1"),)


@pytest.mark.parametrize("value", [None, b"\xff"])
def test_a_header_that_is_null_or_no_text_is_read_as_absent(value: bytes | None) -> None:
    assert header(cast("Any", [("format", value)]), "format") is None
