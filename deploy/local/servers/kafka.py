"""A real Apache Kafka on loopback: one node, broker and controller. Each client proves its password by SCRAM."""

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from deploy.local.layout import Layout
from deploy.local.servers.requirements import ServerMissingError, maven
from services.chassis.runtime.private_file import write_private
from services.chassis.settings.kafka_address import MECHANISM

POM = Path(__file__).parent / "kafka_jars" / "pom.xml"
LOGGING = POM.with_name("log4j2.properties")
SUMS = POM.with_name("jars.sha256")
"""As ``sha256sum *.jar`` writes it in the folder of jars; written anew when the pom.xml changes."""
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
ADMIN = "admin"
PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"
SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"
# Any fixed id: it only keeps a data folder from being served by another cluster.
CLUSTER_ID = "cmVsaWVmc3RyZWFtMDAwMQ"
# Small and short-lived: a third of the CPU time was the optimizing compiler, a fifth garbage collection.
SHORT_LIVED = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


def jars_are_fetched(jars: Path) -> bool:
    """Whether `jars` holds exactly what the pom.xml of today asks for."""
    stamp = jars / "pom.sha256"
    return stamp.exists() and stamp.read_text() == _pom_hash()


def fetch_jars(jars: Path, environ: Mapping[str, str]) -> None:
    """Fetches Kafka's jars (43 MB) through Maven; nothing to do when they are there.

    ServerMissingError when Maven is missing or fails, with the end of what it said.
    """
    jars.parent.mkdir(parents=True, exist_ok=True)
    with (jars.parent / "fetching.lock").open("w") as one_at_a_time:  # who comes second finds them there
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not jars_are_fetched(jars):
            _fetch(jars, environ)


def _fetch(jars: Path, environ: Mapping[str, str]) -> None:
    new = jars.with_name(jars.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    command = [maven(environ), "-q", "-B", "-C", "-f", str(POM), COPY, f"-DoutputDirectory={new.absolute()}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(environ))
    if done.returncode != 0:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-8:])
        raise ServerMissingError(
            f"Maven could not fetch Kafka's jars; check the network, then again:\n{said}"
        )
    if wrong := not_as_summed(new, SUMS):
        raise ServerMissingError(
            f"Kafka's jars are not those of {SUMS.name}: {', '.join(wrong)}. They were changed on "
            "their way, or the pom.xml was changed without the list."
        )
    (new / "pom.sha256").write_text(_pom_hash())
    shutil.rmtree(jars, ignore_errors=True)
    jars.with_name("classes.jsa").unlink(missing_ok=True)
    new.rename(jars)


def not_as_summed(jars: Path, sums: Path) -> list[str]:
    """The names of jars that are missing, too many, or not as the list of SHA-256 sums says; empty: all are right."""
    expected = {name: digest for digest, name in (line.split() for line in sums.read_text().splitlines())}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in jars.glob("*.jar")}
    return sorted({name for name, _ in expected.items() ^ found.items()})


def properties(
    data: Path, port: int, controller_port: int, password: str, others: Mapping[str, str] | None = None
) -> str:
    """The text of server.properties; `password` is the administrator's, as whom the broker acts itself.

    `others`: settings in place of ours.
    """
    login = f'required username="{ADMIN}" password="{password}"'
    settings = {
        "process.roles": "broker,controller",
        "node.id": "1",
        # A static quorum, unlike a dynamic one, lets the controller's port change from start to start.
        "controller.quorum.voters": f"1@127.0.0.1:{controller_port}",
        "listeners": f"BROKER://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "advertised.listeners": f"BROKER://127.0.0.1:{port}",
        "listener.security.protocol.map": "BROKER:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT",
        "inter.broker.listener.name": "BROKER",
        "controller.listener.names": "CONTROLLER",
        "sasl.enabled.mechanisms": MECHANISM,
        "sasl.mechanism.inter.broker.protocol": MECHANISM,
        f"listener.name.broker.{MECHANISM.lower()}.sasl.jaas.config": f"{SCRAM} {login};",
        # The controller keeps what SCRAM compares with, and so cannot be asked by it. Its only client is this broker.
        "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
        "sasl.mechanism.controller.protocol": "PLAIN",
        "listener.name.controller.plain.sasl.jaas.config": f'{PLAIN} {login} user_{ADMIN}="{password}";',
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:{ADMIN}",
        "log.dirs": str(data),
        "auto.create.topics.enable": "false",
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        # The session is the time until a killed broker may register again.
        "broker.session.timeout.ms": "6000",
        "broker.heartbeat.interval.ms": "2000",
        "controlled.shutdown.enable": "false",
        "offsets.retention.minutes": "2147483647",
        "log.retention.hours": "-1",
        **(others or {}),
    }
    return "".join(f"{key}={value}\n" for key, value in settings.items())


def prepare(
    layout: Layout,
    java: str,
    jars: Path,
    *,
    port: int,
    controller_port: int,
    password: str,
    others: Mapping[str, str] | None = None,
) -> list[str]:
    """Writes server.properties, formats the storage at first, and returns the command that runs the broker.

    A new storage knows one user, the administrator with this password. `others`: settings in place of ours.
    ServerMissingError when the storage cannot be
    formatted, or is of a version of which the administrator has no such password.
    """
    data, config = layout.kafka / "data", layout.kafka / "server.properties"
    if not data.exists():
        config_then = properties(layout.kafka / "data.new", port, controller_port, password)
        _format(layout, java, jars, config_then, password)
        (layout.kafka / "data.new").rename(data)
    data.chmod(0o700)
    if ADMIN.encode() not in (data / "bootstrap.checkpoint").read_bytes():
        raise ServerMissingError(
            f"{layout.root} was made by an earlier version, whose Kafka knows no users by SCRAM: remove it to begin "
            "anew, without its data"
        )
    write_private(config, properties(data, port, controller_port, password, others))
    return [
        java, "-Xms128m", "-Xmx512m", *SHORT_LIVED, *_classes(jars), f"-Dlog4j2.configurationFile={LOGGING}",
        "-cp", f"{jars}/*", "kafka.Kafka", str(config),
    ]  # fmt: skip


def _classes(jars: Path) -> tuple[str, str]:
    # The first broker that ends in order leaves its classes as they lay in memory; those after it start with them.
    archive = jars.with_name("classes.jsa")
    option = "SharedArchiveFile" if archive.exists() else "ArchiveClassesAtExit"
    return f"-XX:{option}={archive}", "-Xlog:cds*=off"


def _format(layout: Layout, java: str, jars: Path, config: str, password: str) -> None:
    # Formatted aside and renamed, so that a crash in between is not taken for a formatted storage.
    shutil.rmtree(layout.kafka / "data.new", ignore_errors=True)
    first, arguments = layout.kafka / "format.properties", layout.kafka / "format.arguments"
    write_private(first, config)
    write_private(arguments, format_arguments(password))
    command = [
        java,
        *SHORT_LIVED,
        "-cp",
        f"{jars}/*",
        "kafka.tools.StorageTool",
        "format",
        "-t",
        CLUSTER_ID,
        "-c",
        str(first),
        f"@{arguments}",  # a file: other accounts see command lines
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, umask=0o077)
    first.unlink()
    arguments.unlink()
    if done.returncode != 0:
        raise ServerMissingError(f"Kafka could not format its storage:\n{(done.stdout + done.stderr)[-800:]}")


def format_arguments(password: str) -> str:
    """What gives a new storage its first user, an argument a line."""
    return f"--add-scram\n{MECHANISM}=[name={ADMIN},password={password}]\n"


def _pom_hash() -> str:
    return hashlib.sha256(POM.read_bytes()).hexdigest()
