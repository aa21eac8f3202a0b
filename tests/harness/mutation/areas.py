"""What is mutated, and by which tests: the fast ones that should notice."""

from typing import NamedTuple


class Area(NamedTuple):
    """Globs below the repository, and options for pytest."""

    sources: tuple[str, ...]
    tests: tuple[str, ...]
    options: tuple[str, ...] = ("-m", "not servers")


AREAS = {
    "law": Area(("services/eligibility/law/**/*.py",), ("tests/eligibility/**/test_*.py",)),
    "linkage": Area(("services/reconciliation/linkage/**/*.py",), ("tests/reconciliation/**/test_*.py",)),
    "relief": Area(("services/relief/lifecycle/**/*.py",), ("tests/relief/**/test_*.py",)),
    "readers": Area(("services/ingest/core/**/*.py",), ("tests/ingest/**/test_*.py",)),
    "consumer": Area(
        ("services/chassis/consumer/*.py", "services/chassis/outbox/*.py"),
        ("tests/chassis/**/test_*.py",),
        (),
    ),
}
