"""Both pipelines in random alternation: how many cases per second, how long one takes, what they cost."""

import random
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.local.progress import say
from tests.bench.cpu import Meter, Seconds
from tests.bench.figures import Figure, figure
from tests.bench.ground import Ground

SETTLE_SECONDS = 0.5
"""Between two runs: what the last one left to do (offsets, vacuum) is not the next one's."""


class Lost(Exception):
    """Cases did not arrive: a pipeline that loses some has no speed."""


@dataclass(slots=True)
class Runs:
    """What was measured for one side, run by run."""

    per_s: list[float] = field(default_factory=list)
    drained_per_s: list[float] = field(default_factory=list)
    cpu_ms: list[Seconds] = field(default_factory=list)
    """Per 1,000 cases of a burst."""
    cpu_ms_at: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    """The same at a rate, without the client."""
    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Milliseconds, by quantile and rate: `p50_at_100`."""


def measure_bursts(ground: Ground, runs: dict[str, Runs], seed: int) -> None:
    """Pairs of bursts: the client publishes as fast as it can, and the clock runs until the last case has arrived."""
    dice = random.Random(seed)
    for number in range(ground.profile.pairs):
        same = dice.getrandbits(60)
        for side in dice.sample(ground.sides, len(ground.sides)):
            per_s, cpu = burst(ground, side, ground.profile.cases, same)
            runs[side].per_s.append(per_s)
            runs[side].cpu_ms.append(cpu)
            say(f"burst {number + 1}: {side} {per_s:,.0f} cases/s")


def measure_drains(ground: Ground, runs: dict[str, Runs], seed: int) -> None:
    """Pairs of drains: the topic is full when the pipeline begins, and the client only listens."""
    dice = random.Random(seed)
    for number in range(ground.profile.drain_pairs):
        same = dice.getrandbits(60)
        for side in dice.sample(ground.sides, len(ground.sides)):
            runs[side].drained_per_s.append(drain(ground, side, ground.profile.cases, same))
            say(f"drain {number + 1}: {side} {runs[side].drained_per_s[-1]:,.0f} cases/s")


def measure_waits(ground: Ground, runs: dict[str, Runs], seed: int) -> None:
    """Pairs of open loops, at each rate."""
    dice = random.Random(seed)
    for rate in ground.profile.rates:
        for number in range(ground.profile.latency_pairs):
            arrivals = dice.getrandbits(60)
            for side in dice.sample(ground.sides, len(ground.sides)):
                found, cpu = wait_at(ground, side, rate, arrivals)
                runs[side].cpu_ms_at[rate].append(sum(cpu.values()) - cpu["client"])
                for name in ("p50", "p99"):
                    runs[side].waits[f"{name}_at_{rate}"].append(found[name] * 1000)
                say(
                    f"{rate}/s {number + 1}: {side} p50 {found['p50'] * 1000:.1f} ms, p99 {found['p99'] * 1000:.1f} ms"
                )


def warm_up(ground: Ground, seed: int) -> None:
    """Group joins, first plans, first compilations, connections: twice through everything, by burst and by drop."""
    for side in ground.sides:
        burst(ground, side, ground.profile.warm_up_cases, seed)
        wait_at(ground, side, ground.profile.rates[0], seed + 1, seconds=1.0)
        burst(ground, side, ground.profile.warm_up_cases, seed + 2)


def burst(ground: Ground, side: str, count: int, seed: int) -> tuple[float, Seconds]:
    """Cases per second, and milliseconds of processor per 1,000 cases."""
    time.sleep(SETTLE_SECONDS)
    before = ground.meter.read()
    result = ground.client.ask("burst", **_job(ground, side, seed, cases=count))
    used = Meter.between(before, ground.meter.read())
    _must_be_complete(side, result, count)
    per_s = count / (result["last"] - result["started"])
    return per_s, {name: seconds * 1e6 / count for name, seconds in used.items()}


def drain(ground: Ground, side: str, count: int, seed: int) -> float:
    """Cases per second. The first process stands still (SIGSTOP, for less than a second) while its topic is filled."""
    job = _job(ground, side, seed, cases=count)
    time.sleep(SETTLE_SECONDS)
    ground.first[side].pause()
    try:
        ground.client.ask("publish", **job)
    finally:
        started = time.monotonic()
        ground.first[side].resume()
    result = ground.client.ask("drain", **job)
    _must_be_complete(side, result, count)
    return float(count / (result["last"] - started))


def wait_at(
    ground: Ground, side: str, rate: int, seed: int, seconds: float | None = None
) -> tuple[dict[str, Any], Seconds]:
    """Latencies of an open loop, in seconds, and milliseconds of processor per 1,000 cases."""
    time.sleep(SETTLE_SECONDS)
    lasts = seconds or ground.profile.latency_seconds
    count = int(rate * lasts)
    before = ground.meter.read()
    result = ground.client.ask("rate", **_job(ground, side, seed, rate=rate, seconds=lasts))
    used = Meter.between(before, ground.meter.read())
    _must_be_complete(side, result, count)
    return result, {name: cost * 1e6 / count for name, cost in used.items()}


def idle(ground: Ground, seconds: float) -> Seconds:
    """Share of one processor that each part uses while nothing happens, in percent."""
    before = ground.meter.read()
    time.sleep(seconds)
    return {name: used * 100 / seconds for name, used in Meter.between(before, ground.meter.read()).items()}


def ratios(ours: Sequence[float], rivals: Sequence[float]) -> Figure:
    """Ours by the rival's, pair by pair."""
    return figure([one / other for one, other in zip(ours, rivals, strict=True)])


def _job(ground: Ground, side: str, seed: int, **more: Any) -> dict[str, Any]:
    return {"side": side, "clinics": ground.profile.clinics, "seed": seed, **more}


def _must_be_complete(side: str, result: dict[str, Any], count: int) -> None:
    if not result["complete"]:
        raise Lost(f"{side}: {result['heard']} of {count} cases arrived within the client's patience")
