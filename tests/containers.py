"""Kafka and Postgres as containers, for tests where an engine answers: the images of docker-compose.yml."""

import io
import tarfile
from collections.abc import Mapping
from contextlib import ExitStack

from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.config import ConnectionMode
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

KAFKA_IMAGE = "apache/kafka:4.3.1"
POSTGRES_IMAGE = "postgres:18.4"
OUTSIDE, INSIDE = 9094, 9092
START = "/tmp/start.sh"
SETTINGS = {
    "CLUSTER_ID": "cmVsaWVmc3RyZWFtMDAwMQ",
    "KAFKA_PROCESS_ROLES": "broker,controller",
    "KAFKA_NODE_ID": "1",
    "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@127.0.0.1:9093",
    "KAFKA_LISTENERS": f"INSIDE://127.0.0.1:{INSIDE},OUTSIDE://:{OUTSIDE},CONTROLLER://127.0.0.1:9093",
    "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "KAFKA_INTER_BROKER_LISTENER_NAME": "INSIDE",
    "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
    "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
    "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
    "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
    "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
    "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR": "1",
    "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR": "1",
    "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
}


class ApacheKafka(DockerContainer):
    """One broker of the official image, which asks for no password; published on this machine's loopback.

    What it advertises holds the port under which it is published, known only once the container runs: so it waits
    for a file with that, and starts then.
    """

    def __init__(self, image: str) -> None:
        super().__init__(image, env=dict(SETTINGS))
        on_loopback(self, OUTSIDE)
        self.with_command(["bash", "-c", f"until [[ -e {START} ]]; do sleep 0.1; done; . {START}"])

    @property
    def bootstrap(self) -> str:
        host = self.get_container_host_ip().replace(
            "localhost", "127.0.0.1"
        )  # never ::1, which is not published
        return f"{host}:{self.get_exposed_port(OUTSIDE)}"

    def start(self) -> "ApacheKafka":
        super().start()
        advertised = f"INSIDE://127.0.0.1:{INSIDE},OUTSIDE://{self.bootstrap}"
        text = f"export KAFKA_ADVERTISED_LISTENERS={advertised}\nexec /etc/kafka/docker/run\n".encode()
        archive = io.BytesIO()
        with tarfile.TarFile(fileobj=archive, mode="w") as tar:
            entry = tarfile.TarInfo(START.removeprefix("/tmp/"))
            entry.size, entry.mode = len(text), 0o644
            tar.addfile(entry, io.BytesIO(text))
        self.get_wrapped_container().put_archive("/tmp", archive.getvalue())
        started = LogMessageWaitStrategy("Kafka Server started")
        started.with_startup_timeout(120).wait_until_ready(self)
        return self


def on_loopback(container: DockerContainer, port: int) -> None:
    """Publishes any free port: on loopback only where that is how this process reaches the engine's containers.

    From inside a container it is not; TESTCONTAINERS_CONNECTION_MODE says otherwise where testcontainers guesses wrong.
    """
    client = container.get_docker_client()
    local = client.get_connection_mode() == ConnectionMode.docker_host and client.host() == "localhost"
    container.ports[str(port)] = ("127.0.0.1", None) if local else None  # type: ignore[assignment]


def start(environ: Mapping[str, str], stack: ExitStack) -> tuple[str, str]:
    """Kafka's address and a superuser's URL of Postgres; both end with `stack`.

    RELIEFSTREAM_TEST_KAFKA_IMAGE and RELIEFSTREAM_TEST_POSTGRES_IMAGE name other images. Raises the engine's errors.
    """
    kafka = ApacheKafka(environ.get("RELIEFSTREAM_TEST_KAFKA_IMAGE", KAFKA_IMAGE))
    postgres = PostgresContainer(environ.get("RELIEFSTREAM_TEST_POSTGRES_IMAGE", POSTGRES_IMAGE), driver=None)
    on_loopback(postgres, postgres.port)
    postgres.with_command("postgres -c max_connections=200 -c wal_recycle=off")
    # As the local servers: the same order of texts everywhere.
    postgres.with_env(
        "POSTGRES_INITDB_ARGS",
        "--encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8",
    )
    stack.enter_context(kafka)
    stack.enter_context(postgres)
    return kafka.bootstrap, postgres.get_connection_url()
