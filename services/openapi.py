"""The OpenAPI 3.1 documents of all services, from their routes alone.

``python -m services.openapi contracts`` writes them below ``contracts/openapi``; a test fails when they are stale.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from reliefstream_contracts.documents import text
from services.chassis.audit.endpoints import audit_router
from services.chassis.consumer.dead_letter_endpoints import dead_letter_router
from services.chassis.consumer.lost_record_endpoints import lost_record_router
from services.chassis.http.application import NOBODY, Application
from services.chassis.http.operations import operations
from services.chassis.identity.directory import Accounts
from services.chassis.identity.endpoints import identity_router
from services.chassis.identity.token_use_endpoints import token_use_router
from services.eligibility import app as eligibility
from services.ingest import app as ingest
from services.notification import app as notification
from services.reconciliation import app as reconciliation
from services.relief import app as relief

OWN: dict[str, Sequence[APIRouter]] = {
    "ingest": ingest.ROUTERS,
    "reconciliation": reconciliation.ROUTERS,
    "eligibility": eligibility.ROUTERS,
    "relief": relief.ROUTERS,
    "notification": notification.ROUTERS,
}


def applications(accounts: Accounts = NOBODY, *, public: bool = False) -> dict[str, Application]:
    """Each service's routes, without what they work with; ``public``: those of its public listener."""
    shared = (
        operations,
        identity_router,
        dead_letter_router,
        lost_record_router,
        audit_router,
        token_use_router,
    )
    return {
        service: Application(service, [*shared, *own], accounts=accounts, public=public)
        for service, own in OWN.items()
    }


def documents() -> dict[str, dict[str, Any]]:
    """Service to document."""
    return {service: application.openapi() for service, application in applications().items()}


def write(folder: Path) -> None:
    """Writes ``openapi/SERVICE.json`` below the folder."""
    (folder / "openapi").mkdir(exist_ok=True)
    for service, document in documents().items():
        (folder / "openapi" / f"{service}.json").write_text(text(document))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
