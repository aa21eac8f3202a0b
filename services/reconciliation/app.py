"""Reconciliation on one page: records and statements in; histories and discrepancies out.

Relief in: do its sources show it, and what is to be sealed? Persons whom community groups name: whose records are
theirs?
"""

from collections.abc import Sequence
from uuid import uuid4

from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.event import Event
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.records import CaseRecorded, RapSheetRecorded, SourceRecord
from reliefstream_contracts.relief import RELIEF_TOPIC_EVENTS, ReliefEvent
from reliefstream_contracts.statements import FactStated
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.service import Service
from services.chassis.runtime.unit_of_work import Delivery, Work
from services.county_folders import counties, sign_in_strengths
from services.reconciliation.handlers import Linker
from services.reconciliation.http.client_endpoints import client_routes
from services.reconciliation.http.discrepancy_endpoints import discrepancy_routes
from services.reconciliation.http.endpoints import Dependencies, reconciliation
from services.reconciliation.http.person_endpoints import persons
from services.reconciliation.http.referral_dependencies import ReferralDependencies
from services.reconciliation.http.referral_endpoints import referral_routes
from services.reconciliation.http.statement_endpoints import statements
from services.reconciliation.ledger_metrics import measure
from services.reconciliation.referrals.clock import ReferralClock
from services.reconciliation.relief_clocks import ReliefClocks
from services.reconciliation.sealing import TO_FORGET, Forgetting
from services.reconciliation.settings import ReconciliationSettings
from services.reconciliation.store import key_locks
from services.reconciliation.store.back_fill import TO_COMPARE, BackFill
from services.reconciliation.weights_file import load_model

SECONDS_BETWEEN_LOOKS = 600.0
SECONDS_BETWEEN_MEASURES = 60.0
SECONDS_BETWEEN_SHORT_LOOKS = 1.0

Settings = ReconciliationSettings
ROUTERS = (reconciliation, discrepancy_routes, statements, referral_routes, client_routes, persons)


def build(settings: ReconciliationSettings, clock: Clock) -> Service:
    """The service, composed and not yet running. Raises WrongFile when a ``county.yaml`` is wrong."""
    service = Service("reconciliation", settings, clock)
    service.ask_strengths(sign_in_strengths(settings.counties_dir))
    model = load_model(settings.linkage_weights)
    linker = Linker(model)
    forgetting = Forgetting(linker)
    service.consume(
        [SourceRecord.TOPIC],
        [RapSheetRecorded, CaseRecorded, FactStated],
        linker.on_records,
        erased=forgetting.on_erased,
    )
    clocks = ReliefClocks(clock.today)

    async def on_relief(deliveries: Sequence[Delivery[Event]], work: Work) -> None:
        await clocks.on_relief(deliveries, work)
        await forgetting.on_relief(deliveries, work)

    service.consume([ReliefEvent.TOPIC], RELIEF_TOPIC_EVENTS, on_relief, erased=clocks.erased, patient=True)
    service.every(SECONDS_BETWEEN_SHORT_LOOKS, forgetting.report)
    service.pending("sealed convictions on record", TO_FORGET)
    service.every(SECONDS_BETWEEN_LOOKS, clocks.ring)
    service.every(SECONDS_BETWEEN_MEASURES, measure)
    service.every(SECONDS_BETWEEN_LOOKS, key_locks.forget)
    service.every(SECONDS_BETWEEN_LOOKS, BackFill(linker).step)
    service.pending("records to compare anew", TO_COMPARE)
    referrals = ReferralClock(model, clock.today)
    service.every(SECONDS_BETWEEN_SHORT_LOOKS, referrals.look)
    service.every(SECONDS_BETWEEN_LOOKS, referrals.escalate)
    service.every(SECONDS_BETWEEN_LOOKS, referrals.erase)
    service.every(SECONDS_BETWEEN_MEASURES, referrals.measure)
    service.keep_compacted(HistoryChanged.TOPIC, DiscrepancyChanged.TOPIC)
    service.serve(
        ROUTERS,
        Dependencies(service.transaction, linker),
        ReferralDependencies(service.transaction, counties(settings.counties_dir), clock, uuid4, model),
    )
    return service
