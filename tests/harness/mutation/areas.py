"""What is mutated, and by which tests: the fast ones that should notice, those nearest to the code first."""

from typing import NamedTuple


class Area(NamedTuple):
    """Sources as globs below the repository, and pytest's arguments."""

    sources: tuple[str, ...]
    tests: tuple[str, ...]


AREAS = {
    "law": Area(("services/eligibility/law/**/*.py",), ("tests/eligibility", "-m", "not servers")),
    "linkage": Area(
        ("services/reconciliation/linkage/**/*.py",), ("tests/reconciliation", "-m", "not servers")
    ),
    "relief": Area(("services/relief/lifecycle/**/*.py",), ("tests/relief", "-m", "not servers")),
    "readers": Area(("services/ingest/core/**/*.py",), ("tests/ingest", "-m", "not servers")),
    "consumer": Area(("services/chassis/consumer/*.py", "services/chassis/outbox/*.py"), ("tests/chassis",)),
}
