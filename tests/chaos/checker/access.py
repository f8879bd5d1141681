"""I8: the access log's chain is whole, and every read and every answer stands in it."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from shared.contracts.topics import ACCESS_LOG_COMMANDS
from tests.chaos.checker.evidence import Evidence
from tests.chaos.entries import Violation
from tests.chaos.snapshot import Row

FIELDS = (
    "access_id",
    "actor_kind",
    "actor_id",
    "clinic_id",
    "citizen_ref",
    "case_id",
    "act",
    "accessed_at",
    "recorded_at",
)
FIRST = bytes(32)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def hash_of(previous: bytes, row: Row) -> bytes:
    """Of one entry, by the published rule: SHA-256 over the hash before and the entry as canonical JSON.

    Reckoned here anew, without the code that is judged.
    """
    entry = [row["number"], *(_plain(row[name]) for name in FIELDS)]
    return sha256(previous + json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value - _EPOCH) // timedelta(microseconds=1)
    return str(value)


def access_chain_is_whole(evidence: Evidence) -> list[Violation]:
    """I8: numbers without gaps, each hash over the one before, and the end where the chain says."""
    number, previous = 0, FIRST
    for row in evidence.snapshot.rows("admin.access_log"):
        if row["number"] != number + 1:
            return [Violation("I8", "chain broken", str(row["number"]), f"follows entry {number}")]
        if hash_of(previous, row) != row["hash"]:
            return [Violation("I8", "chain broken", str(row["number"]), "its hash does not fit")]
        number, previous = row["number"], row["hash"]
    for end in evidence.snapshot.rows("admin.access_chain"):
        if (end["number"], end["hash"]) != (number, previous):
            return [
                Violation("I8", "chain broken", str(end["number"]), f"said to be the end, which is {number}")
            ]
    return []


def accesses_are_logged(evidence: Evidence) -> list[Violation]:
    """I8: each shown case and each answer has an entry; there are no more entries than tries."""
    rows = evidence.snapshot.rows("admin.access_log")
    logged = Counter((row["actor_id"], row["case_id"], row["act"]) for row in rows)
    shown: Counter[tuple[str, str, str]] = Counter()
    tried: Counter[tuple[str, str, str]] = Counter()
    for act, reply in evidence.replied:
        if act.act in ("read", "answer"):
            key = (act.actor, act.case_id, act.act)
            tried[key] += max(reply.tries, 1)
            shown[key] += 200 <= reply.status < 300
    found = []
    for key in sorted(shown.keys() | {key for key in logged if key[2] in ("read", "answer")}):
        if not shown[key] <= logged[key] <= tried[key]:
            text = f"{shown[key]} times accepted of {tried[key]} tries, {logged[key]} times in the log"
            found.append(Violation("I8", "access unlogged", " ".join(key), text))
    return [*found, *_on_the_way(evidence, {row["access_id"] for row in rows})]


def _on_the_way(evidence: Evidence, logged: set[str]) -> list[Violation]:
    """Every RecordAccess that was published is an entry, and every entry was published."""
    told = {record.body["access_id"] for record in evidence.events(ACCESS_LOG_COMMANDS.name)}
    return [
        Violation("I8", "access unlogged", it, f"on the topic: {it in told}, in the log: {it in logged}")
        for it in sorted(told ^ logged)
    ]
