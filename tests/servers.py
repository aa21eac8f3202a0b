"""A pytest plug-in: the fixture `servers`, a real Kafka and a real Postgres for the whole session.

Taken from the environment when RELIEFSTREAM_TEST_KAFKA_BOOTSTRAP and RELIEFSTREAM_TEST_POSTGRES_DSN are set,
else from testcontainers where a Docker engine answers, else from the local servers in `.local/scram-servers`.
"""

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.local.testing import shared_servers

LOCAL = Path(__file__).parents[1] / ".local"
STARTING = {"servers", "bare_product"}
"""The fixtures that start servers."""


@dataclass(frozen=True)
class Servers:
    """Where the servers are. Username and password are None for a Kafka that asks for none.

    They may hold topics and databases of earlier sessions: a test names its own.
    """

    kafka_bootstrap: str
    kafka_username: str | None
    kafka_password: str | None = field(repr=False)
    postgres_admin_dsn: str = field(repr=False)
    """A superuser's, who may create databases and roles."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes such a fixture has the mark, so that ``-m "not servers"`` never starts a server."""
    for item in items:
        if not STARTING.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.servers)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """The servers, stopped at the session's end if this session is the last that uses them."""
    with ExitStack() as stack:
        found = from_environment(os.environ)
        if not found and docker_answers():
            found = from_testcontainers(os.environ, stack)
        if not found:
            local = stack.enter_context(
                shared_servers(LOCAL / "scram-servers", os.environ, jars=LOCAL.resolve() / "kafka" / "libs")
            )
            found = Servers(
                local.kafka_bootstrap, local.kafka_username, local.kafka_password, local.postgres_admin_dsn
            )
        yield found


def from_environment(environ: Mapping[str, str]) -> Servers | None:
    """The servers that the environment names, None when it does not name both."""
    kafka, postgres = (
        environ.get("RELIEFSTREAM_TEST_KAFKA_BOOTSTRAP"),
        environ.get("RELIEFSTREAM_TEST_POSTGRES_DSN"),
    )
    if not kafka or not postgres:
        return None
    username, password = (environ.get(f"RELIEFSTREAM_TEST_KAFKA_{part}") for part in ("USERNAME", "PASSWORD"))
    return Servers(kafka, username, password, postgres)


def docker_answers() -> bool:
    """Whether a Docker engine answers here."""
    import docker

    try:
        client = docker.from_env(timeout=3)
        try:
            return bool(client.ping())
        finally:
            client.close()
    except (docker.errors.DockerException, OSError):
        return False


def from_testcontainers(environ: Mapping[str, str], stack: ExitStack) -> Servers | None:
    """Containers that end with `stack`; None, with a warning, where the engine has not and gets not the images."""
    import docker

    from tests import containers

    try:
        kafka, postgres = containers.start(environ, stack)
    except (docker.errors.ImageNotFound, docker.errors.APIError) as error:
        warnings.warn(f"no containers ({error}): the tests take local servers", stacklevel=2)
        return None
    return Servers(kafka, None, None, postgres)
