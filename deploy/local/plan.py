"""What the local supervisor is to run, and the environment that it gives to each service."""

import json
import os
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from deploy.kafka.integrators import INTEGRATORS, read_integrators
from deploy.local.addresses import Addresses
from deploy.local.layout import Layout
from services import CONSOLE, SERVICES, counties
from services.chassis.settings.http_settings import PREFIX
from services.chassis.settings.kafka_address import KafkaAddress

WITH_SEALING_KEYS = ("ingest", "relief", "notification")


class Plan(BaseModel):
    """The servers run first; then each command of `prepare` to its end; then `services`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prepare: tuple[tuple[str, ...], ...] = ()
    services: dict[str, tuple[str, ...]] = {}
    """The command of each service by its name, which is also its database's and role's."""
    counties: tuple[str, ...] = ()
    """Each gets a bearer token, and a user of Kafka for its own records and its own receipts."""
    integrators: dict[str, tuple[str, ...]] = {}
    """Each gets a bearer token, and a user of Kafka for the dismissals of these counties."""
    sign_in: bool = False
    """Whether the built-in sign-in provider runs, and the services trust it and the trial's file of grants."""
    console: tuple[str, ...] = ()
    """The command of the console, for people who sign in there; empty: there is none."""
    rewriting: tuple[str, ...] = ()
    """The command that rewrites the databases every night; empty: they are not."""
    as_of: date | None = None
    policy: dict[str, str] = {}
    postgres: dict[str, str] = {}
    """Settings of Postgres in place of those of an installation."""
    kafka: dict[str, str] = {}
    """Settings of Kafka's broker, the same."""
    jars: Path
    """Kafka's jars, fetched before."""


def reliefstream_plan(layout: Layout, as_of: date | None, policy: dict[str, str]) -> Plan:
    """The five services and the console of this repository, with every county that `deploy/counties` describes."""
    command = (sys.executable, "-m", "services.cli.main")
    return Plan(
        prepare=((*command, "prepare"),),
        services={name: (*command, "run", name) for name in SERVICES},
        counties=counties(),
        integrators=dict(read_integrators(INTEGRATORS)),
        sign_in=True,
        console=(*command, "run", CONSOLE),
        rewriting=(*command, "seal", "rewrite"),
        as_of=as_of,
        policy=policy,
        jars=layout.jars,
    )


def base_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without our own variables: a stray one must not configure a service."""
    return {name: value for name, value in environ.items() if not name.startswith(PREFIX)}


def kafka_environment(kafka: KafkaAddress) -> dict[str, str]:
    """Where Kafka is, and the name and password of a user."""
    return {
        "RELIEFSTREAM_KAFKA_BOOTSTRAP": kafka.bootstrap,
        "RELIEFSTREAM_KAFKA_USERNAME": kafka.username or "",
        "RELIEFSTREAM_KAFKA_PASSWORD": kafka.password or "",
    }


def prepare_environment(given: Addresses) -> dict[str, str]:
    """What a step before the services gets: Kafka's administrator, and each database's owner as a JSON object."""
    return {**kafka_environment(given.kafka), "RELIEFSTREAM_OWNER_URLS": json.dumps(given.owner_urls)}


def sign_in_command(given: Addresses) -> list[str]:
    """The built-in sign-in provider, with the console as its client where there is one."""
    console = [f"console={given.http['console']}/signed-in"] if "console" in given.http else []
    return [sys.executable, "-m", "deploy.local.sign_in.run", given.sign_in or "", *console]


def service_environment(layout: Layout, plan: Plan, given: Addresses, service: str) -> dict[str, str]:
    """What one service gets: database, port, Kafka, the tokens it checks, a trial's date and policies."""
    host, port = given.http[service].removeprefix("http://").split(":")
    environment = {
        **kafka_environment(given.kafka_of(service)),
        "RELIEFSTREAM_DATABASE_URL": given.database_urls[service],
        "RELIEFSTREAM_HTTP_HOST": host,
        "RELIEFSTREAM_HTTP_PORT": port,
        "RELIEFSTREAM_INSTANCE": f"{service}-0",
        "RELIEFSTREAM_AUDIT_KEY": given.audit_keys[service],
        "RELIEFSTREAM_OPERATOR_TOKEN": given.operator_token,
        "RELIEFSTREAM_COUNTY_TOKENS_FILE": os.fspath(layout.secrets.resolve() / "county-tokens.json"),
    }
    if service in WITH_SEALING_KEYS:
        environment["RELIEFSTREAM_SEALING_KEYS"] = given.sealing_keys
    if service == "notification":
        environment |= {
            "RELIEFSTREAM_INTEGRATOR_TOKENS_FILE": os.fspath(
                layout.secrets.resolve() / "integrator-tokens.json"
            ),
            "RELIEFSTREAM_PAIRWISE_SECRET": given.pairwise_secret,
            "RELIEFSTREAM_WEBHOOK_KEYS": given.webhook_keys,
        }
    if given.sign_in:
        environment |= {
            "RELIEFSTREAM_OIDC_ISSUER": given.sign_in,
            "RELIEFSTREAM_GRANTS_FILE": os.fspath(layout.grants.resolve()),
        }
    environment |= _day(plan)
    if plan.policy:
        environment["RELIEFSTREAM_POLICY"] = json.dumps(plan.policy)
    return environment


def console_environment(layout: Layout, plan: Plan, given: Addresses) -> dict[str, str]:
    """What the console gets: its address, its keys, the sign-in provider and the services that it calls."""
    url = given.http[CONSOLE]
    host, port = url.removeprefix("http://").split(":")
    return {
        "RELIEFSTREAM_HTTP_HOST": host,
        "RELIEFSTREAM_HTTP_PORT": port,
        "RELIEFSTREAM_CONSOLE_URL": url,
        "RELIEFSTREAM_CONSOLE_KEYS": given.console_keys,
        "RELIEFSTREAM_CONSOLE_SCOPE": "openid profile",
        "RELIEFSTREAM_ACCOUNT_NAMES_FILE": os.fspath(layout.account_names.resolve()),
        "RELIEFSTREAM_OIDC_ISSUER": given.sign_in or "",
        **{
            f"RELIEFSTREAM_{name.upper()}_URL": address
            for name, address in given.http.items()
            if name != CONSOLE
        },
        **_day(plan),
    }


def _day(plan: Plan) -> dict[str, str]:
    return {"RELIEFSTREAM_AS_OF": plan.as_of.isoformat()} if plan.as_of else {}
