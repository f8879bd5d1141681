"""Append-only journals outside the system: in memory for the checker, and on disk, a JSON line each, for people."""

import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Generic, TypeVar

import orjson

from tests.chaos.entries import Act, Attempt, Conversation, Fault, Published, Reply, Told

E = TypeVar("E")
_BUFFER = 256 * 1024


class Journal(Generic[E]):
    """One journal. Written by one thread; read by any."""

    def __init__(self, file: Path | None = None) -> None:
        self._entries: list[E] = []
        self._file = file.open("wb", buffering=_BUFFER) if file is not None else None

    def note(self, entry: E) -> E:
        """Add an entry; nothing is ever changed or taken away."""
        self._entries.append(entry)
        if self._file is not None:
            self._file.write(orjson.dumps(entry) + b"\n")
        return entry

    def close(self) -> None:
        """Bring the file to its end."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def since(self, place: int) -> list[E]:
        """What was noted after so many entries."""
        return self._entries[place:]

    def __iter__(self) -> Iterator[E]:
        return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)


class Journals:
    """All of one run. Without a folder they live in memory only."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

        def file(name: str) -> Path | None:
            return folder / f"{name}.jsonl" if folder is not None else None

        self.attempts = Journal[Attempt](file("attempts"))
        self.told = Journal[Told](file("told"))
        self.acts = Journal[Act](file("acts"))
        self.replies = Journal[Reply](file("replies"))
        self.records = Journal[Published](file("records"))
        self.mails = Journal[Conversation](file("mails"))
        self.faults = Journal[Fault](file("faults"))
        self._numbers = count(1)

    def number(self) -> int:
        """The next number: of an attempt, an act, or planted content."""
        return next(self._numbers)

    def close(self) -> None:
        """Bring all files to their ends."""
        for journal in vars(self).values():
            if isinstance(journal, Journal):
                journal.close()


def now() -> float:
    """The journals' clock."""
    return time.time()
