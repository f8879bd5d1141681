"""Processor time by part, children included."""

from collections.abc import Mapping
from typing import TypeAlias

import psutil

Seconds: TypeAlias = dict[str, float]


class Meter:
    """Reads how much processor time each part has used since it started."""

    def __init__(self, roots: Mapping[str, int | None]) -> None:
        """`roots` names the first process of each part; None where a part runs elsewhere."""
        self._roots = {name: psutil.Process(pid) for name, pid in roots.items() if pid is not None}

    def read(self) -> Seconds:
        """Seconds of user and system time, by part."""
        return {name: sum(map(_seconds, _tree(root))) for name, root in self._roots.items()}

    @staticmethod
    def between(before: Seconds, after: Seconds) -> Seconds:
        """What was used from one reading to the next."""
        return {name: after[name] - before[name] for name in before}


def memory_mb(pid: int) -> float:
    """Resident memory of a process, in megabytes."""
    return float(psutil.Process(pid).memory_info().rss) / 1e6


def _tree(root: psutil.Process) -> list[psutil.Process]:
    return [root, *root.children(recursive=True)]


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)
