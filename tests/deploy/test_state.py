"""Secrets, ports, pids and logs below `.local`."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.local.addresses import PORTS, choose_ports, is_free, read
from deploy.local.layout import Layout
from deploy.local.passwords import county_tokens, password
from deploy.local.plan import base_environment
from deploy.local.servers.requirements import ServerMissingError
from deploy.local.supervision.keeper import bound_log, stop
from deploy.local.supervision.processes import running, started_at, write_pid
from services import counties


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "local")
    layout.make()
    return layout


def test_secrets_pids_and_logs_are_their_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    was = os.umask(0)
    try:
        layout = Layout(tmp_path / "local")
        layout.make()
    finally:
        os.umask(was)
    for folder in (layout.secrets, layout.run, layout.logs):
        assert folder.stat().st_mode & 0o777 == 0o700, folder


def test_a_password_is_made_once_for_its_owner_only(layout: Layout) -> None:
    made = password(layout.secrets, "postgres-ingest")
    assert len(made) == 48
    assert password(layout.secrets, "postgres-ingest") == made
    assert password(layout.secrets, "postgres-relief") != made
    assert (layout.secrets / "postgres-ingest").stat().st_mode & 0o777 == 0o600
    assert layout.secrets.stat().st_mode & 0o777 == 0o700


def test_a_new_county_gets_a_token_and_the_others_keep_theirs(layout: Layout) -> None:
    first = county_tokens(layout.secrets, ["los-angeles"])
    second = county_tokens(layout.secrets, ["los-angeles", "sacramento"])
    assert set(second) == {"los-angeles", "sacramento"}
    assert second["los-angeles"] == first["los-angeles"] != second["sacramento"]
    assert json.loads((layout.secrets / "county-tokens.json").read_text()) == second


def test_ports_are_kept_while_free_and_replaced_when_taken(layout: Layout) -> None:
    first = choose_ports(layout, ["kafka", "postgres"])
    assert set(first.values()) < set(PORTS)
    assert choose_ports(layout, ["kafka", "postgres"]) == first
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", first["kafka"]))
        stranger.listen()
        assert not is_free(first["kafka"])
        second = choose_ports(layout, ["kafka", "postgres"])
    assert second["postgres"] == first["postgres"]
    assert second["kafka"] not in first.values()


def test_before_the_first_start_the_addresses_say_how_to_start(tmp_path: Path) -> None:
    with pytest.raises(ServerMissingError, match="reliefstream up"):
        read(tmp_path)


def test_the_addresses_show_no_secret_when_printed(layout: Layout) -> None:
    choose_ports(layout, ["kafka", "kafka-controller", "postgres", "ingest"])
    given = read(layout.root)
    secrets = [path.read_text() for path in layout.secrets.iterdir()]
    assert given.kafka_password in secrets
    assert not [secret for secret in secrets if secret in repr(given)]


def test_a_recycled_pid_is_never_taken_for_our_process(layout: Layout) -> None:
    write_pid(layout, "ingest", os.getpid())
    assert running(layout, "ingest")
    note = json.loads((layout.run / "ingest.pid").read_text())
    (layout.run / "ingest.pid").write_text(json.dumps({**note, "started": note["started"] - 1}))
    assert running(layout, "ingest") is None


def test_a_process_that_ended_does_not_run_even_before_its_parent_noticed(layout: Layout) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    write_pid(layout, "ingest", process.pid)
    assert running(layout, "ingest")
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert started_at(process.pid) is None
    assert running(layout, "ingest") is None
    process.communicate()


def test_a_log_that_outgrew_its_bound_keeps_its_end_and_its_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "ingest.log"
    with log.open("ab") as writer:
        writer.write(b"x" * 90 + b"the end...")
        writer.flush()
        bound_log(log, 10)
        writer.write(b"next")
    assert (tmp_path / "ingest.log.1").read_bytes() == b"the end..."
    assert log.read_bytes() == b"next"


def test_a_stray_variable_of_ours_never_reaches_a_service() -> None:
    assert base_environment({"PATH": "/bin", "RELIEFSTREAM_AS_OF": "2020-01-01"}) == {"PATH": "/bin"}


def test_a_county_is_a_folder_with_its_file(tmp_path: Path) -> None:
    for name in ("sacramento", "los-angeles", "__pycache__"):
        (tmp_path / name).mkdir()
    for name in ("sacramento", "los-angeles"):
        (tmp_path / name / "county.yaml").touch()
    (tmp_path / "README.md").touch()
    assert counties(tmp_path) == ("los-angeles", "sacramento")


class EndsAtTheLastMoment:
    """A process that has ended when its time is over, of which nobody knows yet."""

    returncode = None

    def __init__(self) -> None:
        ended = subprocess.Popen(["true"])
        ended.wait()
        self.pid, self.waited = ended.pid, 0

    def send_signal(self, number: int) -> None:
        pass

    async def wait(self) -> int:
        self.waited += 1
        await asyncio.sleep(3600 if self.waited == 1 else 0)
        return 0


async def test_a_service_that_ends_just_before_it_is_killed_is_stopped_all_the_same() -> None:
    process: Any = EndsAtTheLastMoment()
    await stop(process, signal.SIGTERM, grace_s=0.01)
    assert process.waited == 2
