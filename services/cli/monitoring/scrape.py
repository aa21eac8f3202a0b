"""One look at everything: each service's metrics over HTTP. What waits for a service that is down, the others measure.

The standard library asks, as any other client takes longer to load than the services to answer.
"""

import ssl
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import urlopen

from services import SERVICES
from services.cli.client.addresses import Addresses
from services.cli.monitoring.scraped_rates import Scrape, scrape

PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen; a service that did not answer is not in ``scrapes``."""

    at: datetime
    scrapes: Mapping[str, Scrape]
    ready: Mapping[str, bool]

    def answers(self, server: str) -> bool | None:
        """Whether ``kafka`` or ``postgres`` answers every service that was asked; None: no service can say."""
        told = [one.by("reliefstream_server_answers", "server") for one in self.scrapes.values()]
        said = [answers[server] for answers in told if server in answers]
        return all(said) if said else None

    def missing(self) -> list[str]:
        """The servers that do not answer or are not ready."""
        servers = [name for name in ("kafka", "postgres") if self.answers(name) is False]
        return [*servers, *(name for name in SERVICES if not self.ready.get(name))]


def look(found: Addresses) -> Look:
    """Asks all services at once; never raises for one that does not answer.

    Raises OSError for a file of certificates that is not there.
    """
    context = ssl.create_default_context(cafile=found.ca_file) if found.ca_file else None

    def ask(name: str) -> tuple[Scrape | None, bool]:
        url = found.urls.get(name)
        if url is None:
            return None, False
        try:
            ready = is_ready(url, context)
            answers, text = _get(f"{url}/metrics", context)
            return scrape(text, time.monotonic()) if answers else None, ready
        except (OSError, HTTPException, ValueError):
            return None, False

    with ThreadPoolExecutor(len(SERVICES)) as threads:
        seen = dict(zip(SERVICES, threads.map(ask, SERVICES), strict=True))
    return Look(
        datetime.now(UTC),
        {name: metrics for name, (metrics, _) in seen.items() if metrics},
        {name: ready for name, (_, ready) in seen.items()},
    )


def is_ready(url: str, context: ssl.SSLContext | None = None) -> bool:
    """Whether what listens at this base URL says that it is ready."""
    try:
        return _get(f"{url}/readyz", context)[0]
    except (OSError, HTTPException, ValueError):
        return False


def _get(url: str, context: ssl.SSLContext | None) -> tuple[bool, str]:
    """Whether the answer is a success, and its text."""
    try:
        with urlopen(url, timeout=PATIENCE_S, context=context) as answer:  # noqa: S310 - an address that is configured
            return True, answer.read().decode()
    except HTTPError:
        return False, ""
