"""The rewriting as a command: once, or every night; what it cannot do is said, and the next night comes anyway."""

from datetime import timedelta

import pytest

from deploy.rewriting import CannotRewrite
from services.cli import seal_rewrite
from services.cli.seal_rewrite import rewrite
from services.cli.terminal.exit import Broken, WrongUsage

URLS = '{"relief": "postgresql://relief_owner:secret@127.0.0.1:1/relief"}'


class DawnError(Exception):
    pass


@pytest.fixture(autouse=True)
def owners(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELIEFSTREAM_OWNER_URLS", URLS)

    async def refuses(urls: object, done: object) -> None:
        raise CannotRewrite("relief: a backup runs")

    monkeypatch.setattr("deploy.rewriting.rewrite", refuses)


def test_what_still_stands_ends_the_command_with_the_reason() -> None:
    with pytest.raises(Broken, match="a backup runs"):
        rewrite()


def test_every_night_it_waits_and_goes_on_after_a_night_that_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            raise DawnError

    monkeypatch.setattr(seal_rewrite, "sleep", sleep)
    with pytest.raises(DawnError):
        rewrite(nightly_at="03:00")
    assert capsys.readouterr().out.count("Not done: relief: a backup runs") == 2
    assert all(0 < each <= timedelta(days=1).total_seconds() for each in slept)


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(WrongUsage, match="write 03:00"):
        rewrite(nightly_at="25 o'clock")
