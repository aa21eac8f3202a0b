"""The secrets of docker-compose.yml: made once, kept, and read by the services from files."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.compose.certificates import CertificateMissing
from deploy.compose.make_secrets import make
from deploy.kafka.access import rules
from deploy.kafka.topic_map import topic_map
from services import CONSOLE, SERVICES
from services.chassis.identity.grants.edit import granted, revoked, write_grants
from services.chassis.identity.grants.file import GrantsFile, read_grants
from services.cli import prepare
from services.cli.terminal.exit import ServerMissing
from services.ingest.settings import IngestSettings

COUNTIES = ("los-angeles", "sacramento")
NOW = datetime(2026, 11, 29, tzinfo=UTC)
INTEGRATORS = {"demo": ("los-angeles",)}


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_made_again_they_stay_the_same(tmp_path: Path) -> None:
    make(tmp_path, COUNTIES, INTEGRATORS, NOW)
    first = contents(tmp_path)
    make(tmp_path, COUNTIES, INTEGRATORS, NOW)
    assert contents(tmp_path) == first


@pytest.mark.slow
def test_a_new_county_is_added_and_nothing_else_changes(tmp_path: Path) -> None:
    make(tmp_path, COUNTIES[:1], INTEGRATORS, NOW)
    first = contents(tmp_path)
    make(tmp_path, COUNTIES, INTEGRATORS, NOW)
    changed = {name for name, text in contents(tmp_path).items() if first.get(name) != text}
    assert changed == {"kafka-users", "kafka-county-sacramento", "county-tokens.json"}
    before, after = (json.loads(each["county-tokens.json"]) for each in (first, contents(tmp_path)))
    assert before["los-angeles"] == after["los-angeles"]


def test_the_grants_of_a_trial_stand_apart_from_an_installations_own(tmp_path: Path) -> None:
    make(tmp_path, COUNTIES, INTEGRATORS, NOW)
    own, trial = (read_grants(tmp_path / "grants" / name) for name in ("grants.yaml", "trial.yaml"))
    assert own == GrantsFile()
    tokens = json.loads((tmp_path / "account-tokens.json").read_text())
    assert {one.account for one in trial.machines} == set(tokens)
    assert stat.S_IMODE((tmp_path / "account-tokens.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "grants" / "grants.yaml").stat().st_mode) == 0o644


def test_who_was_revoked_stays_so_and_what_was_added_stays(tmp_path: Path) -> None:
    make(tmp_path, COUNTIES, INTEGRATORS, NOW)
    file = tmp_path / "grants" / "trial.yaml"
    changed = granted(revoked(read_grants(file), "trial-clerk"), "court-feed", ("source:fresno:court",), "")
    write_grants(file, changed)
    make(tmp_path, COUNTIES, INTEGRATORS, NOW)
    assert set(read_grants(file).machines) == set(changed.machines)
    assert read_grants(file).revoked == ("trial-clerk",)
    assert stat.S_IMODE(file.stat().st_mode) == 0o644, "containers read it"


def test_everybody_who_has_rights_at_kafka_has_a_password_of_his_own(tmp_path: Path) -> None:
    make(tmp_path, COUNTIES, INTEGRATORS, NOW)
    texts = contents(tmp_path)
    users = {"admin", *rules(topic_map(), COUNTIES, INTEGRATORS)}
    passwords = {texts[f"kafka-{user}"] for user in users}
    assert len(passwords) == len(users)
    given = json.loads(texts["kafka-users"])
    assert given == {user: texts[f"kafka-{user}"] for user in users - {"admin"}}


def test_a_service_reads_its_settings_from_such_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELIEFSTREAM_KAFKA_BOOTSTRAP", "kafka:9092")
    (tmp_path / "reliefstream_database_url").write_text("postgresql://ingest:secret@postgres:5432/ingest\n")
    (tmp_path / "reliefstream_sealing_keys").write_text("k" * 32)
    settings = IngestSettings(_secrets_dir=tmp_path)
    assert settings.database_url.get_secret_value() == "postgresql://ingest:secret@postgres:5432/ingest"


def test_prepare_without_servers_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KAFKA_BOOTSTRAP", "OWNER_URLS", "SECRETS_DIR"):
        monkeypatch.delenv(f"RELIEFSTREAM_{name}", raising=False)
    with pytest.raises(
        ServerMissing, match=r"RELIEFSTREAM_(KAFKA_BOOTSTRAP|OWNER_URLS) .*, RELIEFSTREAM_(?!\1)"
    ):
        prepare.prepare()


def test_a_certificate_is_kept_until_it_ends_soon_and_the_authority_for_years(tmp_path: Path) -> None:
    make(tmp_path, COUNTIES, INTEGRATORS, NOW)
    first = contents(tmp_path)
    make(tmp_path, COUNTIES, INTEGRATORS, NOW + timedelta(days=300))
    assert contents(tmp_path) == first
    make(tmp_path, COUNTIES, INTEGRATORS, NOW + timedelta(days=350))
    renewed = {name for name, text in contents(tmp_path).items() if first[name] != text}
    named = {
        f"{name}-{part}.pem"
        for name in (*SERVICES, CONSOLE, "kafka", "postgres")
        for part in ("certificate", "key")
    }
    assert renewed == {*named, "kafka-tls"}


def test_certificates_of_another_authority_are_taken_as_they_are(tmp_path: Path) -> None:
    make(tmp_path, COUNTIES, INTEGRATORS, NOW)
    (tmp_path / "ca-key.pem").unlink()
    theirs = contents(tmp_path)
    make(tmp_path, COUNTIES, INTEGRATORS, NOW + timedelta(days=5000))
    assert contents(tmp_path) == theirs
    (tmp_path / "relief-key.pem").unlink()
    with pytest.raises(CertificateMissing, match=r"relief-key\.pem is missing"):
        make(tmp_path, COUNTIES, INTEGRATORS, NOW)
