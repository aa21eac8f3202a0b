"""Structured logs and metrics; neither ever holds a person's data."""

import logging
from typing import Any

import structlog
from prometheus_client import Counter, Gauge, Histogram

CONSUMED = Counter("reliefstream_consumed_records_total", "Records consumed", ["topic"])
DEAD = Counter("reliefstream_dead_letters_total", "Records that could not be processed", ["topic", "reason"])
RETRIES = Counter(
    "reliefstream_batch_retries_total", "Batches tried again after a transient error", ["error"]
)
BATCH = Histogram(
    "reliefstream_batch_seconds",
    "Time of one batch, its transaction included",
    ["topic"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30),
)
AGE = Histogram(
    "reliefstream_record_age_seconds",
    "From a record's own timestamp to the commit of its effects",
    ["topic"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 60, 600),
)
OUTBOX = Gauge("reliefstream_outbox_events", "Events committed and not yet published")
PUBLISHED = Counter("reliefstream_published_events_total", "Events published by the relay", ["topic"])
LAG = Gauge(
    "reliefstream_consumer_lag_records", "Records behind the end of the partition", ["topic", "partition"]
)


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
    logging.basicConfig(level=logging.WARNING, format='{"level": "%(levelname)s", "library": "%(name)s"}')


def log() -> Any:
    """The logger of the service that runs."""
    return structlog.get_logger()
