"""Structured logs and metrics. Neither holds data of a person."""

import json
import logging
import traceback
from typing import Any

import structlog
from prometheus_client import Counter, Gauge, Histogram

from reliefstream_contracts.event import trace_id
from services.chassis.runtime.histogram import Durations
from services.chassis.runtime.unit_of_work import Trace

CONSUMED = Counter("reliefstream_consumed_records_total", "Records consumed", ["topic"])
DEAD = Counter("reliefstream_dead_letters_total", "Records that could not be processed", ["topic", "reason"])
HELD_UP = Gauge(
    "reliefstream_partition_held_up",
    "1: the partition waits: too many dead letters are open, or its next record cannot be unpacked",
    ["topic", "partition"],
)
LOST = Counter(
    "reliefstream_lost_records_total",
    "Offsets that a topic no longer had when their consumer came to them",
    ["topic", "partition"],
)
LOST_OPEN = Gauge(
    "reliefstream_lost_records_open", "Lost records that nobody has acknowledged", ["topic", "partition"]
)
RETRIES = Counter("reliefstream_batch_retries_total", "Batches retried after a transient error", ["error"])
BATCH = Histogram(
    "reliefstream_batch_seconds",
    "Time of one batch, its transaction included",
    ["topic"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30),
)
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60, 600, 3600)
AGE = Durations(
    "reliefstream_record_age_seconds",
    "From a record's own timestamp to the commit of its effects",
    "topic",
    SECONDS,
)
SINCE_ARRIVAL = Durations(
    "reliefstream_since_arrival_seconds",
    "Time from a record's arrival at ingest to the commit of an event that follows from that record alone",
    "event",
    SECONDS,
)
OUTBOX = Gauge("reliefstream_outbox_events", "Events committed and not yet published")
COMPACTION_LAG = Gauge(
    "reliefstream_compaction_lag_seconds",
    "Age of the oldest superseded heartbeat that compaction has not removed; 0: none",
    ["topic", "partition"],
)
PUBLISHED = Counter("reliefstream_published_events_total", "Events published by the relay", ["topic"])
LAG = Gauge(
    "reliefstream_consumer_lag_records",
    "Records between the consumer's position and the end of the partition",
    ["topic", "partition"],
)
UNPROCESSED = Gauge(
    "reliefstream_unprocessed_records",
    "Records that a service has not consumed; other services measure it, also while that one is down",
    ["reader", "topic", "partition"],
)
OLDEST_UNPROCESSED = Gauge(
    "reliefstream_oldest_unprocessed_seconds",
    "Age of the first record that a service has not consumed; other services measure it, also while that one is down",
    ["reader", "topic", "partition"],
)
REPLICAS = Gauge(
    "reliefstream_replicas",
    "Processes of a service that read its topics; other services measure it, also while that one is down",
    ["reader"],
)
ANSWERS = Gauge("reliefstream_server_answers", "1: the server answered the last request", ["server"])
OUTBOX_OLDEST = Gauge("reliefstream_outbox_oldest_seconds", "Age of the first event not yet published")
DEAD_OPEN = Gauge("reliefstream_dead_letters_open", "Open dead letters")
DEAD_OLDEST = Gauge("reliefstream_dead_letters_oldest_seconds", "Age of the oldest open dead letter")
FENCED = Counter("reliefstream_relay_fenced_total", "Relays that were replaced by another replica's")
INTERRUPTED = Counter(
    "reliefstream_relay_interruptions_total", "Restarts of the relay after an error", ["error"]
)
CONNECTIONS = Gauge("reliefstream_database_connections", "Connections of the pool", ["state"])
CONNECTIONS_LIMIT = Gauge("reliefstream_database_connections_limit", "Connections that the pool may have")


class _WithoutTexts(logging.Formatter):
    """Formats an error's type and place, without its text, which may hold data of a person."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"level": record.levelname.lower(), "library": record.name}
        if record.exc_info and record.exc_info[1]:
            line["defect"] = defect(record.exc_info[1])
        return json.dumps(line)


def configure_logging(service: str, instance: str, level: str) -> None:
    """JSON lines on standard output, the libraries' warnings included."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
    )
    structlog.contextvars.bind_contextvars(service=service, instance=instance)
    logging.getLogger("aiokafka.conn").setLevel(logging.ERROR)  # warns of SASL without TLS at each connection
    handler = logging.StreamHandler()
    handler.setFormatter(_WithoutTexts())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def defect(error: BaseException) -> str:
    """The type and place of an unexpected error, without its text, which may hold data of a person."""
    frames = traceback.extract_tb(error.__traceback__)
    place = " < ".join(f"{f.filename.rsplit('/', 2)[-1]}:{f.lineno} {f.name}" for f in reversed(frames[-4:]))
    return f"{type(error).__name__} at {place}"


def traced(trace: Trace | None) -> dict[str, str]:
    """The trace id for a log line about one record; empty: it carries no trace."""
    return {"trace_id": trace_id(trace.parent)} if trace else {}


def log() -> Any:
    """The logger of the service that runs."""
    return structlog.get_logger()
