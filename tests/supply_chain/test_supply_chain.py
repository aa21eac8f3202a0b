"""What comes from elsewhere is what was meant, and no secret is committed."""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.local.servers.kafka import SUMS, not_as_summed
from tests.supply_chain.committed_secrets import found_in
from tests.supply_chain.known_vulnerabilities import main


def summed(folder: Path, **jars: bytes) -> Path:
    sums = folder / "sums"
    sums.write_text(
        "".join(f"{hashlib.sha256(text).hexdigest()}  {name}.jar\n" for name, text in jars.items())
    )
    return sums


def test_a_jar_that_was_changed_is_missing_or_was_added_is_named(tmp_path: Path) -> None:
    jars = tmp_path / "jars"
    jars.mkdir()
    for name in ("a", "b", "more"):
        (jars / f"{name}.jar").write_bytes(name.encode())
    assert not_as_summed(jars, summed(tmp_path, a=b"a", b=b"b", more=b"more")) == []
    assert not_as_summed(jars, summed(tmp_path, a=b"a", b=b"other", c=b"c")) == ["b.jar", "c.jar", "more.jar"]


def test_the_list_of_jars_names_the_broker_and_each_jar_once() -> None:
    names = [line.split()[1] for line in SUMS.read_text().splitlines()]
    assert len(set(names)) == len(names) > 40
    assert any(name.startswith("kafka_2.13-") for name in names)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("key = 'AKIA" + "ABCDEFGHIJKLMNOP'", "AWS Access Key"),
        ("-----BEGIN RSA " + "PRIVATE KEY-----", "Private Key"),
        ("token: ghp_" + "a1B2" * 9, "GitHub Token"),
    ],
)
def test_a_secret_is_found_with_its_place_and_its_text_is_not_told(
    tmp_path: Path, text: str, kind: str
) -> None:
    file = tmp_path / "settings.py"
    file.write_text(f"first = 1\n{text}\n")
    (found,) = found_in([file])
    assert found.endswith(f"settings.py, line 2: {kind}")
    file.write_text(f"{text}  # pragma: allowlist secret\n")
    assert found_in([file]) == []


def answering(folder: Path, answer: Any, status: int) -> list[str]:
    """A pip-audit that answers this."""
    program = folder / "pip_audit.py"
    program.write_text(f"import sys\nprint({json.dumps(answer)!r})\nsys.exit({status})\n")
    return [sys.executable, str(program)]


def test_a_known_vulnerability_fails_the_check_and_says_which_version_mends_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = {"name": "p", "version": "1", "vulns": [{"id": "GHSA-1", "fix_versions": ["2"]}]}
    assert main(answering(tmp_path, {"dependencies": [bad]}, 1)) == 1
    assert capsys.readouterr().out == "Vulnerability: p 1: GHSA-1, fixed in 2.\n"
    assert main(answering(tmp_path, {"dependencies": [bad | {"vulns": []}]}, 0)) == 0
    assert "none known in 1 packages" in capsys.readouterr().out


def test_without_a_network_the_check_passes_and_says_that_nothing_was_looked_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "pip_audit.py"
    program.write_text("import sys\nsys.exit('connection failed')\n")
    assert main([sys.executable, str(program)]) == 0
    assert (
        capsys.readouterr().out
        == "Vulnerabilities: the database could not be reached; nothing was looked up.\n"
    )
