"""How long somebody must wait before they may try to sign in again, after failures of theirs.

Failures count for the pair of account and source: whoever fails makes only themselves wait, and a stranger can't
shut the account's owner out from where the owner is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

FREE = 3
"""So many failures cost nothing: people take the wrong card."""
FIRST = timedelta(seconds=2)
LONGEST = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)
PROVEN_MOST = 10
"""So many refusals within the hour of somebody who proved to have the card and its code lock the account."""


@dataclass(frozen=True, slots=True)
class Tries:
    """What is known of one pair."""

    failures: int
    last_at: datetime

    def wait(self, now: datetime) -> timedelta:
        """How long until the next try counts; zero if it may be made now."""
        if now - self.last_at >= FORGOTTEN_AFTER:
            return timedelta()
        return max(timedelta(), self.last_at + pause_after(self.failures) - now)


def one_more(tries: Tries | None, now: datetime) -> Tries:
    """The pair after one more failure; what is long ago is forgotten."""
    if tries is None or now - tries.last_at >= FORGOTTEN_AFTER:
        return Tries(1, now)
    return Tries(tries.failures + 1, now)


def pause_after(failures: int) -> timedelta:
    """Nothing at first, then twice as long each time."""
    if failures < FREE:
        return timedelta()
    return min(FIRST * 2.0 ** min(failures - FREE, 20), LONGEST)
