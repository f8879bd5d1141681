"""What became of one try to hand a mail over, in the terms that decide what follows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Verdict(StrEnum):
    """What the mail server's answer amounts to."""

    ACCEPTED = "accepted"
    """The server took responsibility: 250 after the final dot."""
    PUT_OFF = "put_off"
    """Not now, and certainly not taken: try again."""
    UNCERTAIN = "uncertain"
    """The line broke after the content was on its way: the mail may or may not have been taken. Try again."""
    REFUSED = "refused"
    """This mail will never be taken; the address may be fine."""
    NO_SUCH_ADDRESS = "no_such_address"
    """No mail will ever be taken for this address."""
    NOT_TRIED = "not_tried"
    """We stopped, or lost the lease, before the conversation began."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One try's verdict. `code` is an SMTP status (`451 4.7.1`) or a word of ours; never the server's text."""

    verdict: Verdict
    code: str


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how soon a mail is tried again."""

    attempts: int
    first: timedelta
    longest: timedelta

    def next_try(self, attempt: int, spread: float, now: datetime) -> datetime:
        """When to try again after this many attempts: twice as late each time.

        `spread` in 0 … 1 stretches the pause by up to a fifth, so that what failed together does not return together.
        """
        pause = min(self.first * 2.0 ** min(attempt - 1, 30), self.longest)
        return now + pause * (1 + spread / 5)
