"""An admission for tests; by itself it turns nobody away."""

from services.ingest.admission.admission import Admission
from services.ingest.admission.body_memory import Bounds
from services.ingest.admission.fair_shares import InFlight


def admission(
    in_flight: InFlight | None = None,
    *,
    county_bytes: int = 10**9,
    all_bytes: int = 10**9,
    requests: int = 1000,
) -> Admission:
    """``in_flight`` left out: one without a limit."""
    bounds = Bounds(county_bytes, all_bytes, requests)
    return Admission(in_flight or InFlight(seconds=1, least=10**9), bounds, seconds=lambda: 0.0)
