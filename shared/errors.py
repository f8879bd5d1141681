"""What can go wrong, and what follows from it.

    Refused         an answer, not an error: who asked is told which field, what is wrong, what to do
        Forbidden       not permitted to this actor
        NotFound        unknown, or none of the actor's business
        Conflict        somebody else was first, or the version seen is old
    NotYetKnown     a message came before what it speaks about: it waits, and is refused when the wait is over
    Unreadable      no machine will ever read this message: dead letter
    Transient       try again: the database or the broker is away or busy
        Unavailable
        LockTimeout

Everything else is unexpected and parks the message with its case.
"""

from shared.faults import Fault


class Refused(Exception):
    """The command is refused; `faults` say why."""

    status = 422

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


class Forbidden(Refused):
    """The actor may not do this."""

    status = 403


class NotFound(Refused):
    """There is no such thing for this actor."""

    status = 404


class Conflict(Refused):
    """Somebody was first, or what the actor saw is no longer so. The faults say who and when."""

    status = 409


class NotYetKnown(Exception):
    """What the message speaks about has not arrived yet. `faults` are the refusal if it never does."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


class Unreadable(Exception):
    """The message can't be read. `reason` is a stable code; `detail` never holds the message's content."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class Transient(Exception):
    """Nothing is wrong with the message; try again."""


class Unavailable(Transient):
    """A part that we need is away."""


class LockTimeout(Transient):
    """Somebody else holds the rows for longer than we wait."""
