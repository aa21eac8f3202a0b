"""Reconciliation on one page: records in; histories and discrepancies out."""

from reliefstream_contracts.records import CaseRecorded, RapSheetRecorded, SourceRecord
from services.chassis.clock import Clock
from services.chassis.service import Service
from services.reconciliation.handlers import on_records
from services.reconciliation.http import routes
from services.reconciliation.settings import ReconciliationSettings

Settings = ReconciliationSettings


def build(settings: ReconciliationSettings, clock: Clock) -> Service:
    """The service, composed and not yet running."""
    service = Service("reconciliation", settings, clock)
    service.consume([SourceRecord.TOPIC], [RapSheetRecorded, CaseRecorded], on_records)
    service.mount(routes(service.transaction, settings.operator_token.get_secret_value()))
    return service
