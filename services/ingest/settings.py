"""Settings of ingest."""

from pathlib import Path

from services.chassis.settings import ServiceSettings

COUNTIES = Path(__file__).parents[2] / "deploy" / "counties"


class IngestSettings(ServiceSettings):
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
