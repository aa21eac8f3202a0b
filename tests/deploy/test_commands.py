"""`reliefstream up`, `down` and `status`: exit status and words where nothing can be started."""

import json
from pathlib import Path

import pytest

from services.cli.main import run


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RELIEFSTREAM_LOCAL", str(tmp_path / "local"))


def test_status_before_the_first_start_says_how_to_start(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status"]) == 3
    assert "Start them: reliefstream up" in capsys.readouterr().err


def test_status_as_json_is_json_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["processes"] == []


def test_down_without_servers_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["down"]) == 0
    assert "Nothing was running." in capsys.readouterr().out


@pytest.mark.parametrize("policy", ["los-angeles", "=statute", "los-angeles="])
def test_a_policy_without_its_county_is_wrong_usage(policy: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["up", "--policy", policy]) == 2
    assert "write COUNTY=POLICY" in capsys.readouterr().err


def test_up_without_java_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run(["up"]) == 3
    assert "apt-get install openjdk-17-jre-headless" in capsys.readouterr().err
    assert not (tmp_path / "local").exists()
