"""The national directory (HSA) as admin asks it, and one that is a file: JSON, written by whatever reads the real one.

    {"people": [{"staff_id": "SE2321000016-1A2B", "name": "Anna Ek", "title": "Läkare",
                 "email": "anna.ek@example.org", "active": true}]}

A person who is absent is unknown, and nothing changes for them: an incomplete file locks nobody.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from prometheus_client import Counter
from pydantic import ValidationError

from services.admin.application.accounts.commands import EntryOf
from services.admin.application.wishes import Wish
from shared.errors import Unavailable

ANSWERS_WITHIN = 3.0
"""Seconds that somebody who signs in waits for the directory, at the most."""
SILENT = Counter(
    "vardvaxel_national_directory_silent_total", "Questions that the national directory did not answer"
)


class NationalDirectory(Protocol):
    """Whom it knows, as they are there at this moment. Raises Unavailable when it can't be asked."""

    async def find(self, staff_ids: Sequence[str]) -> list[EntryOf]:
        """Those of these people that it knows."""


class AskedDirectory:
    """A directory that is given a moment to answer; each time that it does not is counted."""

    def __init__(self, directory: NationalDirectory, within: float = ANSWERS_WITHIN) -> None:
        self._directory = directory
        self._within = within

    async def find(self, staff_ids: Sequence[str]) -> list[EntryOf]:
        """Those of these people that it knows. Raises Unavailable when it does not answer in time."""
        try:
            async with asyncio.timeout(self._within):
                return await self._directory.find(staff_ids)
        except (TimeoutError, Unavailable) as error:
            SILENT.inc()
            raise Unavailable(str(error) or "the national directory does not answer") from error


class _People(Wish):
    people: tuple[EntryOf, ...]


class DirectoryFile:
    """A file, read again whenever it was written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = 0
        self._people: dict[str, EntryOf] = {}

    async def find(self, staff_ids: Sequence[str]) -> list[EntryOf]:
        """Those of these people that the file names. Raises Unavailable where it is missing or no such file."""
        await asyncio.to_thread(self._read)
        return [self._people[id_] for id_ in staff_ids if id_ in self._people]

    def _read(self) -> None:
        try:
            written = self._path.stat().st_mtime_ns
            if written == self._written:
                return
            people = _People.model_validate_json(self._path.read_bytes()).people
        except OSError as error:
            raise Unavailable(f"the national directory's file can't be read: {error.strerror}") from None
        except ValidationError as error:
            first = ".".join(map(str, error.errors(include_input=False, include_url=False)[0]["loc"]))
            raise Unavailable(f"the national directory's file is wrong at {first}") from None
        self._people, self._written = {entry.staff_id: entry for entry in people}, written
