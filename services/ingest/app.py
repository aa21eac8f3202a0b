"""Ingest on one page: records in by topic and HTTP; valid records and receipts out."""

from uuid import uuid4

from services.chassis.outbox import outbox
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.service import Service
from services.ingest.admission.admission import Admission
from services.ingest.admission.body_memory import Bounds
from services.ingest.admission.downstream_lag import Downstream
from services.ingest.admission.fair_shares import Flow
from services.ingest.core.message import TOPIC
from services.ingest.handlers import on_source_records, redaction
from services.ingest.http.bodies import Limits
from services.ingest.http.profile_endpoints import profile_routes
from services.ingest.http.quarantine_endpoints import quarantine_routes
from services.ingest.http.record_endpoint import read_tokens, record_routes
from services.ingest.profiles.counties_in_force import CountiesInForce
from services.ingest.quarantine.metrics import EVERY_S, watch_quarantine
from services.ingest.settings import IngestSettings

Settings = IngestSettings
# Of each partition, and each county has three: so many counties must fit into memory.
FETCH_BYTES = 256 * 1024


def build(settings: IngestSettings, clock: Clock) -> Service:
    """The service, composed and not yet running."""
    service = Service("ingest", settings, clock)
    counties = CountiesInForce(settings.counties_dir)
    tokens = read_tokens(settings.county_tokens_file)

    flow = Flow(seconds=settings.flow_seconds, least=settings.flow_least)
    bounds = Bounds(settings.body_limit, settings.bodies_limit, settings.county_requests)
    admission = Admission(flow, bounds)

    async def unpublished() -> int:
        async with service.database.pool.acquire() as db:
            return await outbox.depth(db) // 2  # with each record goes its receipt

    service.background(
        Downstream(flow, settings.kafka.client_options(), settings.flow_readers, unpublished).watch
    )
    service.admit_by(admission)
    service.consume_raw(
        [f"{TOPIC}{county}" for county in counties],
        on_source_records(counties),
        "source-records",
        fetch_bytes=FETCH_BYTES,
        redact=redaction(counties),
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
                admission=admission,
            ),
            *quarantine_routes(
                counties, service.transaction, settings.operator_token.get_secret_value(), tokens
            ),
            *profile_routes(counties, settings.operator_token.get_secret_value()),
        ]
    )
    service.every(EVERY_S, watch_quarantine(counties))
    service.background(counties.keep_looking)
    return service
