"""I11: what was planted in citizens' and caregivers' texts appears in no log, mail, foreign topic or dead letter."""

from pathlib import Path

from tests.chaos.checker.evidence import Evidence
from tests.chaos.entries import Violation
from tests.chaos.planted import leaked


def nothing_leaked(evidence: Evidence) -> list[Violation]:
    """I11, over what the readers of topics, mails and log files have noted."""
    records = [
        Violation("I11", "leaked", f"{it.topic}/{it.partition}/{it.offset}", f"in a record of type {it.type}")
        for it in evidence.records
        if it.leaked
    ]
    mails = [
        Violation("I11", "leaked", it.message_id, f"in a mail to {it.recipient}")
        for it in evidence.mails
        if it.leaked
    ]
    logs = [
        Violation("I11", "leaked", name, f"in {lines} lines") for name, lines in evidence.leaking_logs.items()
    ]
    return [*records, *mails, *logs]


def leaking_logs(folder: Path) -> dict[str, int]:
    """For each log file in which something planted stands: in how many lines."""
    found: dict[str, int] = {}
    for file in sorted(folder.glob("*.log")):
        with file.open("rb") as lines:
            if count := sum(leaked(line) for line in lines):
                found[file.name] = count
    return found
