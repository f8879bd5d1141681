"""How long a run of the benchmarks takes, and how much load it makes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """One size of the benchmarks. A figure that gates comes from pairs, ours and the rival's, in random order."""

    pairs: int
    """How often both pipelines are given `cases` at once."""
    cases: int
    drain_pairs: int
    latency_pairs: int
    latency_seconds: float
    rates: tuple[int, ...]
    """Cases per second, offered whether the system keeps up or not."""
    relay_pairs: int
    relay_rows: int
    http_seconds: float
    http_connections: int
    starts: int
    """How often each service is started to time it."""
    warm_up_cases: int = 2_000
    http_rate: int = 200
    clinics: int = 300
    caregivers: int = 20
    """Per clinic."""


PROFILES = {
    "long": Profile(
        pairs=9,
        cases=20_000,
        drain_pairs=5,
        latency_pairs=5,
        latency_seconds=20,
        rates=(100, 500),
        relay_pairs=5,
        relay_rows=50_000,
        http_seconds=15,
        http_connections=64,
        starts=5,
    ),
    "short": Profile(
        pairs=5,
        cases=8_000,
        drain_pairs=3,
        latency_pairs=3,
        latency_seconds=5,
        rates=(100, 500),
        relay_pairs=3,
        relay_rows=30_000,
        http_seconds=5,
        http_connections=64,
        starts=2,
    ),
}
