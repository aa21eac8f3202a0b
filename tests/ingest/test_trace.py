"""Which trace a county's record starts, by topic and by HTTP."""

from datetime import UTC, datetime

import pytest

from reliefstream_contracts.event import trace_id
from services.chassis.runtime.unit_of_work import Received
from services.ingest.batch import trace
from services.ingest.core.intake_decision import IntakeDecision
from services.ingest.core.message import Metadata, SourceMessage
from services.ingest.core.message_headers import headers_of, metadata_of
from services.ingest.core.parse import parse
from services.ingest.core.parsed import Unparseable
from services.ingest.handlers import from_topic
from services.ingest.http.bodies import JSON, messages_of
from services.ingest.quarantine.entry import entry_of
from tests.ingest.rows import LA, TODAY

GIVEN = f"00-{'a' * 32}-{'b' * 16}-01"
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def by_topic(*headers: tuple[str, bytes]) -> SourceMessage:
    topic = f"source-records-v1-{LA.county}"
    return from_topic(Received(topic, 0, 7, None, headers, b"{}", AT))


def by_http(traceparent: str = "") -> SourceMessage:
    found = messages_of(LA.county, "request", JSON, b"{}", Metadata(traceparent=traceparent))
    assert isinstance(found, list)
    return found[0]


def test_a_valid_traceparent_is_taken_at_either_intake() -> None:
    assert trace(by_topic(("traceparent", GIVEN.encode())), AT).parent == GIVEN
    assert trace(by_http(traceparent=GIVEN), AT).parent == GIVEN


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "x",
        GIVEN.upper(),
        f"00-{'0' * 32}-{'b' * 16}-01",
        f"00-{'a' * 32}-{'0' * 16}-01",
        f"{GIVEN}-more",
        f"ff{GIVEN[2:]}",
    ],
)
def test_an_invalid_one_is_replaced_by_one_of_the_record_s_own(wrong: str) -> None:
    for found in (by_topic(("traceparent", wrong.encode())), by_http(traceparent=wrong)):
        assert len(trace_id(found.traceparent)) == 32
        assert found.traceparent != wrong
    assert by_topic(("traceparent", wrong.encode())).traceparent == by_topic().traceparent


def test_what_is_refused_keeps_its_trace_for_when_it_is_resubmitted() -> None:
    first = by_topic()
    refused = parse(first, LA, TODAY)
    assert isinstance(refused, Unparseable)
    entry = entry_of(first, refused, IntakeDecision("quarantined", None), None, TODAY)
    assert entry is not None
    kept = metadata_of(headers_of(entry.metadata))
    again = SourceMessage("resubmitted/1/1", first.county, kept, first.value)
    assert again.traceparent == first.traceparent


def test_a_record_of_a_topic_arrived_when_the_broker_took_it_and_another_now() -> None:
    assert trace(by_topic(), AT.replace(hour=13)).arrived_at == AT.isoformat()
    assert trace(by_http(), AT).arrived_at == AT.isoformat()
