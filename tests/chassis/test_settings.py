"""Settings that are missing or wrong are named, with why and without their values."""

from pathlib import Path

import pytest
from pydantic import Field, SecretStr

from services.chassis.settings.service_settings import ServiceSettings, WrongSettings, read_settings


class Settings(ServiceSettings):
    """Those of a service that also takes a JSON object."""

    weights: dict[str, int] = Field(default_factory=dict)


@pytest.fixture
def complete(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("RELIEFSTREAM_KAFKA_BOOTSTRAP", "127.0.0.1:9092")
    monkeypatch.setenv("RELIEFSTREAM_DATABASE_URL", "postgresql://role:secret@127.0.0.1/database")
    return monkeypatch


@pytest.mark.usefixtures("complete")
def test_what_the_environment_has_is_read() -> None:
    assert read_settings(Settings, {}).kafka_bootstrap == "127.0.0.1:9092"


def test_what_is_missing_is_named(complete: pytest.MonkeyPatch) -> None:
    complete.delenv("RELIEFSTREAM_KAFKA_BOOTSTRAP")
    complete.delenv("RELIEFSTREAM_DATABASE_URL")
    with pytest.raises(WrongSettings) as wrong:
        read_settings(Settings, {})
    assert str(wrong.value) == (
        "RELIEFSTREAM_KAFKA_BOOTSTRAP (field required), RELIEFSTREAM_DATABASE_URL (field required)"
    )


def test_what_is_wrong_is_named_with_why_and_without_its_value(complete: pytest.MonkeyPatch) -> None:
    complete.setenv("RELIEFSTREAM_HTTP_PORT", "hunter2")
    with pytest.raises(
        WrongSettings, match=r"^RELIEFSTREAM_HTTP_PORT \(input should be a valid integer"
    ) as wrong:
        read_settings(Settings, {})
    assert "hunter2" not in str(wrong.value)


def test_json_that_cannot_be_read_is_named_without_its_value(complete: pytest.MonkeyPatch) -> None:
    complete.setenv("RELIEFSTREAM_WEIGHTS", "hunter2")
    with pytest.raises(WrongSettings, match='"weights": JSON is expected') as wrong:
        read_settings(Settings, {})
    assert "hunter2" not in str(wrong.value)


def test_a_secret_may_lie_in_a_file_of_its_name(complete: pytest.MonkeyPatch, tmp_path: Path) -> None:
    complete.delenv("RELIEFSTREAM_DATABASE_URL")
    (tmp_path / "reliefstream_database_url").write_text("postgresql://of-the-file")
    read = read_settings(Settings, {"RELIEFSTREAM_SECRETS_DIR": str(tmp_path)})
    assert read.database_url == SecretStr("postgresql://of-the-file")
