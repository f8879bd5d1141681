"""What every aggregate can: record what happened to it, and say whether it must be written."""

from typing import Any


class Aggregate:
    """Something with a life of its own. Changes go with a recorded fact; `changed` marks those that go without."""

    __slots__ = ("changed", "events")

    def __init__(self) -> None:
        self.changed = False
        self.events: list[Any] = []

    def record(self, event: Any) -> None:
        """Remember a fact, to be published in the transaction that writes the change."""
        self.changed = True
        self.events.append(event)
