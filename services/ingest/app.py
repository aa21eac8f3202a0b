"""Ingest on one page: records in by topic and HTTP; valid records and receipts out."""

from uuid import uuid4

from services.chassis.clock import Clock
from services.chassis.service import Service
from services.ingest.bodies import Limits
from services.ingest.doors import doors
from services.ingest.handlers import on_source_records
from services.ingest.http import read_tokens, record_routes
from services.ingest.quarantine_http import operator_routes
from services.ingest.sending import TOPIC
from services.ingest.settings import IngestSettings

Settings = IngestSettings


def build(settings: IngestSettings, clock: Clock) -> Service:
    """The service, composed and not yet running."""
    service = Service("ingest", settings, clock)
    counties = doors(settings.counties_dir)
    tokens = read_tokens(settings.county_tokens_file)

    service.consume_raw(
        [f"{TOPIC}{county}" for county in counties], on_source_records(counties), "source-records"
    )

    limits = Limits(settings.body_limit, settings.record_limit, settings.line_limit)
    service.mount(
        [
            *record_routes(
                counties,
                tokens,
                service.transaction,
                new_request_id=lambda: uuid4().hex,
                now=clock.now,
                limits=limits,
            ),
            *operator_routes(counties, service.transaction, settings.operator_token.get_secret_value()),
        ]
    )
    return service
