"""``reliefstream run SERVICE``: what an image or the local supervisor starts."""

import os
from typing import Annotated

from cyclopts import Parameter

from services import CONSOLE, SERVICES
from services.cli.client.addresses import known_service
from services.cli.terminal.exit import WrongUsage


def run(service: Annotated[str, Parameter(help=", ".join((*SERVICES, CONSOLE)))]) -> None:
    """Run one service, or the console, in the foreground, with its settings from the environment.

    A setting may be a file of its name (reliefstream_database_url) in RELIEFSTREAM_SECRETS_DIR instead.
    """
    import asyncio
    import importlib

    import uvloop

    from services.chassis.runtime.clock import SystemClock
    from services.chassis.runtime.service import StartRefused
    from services.chassis.runtime.telemetry import configure_logging, defect, log
    from services.chassis.settings.service_settings import WrongSettings, read_settings

    if service != CONSOLE:
        known_service(service)
    app = importlib.import_module(f"services.{service}.app")
    try:
        settings = read_settings(app.Settings, os.environ)
    except WrongSettings as wrong:
        raise WrongUsage(f"{service}: missing or wrong in the environment: {wrong}") from None
    configure_logging(service, settings.instance, settings.log_level)

    async def serve() -> None:
        try:
            built = app.build(settings, SystemClock(settings.as_of))
        except (
            ValueError,
            OSError,
        ) as error:  # a file of policies, counties or tokens; the text is for users
            raise WrongUsage(f"{service}: {error}") from None
        try:
            await built.run()
        except StartRefused as refused:
            log().critical("start refused", why=str(refused))
            raise WrongUsage(f"{service}: {refused}") from None
        except Exception as error:  # its text may hold a person's data: the log gets the place only
            log().critical("ended", defect=defect(error))
            raise SystemExit(70) from None

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())
