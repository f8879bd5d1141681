"""Telling a person what happens, and waiting with an explanation."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from deploy.local.errors import NotReady

POLL_SECONDS = 0.05
LOG_LINES_IN_ERRORS = 25


def say(text: str) -> None:
    """One line of progress, on standard error so that a command's own output stays clean."""
    print(text, file=sys.stderr, flush=True)


def wait_until(
    ready: Callable[[], bool], what: str, within: float, log: Path, alive: Callable[[], bool] = lambda: True
) -> None:
    """Poll until `ready()`. Raises NotReady, with the end of the log, after `within` seconds or at death."""
    deadline = time.monotonic() + within
    while not ready():
        if not alive():
            raise NotReady(f"{what}: the process ended before it was ready. {end_of(log)}")
        if time.monotonic() > deadline:
            raise NotReady(f"{what}: not ready within {within:g} s. {end_of(log)}")
        time.sleep(POLL_SECONDS)


def end_of(log: Path) -> str:
    """The last lines of a log file, introduced by its name."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-LOG_LINES_IN_ERRORS:]
    except FileNotFoundError:
        return f"There is no log at {log}."
    return f"The end of {log}:\n" + "\n".join(lines)
