"""The HTTP server of a service."""

from contextlib import nullcontext
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from services.chassis.http.slow_clients import within
from services.chassis.settings.http_settings import HttpSettings


def http_server(application: ASGIApp, host: str, port: int, settings: HttpSettings) -> uvicorn.Server:
    """The server, not yet listening; ``should_exit`` ends it. Signals are its caller's to handle."""
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        ssl_certfile=settings.http_certificate_file,
        ssl_keyfile=settings.http_key_file,
        http=within(settings.http_head_seconds),
        limit_concurrency=settings.http_connections,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    server.capture_signals = _no_signals  # type: ignore[method-assign] # the service has its own
    return server


def _no_signals() -> Any:
    return nullcontext()
