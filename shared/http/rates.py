"""How often a client may ask: a bucket for each, which fills at its rate and holds a burst; who finds it empty waits.

The buckets are in this process: with N processes a client has up to N times its rate. That protects each process,
and costs no request a round trip; what a client may have in all is for the proxy in front to say.
"""

from datetime import timedelta
from math import ceil

from throttled import MemoryStore, RateLimiterType, Throttled, per_duration

from shared.errors import Refused
from shared.faults import Fault

_MOST_CLIENTS = 10_000
"""Whoever was not heard of for longest is forgotten, and begins with a full bucket."""
_BURST_PART = 6
"""A bucket holds what comes in so great a part of a minute."""


class TooManyRequests(Refused):
    """The client asks more often than it may (RFC 6585, section 4)."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            Fault(
                "",
                "too_many_requests",
                f"För många anrop. Försök igen om {retry_after} s.",
                f"Too many requests. Try again in {retry_after} s.",
            )
        )
        self.retry_after = retry_after


class Rates:
    """The buckets of one process, by client. GCRA, which is a token bucket that keeps one number for each."""

    def __init__(self) -> None:
        self._store = MemoryStore(options={"MAX_SIZE": _MOST_CLIENTS})
        self._limiters: dict[int, Throttled] = {}

    def take(self, client: str, per_minute: int | None) -> None:
        """One request of a client that may have so many a minute. Raises TooManyRequests."""
        if per_minute is None:
            return
        limiter = self._limiters.get(per_minute)
        if limiter is None:
            quota = per_duration(timedelta(minutes=1), per_minute, burst=max(1, per_minute // _BURST_PART))
            limiter = Throttled(using=RateLimiterType.GCRA.value, quota=quota, store=self._store)
            self._limiters[per_minute] = limiter
        result = limiter.limit(f"{per_minute}:{client}")
        if result.limited:
            raise TooManyRequests(max(1, ceil(result.state.retry_after)))
