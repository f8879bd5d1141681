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
    regions: tuple[int, ...]
    """Clinics of each region that is seeded, one region after the other."""
    admin_seconds: float
    form_rounds: int
    form_passes: int
    """How often each round checks every form."""
    warm_up_cases: int = 2_000
    http_rate: int = 200
    clinics: int = 300
    caregivers: int = 20
    """Per clinic."""
    region_people: int = 40
    """Per clinic of a region that is seeded."""
    grid_rate: int = 10
    sign_in_rate: int = 5
    """Per second: a morning on which everybody of the nation signs in within six hours."""


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
        regions=(3_000,),
        admin_seconds=60,
        form_rounds=9,
        form_passes=5,
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
        regions=(150, 150, 150),
        admin_seconds=10,
        form_rounds=5,
        form_passes=1,
    ),
}
