"""What admin does by itself, and how often."""

from services.admin.adapters.heartbeat import EVERY, Heartbeats
from services.admin.adapters.signing import SigningKeys
from shared.process import Schedule


def schedules(heartbeats: Heartbeats, keys: SigningKeys) -> tuple[Schedule, ...]:
    """All of them."""
    return (
        Schedule("heartbeats", EVERY.total_seconds(), heartbeats.beat),
        Schedule("retire signing keys", 30.0, keys.retire),
    )
