"""What is mutated, and by which tests: the fast ones that should notice."""

from typing import NamedTuple


class Area(NamedTuple):
    """Globs below the repository, and how much CPU one run of the tests may take."""

    sources: tuple[str, ...]
    tests: tuple[str, ...]
    options: tuple[str, ...] = ("-m", "not servers")
    """For pytest."""
    seconds: int = 60
    """More than that is a loop that does not end: a test noticed."""


AREAS = {
    "law": Area(("services/eligibility/law/**/*.py",), ("tests/eligibility/**/test_*.py",), seconds=180),
    "linkage": Area(("services/reconciliation/linkage/**/*.py",), ("tests/reconciliation/**/test_*.py",)),
    "relief": Area(("services/relief/lifecycle/**/*.py",), ("tests/relief/test_*.py",)),
    "readers": Area(("services/ingest/core/**/*.py",), ("tests/ingest/**/test_*.py",)),
    "consumer": Area(
        ("services/chassis/consumer/*.py", "services/chassis/outbox/*.py"),
        ("tests/chassis/**/test_*.py",),
        (),
    ),
}
