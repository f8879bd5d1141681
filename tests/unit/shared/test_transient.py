"""Which failures of the database may pass if one tries again, and which never will."""

import asyncpg
import pytest

from shared.database.pool import as_transient
from shared.errors import LockTimeout, Unavailable


@pytest.mark.parametrize(
    "error",
    (
        asyncpg.ConnectionDoesNotExistError("gone"),
        asyncpg.AdminShutdownError("going down"),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.DeadlockDetectedError("deadlock"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
        ConnectionRefusedError(),
        TimeoutError(),
    ),
)
def test_a_server_that_is_away_is_tried_again(error: Exception) -> None:
    assert isinstance(as_transient(error), Unavailable)


def test_a_lock_that_somebody_else_holds_is_tried_again() -> None:
    assert isinstance(as_transient(asyncpg.LockNotAvailableError("busy")), LockTimeout)


@pytest.mark.parametrize(
    "error", (asyncpg.UniqueViolationError("twice"), asyncpg.DataError("no number"), KeyError("x"))
)
def test_what_would_fail_again_is_not(error: Exception) -> None:
    assert as_transient(error) is None
