"""docker-compose.yml agrees with the services' settings, with the local servers, and with what it promises."""

import importlib
import json
import re
import subprocess
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from deploy.compose.make_secrets import make
from deploy.demo.second_county import SECOND_POLICY
from deploy.local.servers import kafka, postgres
from deploy.prepare import OwnerSettings, PrepareSettings
from services import CONSOLE, SERVICES, counties
from tests import containers

REPOSITORY = Path(__file__).resolve().parents[2]
FILES = ["docker-compose.yml", "deploy/compose/trial.yml", "deploy/compose/monitoring.yml"]
COMPOSE: dict[str, Any] = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
MONITORING: dict[str, Any] = yaml.safe_load((REPOSITORY / "deploy/compose/monitoring.yml").read_text())
TRIAL: dict[str, Any] = yaml.safe_load((REPOSITORY / "deploy/compose/trial.yml").read_text())
OURS = (*SERVICES, CONSOLE, "prepare", "rewriting")
EVERY = {**COMPOSE["services"], **MONITORING["services"]}
every_container = pytest.mark.parametrize("name", EVERY)
every_one_of_ours = pytest.mark.parametrize("name", OURS)


def settings(name: str) -> type[BaseSettings]:
    if name in ("prepare", "rewriting"):
        return PrepareSettings if name == "prepare" else OwnerSettings
    found: type[BaseSettings] = importlib.import_module(f"services.{name}.app").Settings
    return found


def environment(service: dict[str, Any]) -> dict[str, str | None]:
    given: dict[str, str | None] = service.get("environment", {})
    return given


def mounted(service: dict[str, Any]) -> dict[str, str]:
    """File in /run/secrets to the secret's name."""
    given = (s if isinstance(s, dict) else {"source": s} for s in service.get("secrets", []))
    return {each.get("target", each["source"]): each["source"] for each in given}


def test_every_service_is_there_and_nothing_else() -> None:
    assert set(COMPOSE["services"]) == {*OURS, "kafka", "postgres"}


@every_one_of_ours
def test_every_variable_and_every_secret_is_a_setting_of_its_service(name: str) -> None:
    known = {f"RELIEFSTREAM_{field}".upper() for field in settings(name).model_fields}
    given = {n for n in environment(COMPOSE["services"][name]) if n != "RELIEFSTREAM_SECRETS_DIR"}
    given |= set(environment(TRIAL["services"].get(name, {})))
    assert given <= known
    files = {file.upper() for file in mounted(COMPOSE["services"][name]) if file.startswith("reliefstream_")}
    assert files <= known
    assert not files & given


@every_one_of_ours
def test_every_setting_that_has_no_default_is_given(name: str) -> None:
    service = COMPOSE["services"][name]
    given = {*environment(service), *(file.upper() for file in mounted(service))}
    needed = {n for n, field in settings(name).model_fields.items() if field.is_required()}
    assert {f"RELIEFSTREAM_{n}".upper() for n in needed} <= given


@every_one_of_ours
def test_each_knows_the_counties_and_its_tokens_where_it_has_such_a_setting(name: str) -> None:
    service = COMPOSE["services"][name]
    fields, given = settings(name).model_fields, environment(service)
    for field in fields:
        if field.endswith("_tokens_file") or field == "counties_dir":
            assert f"RELIEFSTREAM_{field}".upper() in given
    if "counties_dir" in fields:
        assert f"./deploy/counties:{given['RELIEFSTREAM_COUNTIES_DIR']}:ro" in service["volumes"]


@every_container
def test_every_file_of_secrets_that_is_named_is_mounted(name: str) -> None:
    text = yaml.safe_dump([environment(EVERY[name]), EVERY[name].get("command")])
    assert set(re.findall(r"/run/secrets/([\w.-]+)", text)) <= set(mounted(EVERY[name]))


@every_container
def test_no_secret_stands_in_the_file(name: str) -> None:
    for variable, value in environment(EVERY[name]).items():
        if re.search("PASSWORD|TOKEN|SECRET|DATABASE_URL|OWNER_URL|ADMIN_URL", variable):
            assert value and value.startswith("/run/secrets"), variable
        assert not re.search("password=|://[^/]*:[^/]*@", str(value)), variable


def test_every_secret_is_a_file_that_is_made_and_that_containers_can_read(tmp_path: Path) -> None:
    make(tmp_path, counties(), {}, datetime.now(UTC))
    files = {**COMPOSE["secrets"], **MONITORING["secrets"]}
    for entry in files.values():
        path = Path(entry["file"])
        assert path.parent == Path(".local/compose")
        assert (tmp_path / path.name).stat().st_mode & 0o777 == 0o444
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    used = {source for service in EVERY.values() for source in mounted(service).values()}
    assert used == set(files)


def test_each_service_gets_its_own_database_and_no_other() -> None:
    for name in SERVICES:
        sources = {
            s for s in mounted(COMPOSE["services"][name]).values() if s.startswith(("database", "postgres"))
        }
        assert sources == {f"database-url-{name}"}


@every_container
def test_ports_are_published_on_loopback_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in EVERY[name].get("ports", []))
    assert "network_mode" not in EVERY[name]


@every_container
def test_every_container_is_bounded_and_has_no_rights(name: str) -> None:
    service = EVERY[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] and service["pids_limit"] and service["logging"]["options"]["max-size"]
    assert service["restart"] == ("on-failure:5" if name == "prepare" else "unless-stopped")
    assert service.get("read_only") or name == "kafka"  # its official image writes its own configuration
    assert not service.get("privileged")


@every_container
def test_every_container_says_whether_it_is_healthy(name: str) -> None:
    if name in OURS:
        assert "HEALTHCHECK" in (REPOSITORY / "deploy/Dockerfile").read_text()
    else:
        assert EVERY[name]["healthcheck"]["test"]


def test_services_start_when_servers_are_healthy_and_all_is_prepared() -> None:
    healthy = {"condition": "service_healthy"}
    for name in SERVICES:
        assert COMPOSE["services"][name]["depends_on"] == {
            "kafka": healthy,
            "postgres": healthy,
            "prepare": {"condition": "service_completed_successfully"},
        }


def test_data_lie_on_volumes_that_outlive_the_containers() -> None:
    for name, folder in (("kafka", "/var/lib/kafka/data"), ("postgres", "/var/lib/postgresql")):
        assert f"{name}-data:{folder}" in COMPOSE["services"][name]["volumes"]
    assert environment(COMPOSE["services"]["kafka"])["KAFKA_LOG_DIRS"] == "/var/lib/kafka/data"


def test_nothing_crosses_the_network_without_tls(tmp_path: Path) -> None:
    kafka_settings = environment(COMPOSE["services"]["kafka"])
    listeners = dict(
        pair.split(":", 1) for pair in str(kafka_settings["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"]).split(",")
    )
    assert listeners.pop("CONTROLLER") == "SASL_PLAINTEXT"
    assert "CONTROLLER://127.0.0.1:9093" in str(kafka_settings["KAFKA_LISTENERS"])
    assert set(listeners.values()) == {"SASL_SSL"}
    assert {"ssl=on", "hba_file=/etc/reliefstream/pg_hba.conf"} <= {
        *COMPOSE["services"]["postgres"]["command"]
    }
    rules = (REPOSITORY / "deploy/compose/pg_hba.conf").read_text().splitlines()
    assert {line.split()[0] for line in rules if not line.startswith("#")} == {"local", "hostssl"}
    make(tmp_path, counties(), {}, datetime.now(UTC))
    for name in OURS:
        service = COMPOSE["services"][name]
        assert mounted(service)["ca"] == "ca"
        if name != "rewriting":  # it asks Postgres alone, whose URLs name the authority
            assert environment(service)["RELIEFSTREAM_CA_FILE"] == "/run/secrets/ca"
    for name in SERVICES:
        assert mounted(COMPOSE["services"][name])["certificate"] == f"{name}-certificate"
        assert mounted(COMPOSE["services"][name])["key"] == f"{name}-key"
        url = (tmp_path / f"database-url-{name}").read_text()
        assert url.endswith("?sslmode=verify-full&sslrootcert=/run/secrets/ca")
    for url in json.loads((tmp_path / "owner-urls").read_text()).values():
        assert url.endswith("?sslmode=verify-full&sslrootcert=/run/secrets/ca")
    given = dict(line.split("=", 1) for line in (tmp_path / "cli.env").read_text().splitlines())
    assert {url[:9] for name, url in given.items() if name.endswith("_URL")} == {'"https://'}


@every_container
def test_images_are_named_by_exact_version(name: str) -> None:
    assert re.fullmatch(r"[\w./-]+:v?\d+\.\d+(\.\d+)?", tagged(EVERY[name]["image"]))


@every_container
def test_images_of_others_are_named_by_digest(name: str) -> None:
    if name not in OURS:
        digest = re.search(r"\$\{RELIEFSTREAM_[A-Z]+_DIGEST-@sha256:([0-9a-f]{64})}$", EVERY[name]["image"])
        assert digest, "docker buildx imagetools inspect NAME:TAG says it"
    base = re.search(r"^ARG DEBIAN=(\S+)$", (REPOSITORY / "deploy/Dockerfile").read_text(), re.M)
    assert base and re.fullmatch(r"debian:[\d.]+-slim@sha256:[0-9a-f]{64}", base[1])


def tagged(image: str) -> str:
    """The image's name with its tag, without the digest."""
    return image.partition("$")[0]


def test_versions_are_those_that_everything_else_has() -> None:
    images = {name: tagged(COMPOSE["services"][name]["image"]) for name in COMPOSE["services"]}
    pom = kafka.POM.read_text()
    assert images["kafka"] == containers.KAFKA_IMAGE
    assert f"<version>{images['kafka'].split(':')[1]}</version>" in pom
    said = subprocess.run(
        [postgres.BINARIES / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    assert images["postgres"] == containers.POSTGRES_IMAGE == f"postgres:{said.stdout.split()[-1]}"
    version = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["version"]
    assert {images[name] for name in OURS} == {f"reliefstream:{version}"}
    assert f"ARG VERSION={version}" in (REPOSITORY / "deploy/Dockerfile").read_text()


def test_kafka_is_set_as_the_local_one_but_for_its_addresses() -> None:
    local = dict(line.split("=", 1) for line in kafka.properties(Path("data"), 1, 2, "x").splitlines())
    own = {"listeners", "advertised.listeners", "listener.security.protocol.map", "controller.quorum.voters"}
    own |= {"inter.broker.listener.name", "log.dirs"} | {
        name for name in local if name.endswith("jaas.config")
    }
    given = {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in environment(COMPOSE["services"]["kafka"]).items()
        if name.startswith("KAFKA_") and not name.startswith(("KAFKA_OPTS", "KAFKA_HEAP_OPTS", "KAFKA_SSL_"))
    }
    assert {n: v for n, v in given.items() if n not in own} == {
        n: v for n, v in local.items() if n not in own
    }


def test_postgres_is_set_as_the_local_one() -> None:
    command = COMPOSE["services"]["postgres"]["command"]
    given = dict(word.split("=", 1) for word in command[1:] if word != "-c")
    given = {
        name: value for name, value in given.items() if name != "hba_file" and not name.startswith("ssl")
    }
    of_the_image = {"listen_addresses", "unix_socket_directories", "fsync"}
    assert given == {n: v for n, v in postgres.SETTINGS.items() if n not in of_the_image}


def test_docker_compose_reads_the_files() -> None:
    command = ["docker", "compose", *(word for file in FILES for word in ("-f", file)), "config", "--quiet"]
    try:
        found = (
            subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
        )
    except FileNotFoundError:
        found = False
    if not found:
        pytest.skip("no Docker engine: `docker compose` is not here")
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_trial_judges_the_demos_second_county_as_the_demo_asks() -> None:
    given = json.loads(TRIAL["services"]["eligibility"]["environment"]["RELIEFSTREAM_POLICY"])
    assert [f"{county}={policy}" for county, policy in given.items()] == [SECOND_POLICY]
