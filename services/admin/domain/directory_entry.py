"""What the national directory says of somebody who works here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """A person as the national directory has them."""

    name: str
    title: str
    email: str
    active: bool
