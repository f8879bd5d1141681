"""Liveness means progress: a consumer with records to read whose position does not move is not alive."""

import time
from collections.abc import Sequence
from typing import Any

from shared.messaging.broker import Subscription
from shared.observability.metrics import LAG_MESSAGES

STUCK_AFTER = 120.0


class Progress:
    """Compares the positions of all consumers over time. Seconds are those of a monotonic clock."""

    def __init__(self) -> None:
        self._positions: dict[Any, int] = {}
        self._moved_at: dict[Any, float] = {}

    async def look(self, subscriptions: Sequence[Subscription]) -> None:
        """Note where everybody stands."""
        now = time.monotonic()
        moved_at: dict[Any, float] = {}
        seen: dict[Any, int] = {}
        by_topic: dict[str, int] = {}
        for subscription in subscriptions:
            lags = await subscription.lag()
            for place, position in (await subscription.positions()).items():
                lag = lags.get(place, 0)
                by_topic[place.topic] = by_topic.get(place.topic, 0) + lag
                still = lag > 0 and self._positions.get(place) == position
                moved_at[place] = self._moved_at.get(place, now) if still else now
                seen[place] = position
        self._positions, self._moved_at = seen, moved_at
        for topic, behind in by_topic.items():
            LAG_MESSAGES.labels(topic).set(behind)

    def stuck(self) -> list[str]:
        """Partitions with records to read that have not moved for two minutes."""
        limit = time.monotonic() - STUCK_AFTER
        return [f"{place.topic}/{place.partition}" for place, at in self._moved_at.items() if at < limit]
