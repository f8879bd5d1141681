"""The chain of the access log: each entry's hash covers the one before, so that no entry can be changed or lost unseen.

A hash is SHA-256 over the previous hash (32 bytes) and the entry as canonical JSON: an array of its number and
fields in the order of `Access`, ids as text, times as whole microseconds since 1970, no blanks, UTF-8.
"""

import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from operator import attrgetter
from uuid import UUID

FIRST = bytes(32)
"""What stands before the first entry."""

NO_CASE = UUID(int=0)
"""Who reads the log sees many cases, and opens none."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Access:
    """Who saw which patient's data, for which unit, what they did, when; and when it was written down."""

    access_id: UUID
    actor_kind: str
    actor_id: str
    clinic_id: str
    citizen_ref: str
    case_id: UUID
    act: str
    accessed_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: the number of the last entry, and its hash."""

    number: int = 0
    hash: bytes = FIRST


_values = attrgetter(*(field.name for field in fields(Access)))


def entry_hash(previous: bytes, number: int, access: Access) -> bytes:
    """The hash of one entry."""
    plain = [number, *(_plain(value) for value in _values(access))]
    return sha256(previous + json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def link(head: Head, access: Access) -> Head:
    """The chain's new end with this entry on it."""
    number = head.number + 1
    return Head(number, entry_hash(head.hash, number, access))


def broken_link(head: Head, number: int, access: Access, stored: bytes) -> str:
    """What is wrong with the entry that was found after `head`; empty if nothing is."""
    if number != head.number + 1:
        return f"entry {head.number + 1} is missing: entry {number} follows entry {head.number}"
    if entry_hash(head.hash, number, access) != stored:
        return (
            f"entry {number} was changed or swapped: its hash does not fit its content and the entry before"
        )
    return ""


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return (value - _EPOCH) // timedelta(microseconds=1)
    return str(value)
