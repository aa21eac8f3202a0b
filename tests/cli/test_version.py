"""``reliefstream --version`` says which release runs, and from which commit of a clone."""

import re

import pytest

from services.cli.main import run


def test_the_version_is_the_packages_with_the_commit_of_a_clone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0

    assert re.fullmatch(r"\d+\.\d+\.\d+ \([0-9a-f]{7,40}(-dirty)?\)\n", capsys.readouterr().out)
