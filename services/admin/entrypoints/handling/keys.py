"""What several parts of the table look rows up by."""

from typing import Any

from shared.messaging.arrival import Arrival
from shared.messaging.handlers import row


def body(arrival: Arrival) -> Any:
    """The message: each function below is bound to messages that have what it asks for."""
    return arrival.body


ACTOR = row("accounts", "actor")
