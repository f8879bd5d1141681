"""The folder of one stack: its data, logs, passwords, and the addresses by which it is found again."""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
DEFAULT_DIRECTORY = REPOSITORY / ".local" / "stack"
FOLDER_MODE = 0o711
"""Others can't list a stack's folders; PostgreSQL's system user must be able to pass through them."""


class Home:
    """Everything that a stack keeps on disk lies under this one folder."""

    def __init__(self, directory: Path | str) -> None:
        self.directory = Path(directory).resolve()
        self.directory.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        self.passwords = Passwords(self.directory / "passwords.json")
        self.addresses = JsonFile(self.directory / "addresses.json")

    def folder(self, name: str) -> Path:
        """A folder below this one, made if need be."""
        folder = self.directory / name
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        return folder

    def log_file(self, name: str) -> Path:
        """Where the process of this name writes."""
        return self.folder("log") / f"{name}.log"

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold the lock of this name against every other process that uses the folder."""
        with file_lock(self.folder("locks") / name):
            yield


class JsonFile:
    """One JSON object on disk, readable by its owner alone, changed whole and by one process at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, Any]:
        """The object as it is now; empty where there is none."""
        try:
            content: dict[str, Any] = json.loads(self.path.read_text())
        except FileNotFoundError:
            return {}
        return content

    @contextmanager
    def changing(self) -> Iterator[dict[str, Any]]:
        """The object to change in place; written when the block ends, unless nothing changed."""
        with file_lock(self.path.with_suffix(".lock")):
            before = self.read()
            content = json.loads(json.dumps(before))
            yield content
            if content != before:
                write_private(self.path, json.dumps(content, indent=2, sort_keys=True) + "\n")


class Passwords:
    """The passwords of one stack: made once by chance, kept in a file that only its owner can read."""

    def __init__(self, path: Path) -> None:
        self._file = JsonFile(path)

    def of(self, name: str) -> str:
        """The password of this name, for example `kafka/intake`; letters, digits, `-` and `_` only."""
        return self._kept(name, lambda: secrets.token_urlsafe(24))

    def key_of(self, name: str) -> str:
        """The key of this name, for example `intake/sealing`: 32 random bytes in base64."""
        return self._kept(name, lambda: base64.b64encode(secrets.token_bytes(32)).decode())

    def _kept(self, name: str, make: Callable[[], str]) -> str:
        known = self._file.read().get(name)
        if known is not None:
            return str(known)
        with self._file.changing() as passwords:
            return str(passwords.setdefault(name, make()))


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step, readable by its owner alone."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """An advisory lock that ends with its holder, however that ends."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
