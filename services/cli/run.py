"""``reliefstream run SERVICE`` and ``prepare``: what an image or the local supervisor starts."""

import asyncio
import importlib
import json
import os
from typing import Annotated

import uvloop
from cyclopts import Parameter
from pydantic import ValidationError

from deploy.local.plan import counties
from services.chassis.clock import SystemClock
from services.chassis.migrate import MigrationFailed, migrate
from services.chassis.telemetry import configure_logging, defect, log
from services.cli.addresses import SERVICES, Kafka
from services.cli.exit import ServerMissing, WrongUsage
from services.cli.topics import create_topics


def run(service: Annotated[str, Parameter(help=", ".join(SERVICES))]) -> None:
    """Run one service in the foreground, with its settings from the environment."""
    if service not in SERVICES:
        raise WrongUsage(f"No service {service!r}: choose one of {', '.join(SERVICES)}")
    app = importlib.import_module(f"services.{service}.app")
    try:
        settings = app.Settings()
    except ValidationError as error:
        wrong = ", ".join(
            "RELIEFSTREAM_" + str(e["loc"][0]).upper() for e in error.errors(include_input=False)
        )
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
        except Exception as error:  # its text may hold a person's data: the log gets the place only
            log().critical("ended", defect=defect(error))
            raise SystemExit(70) from None

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())


def prepare() -> None:
    """Make topics and bring each database to its newest schema; does nothing where that is done.

    RELIEFSTREAM_KAFKA_BOOTSTRAP (with _USERNAME, _PASSWORD) and RELIEFSTREAM_DATABASE_URLS, a JSON object of
    service to database URL.
    """
    env = os.environ
    if "RELIEFSTREAM_KAFKA_BOOTSTRAP" not in env or "RELIEFSTREAM_DATABASE_URLS" not in env:
        raise ServerMissing(
            "Set RELIEFSTREAM_KAFKA_BOOTSTRAP and RELIEFSTREAM_DATABASE_URLS, or use: reliefstream up"
        )
    kafka = Kafka(
        env["RELIEFSTREAM_KAFKA_BOOTSTRAP"],
        env.get("RELIEFSTREAM_KAFKA_USERNAME"),
        env.get("RELIEFSTREAM_KAFKA_PASSWORD"),
    )
    made = asyncio.run(create_topics(kafka.client_options(), counties()))
    print(f"{len(made)} topics made" if made else "topics are there")
    for service, url in json.loads(env["RELIEFSTREAM_DATABASE_URLS"]).items():
        try:
            migrate(service, url)
        except MigrationFailed as error:
            raise ServerMissing(f"The database of {error}") from None
        print(f"database of {service} is at its newest schema")
