"""An admission for tests; by itself it turns nobody away."""

from services.ingest.admission.admission import Admission
from services.ingest.admission.body_memory import Bounds
from services.ingest.admission.fair_shares import Flow


def admission(
    flow: Flow | None = None, *, county_bytes: int = 10**9, all_bytes: int = 10**9, requests: int = 1000
) -> Admission:
    """Without a flow: one that has room for everything."""
    bounds = Bounds(county_bytes, all_bytes, requests)
    return Admission(flow or Flow(seconds=1, least=10**9), bounds, seconds=lambda: 0.0)
