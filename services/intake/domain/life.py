"""The life of a conversation: its states, what can happen to it, and what follows."""

from enum import StrEnum


class State(StrEnum):
    """Where a conversation stands."""

    OPEN = "open"
    STARTED = "started"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What can happen to a conversation."""

    START = "start"
    ASK = "ask"
    REPLY = "reply"
    ANSWER = "answer"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    READ = "read"


TRANSITIONS: dict[tuple[str, Act], State] = {
    (State.OPEN, Act.START): State.STARTED,
    (State.STARTED, Act.START): State.STARTED,  # a colleague goes on with it after a reassignment
    (State.OPEN, Act.ASK): State.WAITING,  # asking starts the case
    (State.STARTED, Act.ASK): State.WAITING,
    (State.WAITING, Act.REPLY): State.STARTED,
    (State.OPEN, Act.ANSWER): State.ANSWERED,  # answering starts the case
    (State.STARTED, Act.ANSWER): State.ANSWERED,
    (
        State.WAITING,
        Act.ANSWER,
    ): State.ANSWERED,  # once the time to reply has run out, so that no case waits for ever
    (State.ANSWERED, Act.CLOSE): State.CLOSED,
    (State.OPEN, Act.WITHDRAW): State.WITHDRAWN,
    (State.STARTED, Act.READ): State.STARTED,
    (State.WAITING, Act.READ): State.WAITING,
    (State.ANSWERED, Act.READ): State.ANSWERED,
    (State.CLOSED, Act.READ): State.CLOSED,
}
"""The whole life of a conversation; a pair that is absent is illegal."""


def mermaid() -> str:
    """The table as a state diagram, for the README."""
    lines = ["stateDiagram-v2", "    [*] --> open: submit"]
    lines += [
        f"    {state} --> {after}: {act}"
        for (state, act), after in TRANSITIONS.items()
        if act is not Act.READ
    ]
    return "\n".join(lines)
