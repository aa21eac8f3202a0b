"""Which errors are tried again: a passing one must never make a good record a dead letter."""

import asyncpg
import pytest

from services.chassis.runtime.database import transient


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.ConnectionDoesNotExistError(),
        asyncpg.CannotConnectNowError(),
        asyncpg.TooManyConnectionsError(),
        asyncpg.DiskFullError(),
        asyncpg.DeadlockDetectedError(),
        asyncpg.InternalClientError('cannot switch to state 11; protocol is in the "failed" state'),
        asyncpg.InterfaceError("connection is closed"),
        ConnectionResetError(),
        TimeoutError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_servers_that_are_away_or_full_pass_by_themselves(error: Exception) -> None:
    assert transient(error)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.UniqueViolationError(),
        asyncpg.UndefinedTableError(),
        ValueError(),
        asyncpg.InterfaceError("mistake"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_mistake_of_ours_does_not(error: Exception) -> None:
    assert not transient(error)
