"""What shares a running product is one worker's."""

import pytest

NOTES_ITS_WORKER = """
import os, pathlib, time
def test_it():
    pathlib.Path(__file__).with_suffix(".worker").write_text(os.environ["PYTEST_XDIST_WORKER"])
    time.sleep(0.1)
"""


@pytest.mark.slow
def test_files_that_share_a_product_are_one_workers_and_others_are_spread(pytester: pytest.Pytester) -> None:
    shared = pytester.mkdir("tests") / "end_to_end"
    shared.mkdir()
    for name in "abcdef":
        (shared / f"test_{name}.py").write_text(NOTES_ITS_WORKER)
    (pytester.path / "tests" / "test_other.py").write_text(NOTES_ITS_WORKER)
    done = pytester.runpytest_subprocess(
        "-p", "tests.scheduling", "-p", "no:schemathesis", "-p", "no:asyncio",
        "--import-mode=importlib", "-n", "2", "--dist", "loadscope", "--no-loadscope-reorder",
    )  # fmt: skip
    done.assert_outcomes(passed=7)
    workers = {path.read_text() for path in shared.glob("*.worker")}
    other = (pytester.path / "tests" / "test_other.worker").read_text()
    assert len(workers) == 1
    assert workers != {other}
