"""In CI a skip that it could have run fails."""

import pytest

ONE_OF_EACH = """
import pytest

def test_that_runs(): pass
def test_that_lacks_docker(): pytest.skip("no Docker engine answers here")
@pytest.mark.skipif(True, reason="promtool is not here")
def test_that_lacks_promtool(): pass
def test_that_lacks_a_reason(): pytest.skip()
"""


@pytest.mark.parametrize(
    ("ci", "without", "ends"),
    [
        ("", "", {"skipped": 3}),
        ("true", "", {"skipped": 1, "failed": 1, "errors": 1}),  # a skip by its mark is one of the set-up
        ("true", "promtool", {"skipped": 2, "failed": 1}),
    ],
)
def test_a_skip_fails_in_ci_unless_its_reason_is_accepted(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str, without: str, ends: dict[str, int]
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("RELIEFSTREAM_TESTS_WITHOUT", without)
    pytester.makepyfile(ONE_OF_EACH)
    done = pytester.runpytest_inprocess("-p", "tests.skips", "-p", "no:asyncio")
    done.assert_outcomes(passed=1, **ends)
