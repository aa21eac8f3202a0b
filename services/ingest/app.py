"""Ingest on one page: records in by topic and HTTP; valid records and receipts out; what is sealed forgotten."""

from datetime import timedelta
from uuid import uuid4

from reliefstream_contracts.event import Event
from reliefstream_contracts.records import SourceRecord
from reliefstream_contracts.relief import RELIEF_TOPIC_EVENTS, ReliefEvent, ReliefSealDue, ReliefSealed
from reliefstream_contracts.sealing import ConvictionForgotten, LinksPinned, SealRemoved
from services.chassis.http.token_file import read_tokens
from services.chassis.outbox import outbox
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.needed_keys import every_key_is_there
from services.chassis.runtime.service import Service
from services.county_folders import sign_in_strengths
from services.ingest.admission.admission import Admission
from services.ingest.admission.body_memory import Bounds
from services.ingest.admission.downstream_lag import Downstream
from services.ingest.admission.fair_shares import InFlight
from services.ingest.core.message import TOPIC
from services.ingest.handlers import on_relief, on_source_records, redaction
from services.ingest.http.bodies import Limits
from services.ingest.http.dependencies import Dependencies, Intake
from services.ingest.http.profile_endpoints import profiles
from services.ingest.http.quarantine_act_endpoints import quarantine_work
from services.ingest.http.quarantine_endpoints import quarantine
from services.ingest.http.record_endpoint import records
from services.ingest.http.seal_endpoints import seals
from services.ingest.http.statement_endpoints import statements
from services.ingest.profiles.counties_in_force import CountiesInForce
from services.ingest.quarantine.erasing import erase_old
from services.ingest.quarantine.metrics import EVERY_S, watch_quarantine
from services.ingest.sealing import store as seal_store
from services.ingest.sealing.intake import forget_old_cases
from services.ingest.settings import IngestSettings

Settings = IngestSettings
ROUTERS = (records, statements, quarantine, quarantine_work, profiles, seals)
SEALING: tuple[type[Event], ...] = (ReliefSealDue, ReliefSealed)
# Of each partition, and each county has three: so many counties must fit into memory.
FETCH_BYTES = 256 * 1024


def build(settings: IngestSettings, clock: Clock) -> Service:
    """The service, composed and not yet running."""
    service = Service("ingest", settings, clock)
    service.ask_strengths(sign_in_strengths(settings.counties_dir))
    counties = CountiesInForce(settings.counties_dir)

    in_flight = InFlight(seconds=settings.in_flight_seconds, least=settings.in_flight_least)
    bounds = Bounds(settings.body_limit, settings.bodies_limit, settings.county_requests)
    admission = Admission(in_flight, bounds)

    async def unpublished() -> int:
        async with service.database.pool.acquire() as db:
            return await outbox.depth(db) // 2  # with each record goes its receipt

    service.background(
        Downstream(
            in_flight, settings.kafka.client_options(), settings.in_flight_consumers, unpublished
        ).watch
    )
    service.admit_by(admission)
    sealing = settings.keyed_hash
    service.check_first(every_key_is_there(sealing, settings.sealing_keys_lost, seal_store.HASHES))
    service.consume_raw(
        [f"{TOPIC}{county}" for county in counties],
        on_source_records(counties, sealing),
        "source-records",
        fetch_bytes=FETCH_BYTES,
        redact=redaction(counties),
    )
    service.consume(
        [ReliefEvent.TOPIC], SEALING, on_relief(counties, sealing), unread=RELIEF_TOPIC_EVENTS, patient=True
    )
    service.consume(
        [LinksPinned.TOPIC],
        [LinksPinned],
        on_relief(counties, sealing),
        unread=[ConvictionForgotten, SealRemoved],
        patient=True,
    )
    service.keep_compacted(SourceRecord.TOPIC)

    service.accept_tokens(counties=read_tokens(settings.county_tokens_file))
    service.serve(
        ROUTERS,
        counties,
        Dependencies(counties, service.transaction, sealing),
        Intake(
            new_request_id=lambda: uuid4().hex,
            now=clock.now,
            limits=Limits(settings.body_limit, settings.record_limit, settings.line_limit),
            admission=admission,
        ),
    )
    service.every(EVERY_S, watch_quarantine(counties))
    service.every(3600.0, forget_old_cases)
    service.every(3600.0, erase_old(timedelta(days=settings.quarantine_days)))
    service.background(counties.keep_looking)
    return service
