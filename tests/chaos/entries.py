"""What happened, as seen from outside the system: the rows of the journals. Times are seconds since 1970, UTC."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Wish(StrEnum):
    """What a portal's command is, and with it what must become of it."""

    VALID = "valid"
    SAME_CASE = "same case again"
    """The same case id and body in a new message."""
    SAME_RECORD = "same record again"
    """The same bytes again, as a portal or a broker's client may send them."""
    OTHER_BODY = "same case, other body"
    OTHER_BODY_SAME_MESSAGE = "same message id, other body"
    WRONG_ANSWERS = "wrong answers"
    WRONG_PERSON = "wrong person id"
    NOT_JSON = "not JSON"
    UNKNOWN_TYPE = "unknown type"
    NO_ENVELOPE = "no envelope"
    FOLLOW_UP = "follow-up"
    """A reply, a withdrawal or a reading: accepted or refused, as the case stands by then."""


STORED, REFUSED, DEAD = "stored", "refused", "dead"
FATES: dict[Wish, frozenset[str]] = {
    Wish.VALID: frozenset({STORED}),
    Wish.SAME_CASE: frozenset({STORED}),
    Wish.SAME_RECORD: frozenset({STORED, REFUSED, DEAD}),  # whatever became of the first
    Wish.OTHER_BODY: frozenset({STORED, REFUSED}),  # stored only if the first never arrived
    Wish.OTHER_BODY_SAME_MESSAGE: frozenset({STORED, REFUSED}),
    Wish.WRONG_ANSWERS: frozenset({REFUSED}),
    Wish.WRONG_PERSON: frozenset({REFUSED}),
    Wish.NOT_JSON: frozenset({DEAD}),
    Wish.UNKNOWN_TYPE: frozenset({DEAD}),
    Wish.NO_ENVELOPE: frozenset({DEAD}),
    Wish.FOLLOW_UP: frozenset({STORED, REFUSED}),
}
"""What may become of a command that was acknowledged."""


class Door(StrEnum):
    """By which way a portal came."""

    KAFKA = "kafka"
    HTTP = "http"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A portal's command, written down before it was sent. `content` is the number planted in its body."""

    number: int
    at: float
    portal_id: str
    door: Door
    wish: Wish
    command: str
    case_id: str
    command_id: str
    """`ce_id`, or the Idempotency-Key."""
    content: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What the portal was told at once: acknowledged by Kafka, or answered by HTTP. 0 is no answer."""

    number: int
    at: float
    status: int
    place: str = ""
    """topic/partition/offset."""
    case_id: str = ""
    code: str = ""

    @property
    def acknowledged(self) -> bool:
        """The promise was given: not lost from here on."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Act:
    """What a member of staff (or a portal, reading) asked by HTTP, written down before it was sent."""

    number: int
    at: float
    actor: str
    act: str
    case_id: str = ""
    epoch: int = 0
    seen: int = 0
    target: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The last word on an act, after so many tries. 0 is no answer at all: nobody knows whether it took effect."""

    number: int
    at: float
    status: int
    tries: int
    told: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Published:
    """One record of one topic. `body` holds what the checker needs; of portals' commands nothing is kept."""

    topic: str
    partition: int
    offset: int
    at: float
    """When we read it."""
    id: str
    type: str
    key: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    leaked: bool = False
    """What was planted in a citizen's or a caregiver's text stands in it, where it does not belong."""


class Ended(StrEnum):
    """How a conversation with the mail server ended."""

    TAKEN = "taken"
    """250 after the final dot."""
    KEPT_UNTOLD = "kept, and hung up"
    """The mail is kept, and the sender can't know."""
    PUT_OFF = "put off"
    HUNG_UP = "hung up"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation with the mail server, by the phase that it reached."""

    at: float
    phase: str
    recipient: str
    ended: Ended
    message_id: str = ""
    leaked: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that was done to the system, from its beginning until what was hit ran again."""

    kind: str
    target: str
    began: float
    ended: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was broken. `what` is the name under which it is counted in the totals."""

    invariant: str
    what: str
    about: str
    text: str

    def __str__(self) -> str:
        return f"{self.invariant} {self.what}: {self.about}: {self.text}"
