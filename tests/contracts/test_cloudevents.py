"""Our headers are CloudEvents 1.0 in Kafka binary mode, as the official SDK reads them."""

from datetime import UTC, datetime
from pathlib import Path

from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event

from reliefstream_contracts.catalogue import EVENTS
from reliefstream_contracts.documents import kebab
from reliefstream_contracts.event import headers_of_all, headers_of_one, trace_id, trace_of

EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_the_official_sdk_reads_every_event() -> None:
    for event_type in EVENTS:
        event = event_type.from_json((EXAMPLES / f"{kebab(event_type.__name__)}.json").read_bytes())
        at = datetime(2026, 11, 2, 9, tzinfo=UTC)
        headers = headers_of_all("/reliefstream/test", at) + headers_of_one(event, TRACE)
        message = KafkaMessage(dict(headers), event.key().encode(), event.to_json())
        read = from_binary_event(message)
        assert read.get_id() == str(event.event_id())
        assert read.get_type() == event_type.TYPE
        assert read.get_source() == "/reliefstream/test"
        assert read.get_time() == at
        assert read.get_extension("traceparent") == TRACE
        assert read.get_data() == event.to_dict()


def test_the_id_of_an_event_is_the_same_for_a_repeat_and_another_for_another() -> None:
    text = (EXAMPLES / "relief-ordered.json").read_bytes()
    ordered = next(e for e in EVENTS if e.__name__ == "ReliefOrdered")
    event = ordered.from_json(text)
    assert event.event_id() == ordered.from_json(text).event_id()
    assert event.event_id() != event.replace(sequence=9).event_id()


def test_the_trace_id_of_what_is_no_trace_context_is_empty() -> None:
    trace = trace_of("a place")
    assert trace_id(trace) == trace.split("-")[1]
    for other in (None, "", "00-A PERSON'S NAME-b-c", trace.upper(), trace + "-"):
        assert trace_id(other) == ""
