"""Settings of ingest."""

from pathlib import Path

from pydantic import Field

from services import COUNTIES
from services.chassis.settings.sealing_keys import SealingKeySettings


class IngestSettings(SealingKeySettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals."""

    county_tokens_file: Path | None = None
    """JSON object, county to bearer token; None: nobody can send over HTTP."""
    counties_dir: Path = COUNTIES
    """One folder a county: whose records are taken."""
    body_limit: int = 16 * 1024 * 1024
    """Bytes of the largest HTTP body; more goes through the county's topic: ``reliefstream submit``."""
    record_limit: int = 5_000
    """Cases, or persons with rows, in one HTTP body: it is one transaction, and one answer with all receipts."""
    line_limit: int = 50_000
    """Lines of one HTTP body, a header and blank ones included."""
    bodies_limit: int = 32 * 1024 * 1024
    """Bytes of all HTTP bodies at work at a time; one county has at most ``body_limit`` of them."""
    county_requests: int = Field(default=8, ge=1)
    """HTTP requests of one county at work at a time."""
    in_flight_seconds: float = Field(default=4.0, gt=0)
    """How long the queue downstream of intake may take. With less, a flood delays other counties less, but batches
    become so small that all processing is slower: a transaction costs about the same for ten records as for five
    hundred.
    """
    in_flight_least: int = Field(default=1000, ge=1)
    """Records that may be downstream of intake in any case, also while nothing moves there."""
    quarantine_days: int = Field(default=90, ge=1)
    """Days after its last sending for which what was refused is kept as it was sent; then it is erased, and the entry
    can't be resubmitted any more."""
    in_flight_consumers: tuple[str, ...] = (
        "reconciliation.records-v1",
        "eligibility.histories-v1",
        "relief.determinations-v1",
        "notification.relief-v1",
    )
    """Consumer groups downstream of intake, in the order of the flow; one that never ran is left out."""
