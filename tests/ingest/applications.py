"""The HTTP application of ingest, as its tests take it."""

from collections.abc import Callable, Mapping
from typing import Any

from services.chassis.http.application import Application
from services.ingest.admission.admission import Admission
from services.ingest.app import ROUTERS
from services.ingest.http.bodies import Limits
from services.ingest.http.dependencies import Dependencies, Intake
from services.ingest.profiles.counties import SendingCounties
from tests.accounts import every_office
from tests.ingest.admitted import admission
from tests.ingest.conftest import FixedClock
from tests.ingest.rows import HASH

USUAL = Limits(100_000, 100, 100)


def application(
    counties: SendingCounties,
    transaction: Any,
    tokens: Mapping[str, str],
    *,
    new_request_id: Callable[[], str] = lambda: "r",
    limits: Limits = USUAL,
    admitting: Admission | None = None,
) -> Application:
    """With the token "operator" for the operator and these for counties."""
    intake = Intake(new_request_id, FixedClock().now, limits, admitting or admission())
    return Application(
        "ingest",
        ROUTERS,
        [Dependencies(counties, transaction, HASH), intake],
        every_office("operator", tokens),
    )
