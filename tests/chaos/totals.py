"""The last line of a run: what was promised, what became of it, and how often each promise was broken."""

from collections import Counter
from collections.abc import Sequence

from tests.chaos.checker.arrivals import fates_of
from tests.chaos.checker.evidence import Evidence
from tests.chaos.checker.mail import copies, extra_copies
from tests.chaos.entries import Violation

COUNTED = (
    "lost",
    "misjudged",
    "half-arrived",
    "doubled",
    "doubly held",
    "doubly answered",
    "gap",
    "not permitted",
    "leaked",
)
"""Violations with a figure of their own; the others are summed up as `other`."""


def totals(evidence: Evidence, violations: Sequence[Violation], faults: int, seed: int) -> str:
    """One line of `name=number`."""
    fates = fates_of(evidence)
    broken = Counter(violation.what for violation in violations)
    numbers = {
        "acknowledged": len(evidence.acknowledged),
        "stored": fates["stored"],
        "refused": fates["refused"],
        "dead": fates["dead"],
        **{what.replace(" ", "_").replace("-", "_"): broken[what] for what in COUNTED},
        "other": sum(count for what, count in broken.items() if what not in COUNTED),
        "acts": len(evidence.accepted),
        "mails": len(copies(evidence)),
        "duplicates_mailed": extra_copies(evidence),
        "faults": faults,
        "seed": seed,
    }
    return " ".join(f"{name}={number}" for name, number in numbers.items())
