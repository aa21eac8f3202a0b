"""Whoever reaches the built-in sign-in is whom they say they are: it runs on loopback, or not at all."""

import subprocess
import sys

import pytest

from deploy.local.sign_in.run import NotLoopback, clients, loopback

MODULE = "deploy.local.sign_in.run"


@pytest.mark.parametrize(
    "address",
    [
        "http://0.0.0.0:20001",
        "http://192.168.1.7:20001",
        "http://[::]:20001",
        "http://localhost:20001",
        "http://login.county.example:20001",
        "https://127.0.0.1:20001",
        "http://127.0.0.1:20001/",
        "http://127.0.0.1",
        "http://user@127.0.0.1:20001",
        "127.0.0.1:20001",
        "",
    ],
)
def test_it_refuses_any_other_address(address: str) -> None:
    with pytest.raises(NotLoopback):
        loopback(address)


def test_it_sends_nobody_to_another_machine() -> None:
    assert {one.name for one in clients(["console=http://127.0.0.1:20002/signed-in"])} == {
        "reliefstream-cli",
        "console",
    }
    with pytest.raises(NotLoopback):
        clients(["console=http://console.county.example/signed-in"])


@pytest.mark.slow
def test_its_process_ends_with_the_reason() -> None:
    done = subprocess.run(
        [sys.executable, "-m", MODULE, "http://0.0.0.0:20001"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "loopback only" in done.stderr


def test_it_runs_on_loopback() -> None:
    assert loopback("http://127.0.0.1:20001") == ("127.0.0.1", 20001)
    assert loopback("http://[::1]:20001") == ("::1", 20001)
