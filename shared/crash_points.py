"""Named places where a test may kill the process, so that every promise is proven at every step.

Outside development nothing here does anything: `arm` refuses, and `reached` is a dictionary look-up.
"""

import os
import signal

POINTS = (
    "consumed",
    "inbox_written",
    "before_commit",
    "after_commit",
    "before_offset_commit",
    "relay_read",
    "relay_sent",
    "relay_acknowledged",
    "round_before_commit",
    "round_after_commit",
    "smtp_before_send",
    "smtp_after_data",
    "smtp_before_recorded",
)

_armed: dict[str, int] = {}


def arm(order: str, *, environment: str) -> None:
    """Die at the n-th time that a point is reached. `order` is `point` or `point:n`.

    Raises ValueError for an unknown point, or outside development.
    """
    if not order:
        return
    point, _, count = order.partition(":")
    if environment != "development":
        raise ValueError("a crash point can be armed in development only; unset VARDVAXEL_CRASH_AT")
    if point not in POINTS:
        raise ValueError(f"VARDVAXEL_CRASH_AT names {point!r}, which is none of {', '.join(POINTS)}")
    _armed[point] = int(count or 1)


def reached(point: str) -> None:
    """The process has come to this point; it dies here if a test wants so."""
    if not _armed or point not in _armed:
        return
    _armed[point] -= 1
    if _armed[point] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
