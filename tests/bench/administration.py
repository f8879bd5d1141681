"""Admin and everybody who listens to it: how fast regions are seeded and heard, and how long people wait there."""

import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from deploy.local.blocking import finish
from deploy.local.cards import card_of
from deploy.local.home import REPOSITORY
from deploy.local.progress import say
from deploy.local.stack import Stack
from tests.bench.cards import card_settings
from tests.bench.cpu import Meter
from tests.bench.grid import update_grids
from tests.bench.nation import Region
from tests.bench.profile import Profile
from tests.bench.sign_in import show_cards, sign_people_in

READERS = ("intake", "routing", "notify")
"""The services that keep a copy of every account."""
LOOK_EVERY = 0.2
PATIENCE = 600.0
_HEARD = "SELECT count(*) FROM staff"


class NotHeard(Exception):
    """A service did not hear of everybody."""


@dataclass(slots=True)
class Administered:
    """What was measured; a number per region, or milliseconds by quantile."""

    seed_s: list[float] = field(default_factory=list)
    heard_s: list[float] = field(default_factory=list)
    """From the beginning of the seed until the last service knows everybody."""
    cpu_ms_per_1000: dict[str, list[float]] = field(default_factory=dict)
    """Processor time per 1,000 accounts, of the seed and of each service."""
    grid_ms: dict[str, float] = field(default_factory=dict)
    sign_in_ms: dict[str, float] = field(default_factory=dict)
    sign_in_cpu_ms: float = 0.0
    """Admin's processor time for one, the way to the provider included."""
    card_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Administration:
    """All four services, the regions to seed, and the people who will sign in, who have cards already."""

    profile: Profile
    stack: Stack
    regions: tuple[Region, ...]
    signing: tuple[str, ...]


@contextmanager
def an_administration(directory: Path, profile: Profile) -> Iterator[Administration]:
    """Start everything, in a folder that is empty; end it all afterwards."""
    people = profile.region_people
    regions = tuple(Region(number, clinics, people) for number, clinics in enumerate(profile.regions))
    count = int(profile.sign_in_rate * profile.admin_seconds)
    signing = [regions[0].person(*divmod(number, people)) for number in range(count)]
    cards, settings = [card_of(person) for person in signing], {"admin": card_settings(directory / "cards")}
    with Stack(directory, throughput=True, cards=cards, settings=settings) as stack:
        yield Administration(profile, stack, regions, tuple(person["staff_id"] for person in signing))


def measure_administration(ground: Administration, seed: int) -> Administered:
    """Seed and hear, then people at work."""
    profile, dice, found = ground.profile, random.Random(seed), Administered()
    for region in ground.regions:
        _seed(ground.stack, region, found)
    places = [(region, clinic) for region in ground.regions for clinic in range(region.clinics)]
    chosen = dice.sample(places, min(int(profile.grid_rate * profile.admin_seconds), len(places)))
    found.grid_ms = finish(update_grids(ground.stack, chosen, profile.grid_rate, dice))
    say("grid: p50 {p50:.1f} ms, p99 {p99:.1f} ms".format(**found.grid_ms))
    meter = Meter({"admin": ground.stack.service("admin").process.pid})
    before = meter.read()
    found.sign_in_ms = finish(sign_people_in(ground.stack, ground.signing, profile.sign_in_rate, dice))
    used = Meter.between(before, meter.read())["admin"]
    found.sign_in_cpu_ms = used * 1000 / len(ground.signing)
    say("sign-in: p50 {p50:.1f} ms, p99 {p99:.1f} ms".format(**found.sign_in_ms))
    found.card_ms = finish(show_cards(ground.stack, ground.signing, profile.sign_in_rate, dice))
    say("by card: p50 {p50:.1f} ms, p99 {p99:.1f} ms".format(**found.card_ms))
    return found


def _seed(stack: Stack, region: Region, found: Administered) -> None:
    """Seed a region by the operator's command, and wait until every service has heard of all its people."""
    file = region.write(stack.home.folder("regions") / f"{region.number}.json")
    meter = Meter({name: stack.service(name).process.pid for name in READERS})
    heard_before, used_before = finish(_heard(stack)), meter.read()
    children, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "services.admin", "seed", str(file)],
        env=os.environ | stack.settings_of("admin"),
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    seeded = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    while any(
        now - before < region.accounts
        for now, before in zip(finish(_heard(stack)), heard_before, strict=True)
    ):
        if time.monotonic() - started > PATIENCE:
            raise NotHeard(f"{READERS} know {finish(_heard(stack))} accounts more than {heard_before}")
        time.sleep(LOOK_EVERY)
    found.seed_s.append(seeded)
    found.heard_s.append(time.monotonic() - started)
    used = Meter.between(used_before, meter.read())
    used["seed"] = after.ru_utime + after.ru_stime - children.ru_utime - children.ru_stime
    for name, seconds in used.items():
        found.cpu_ms_per_1000.setdefault(name, []).append(seconds * 1e6 / region.accounts)
    say(
        f"region {region.number}: {region.accounts:,} accounts seeded in {seeded:.1f} s,"
        f" heard by all within {found.heard_s[-1]:.1f} s"
    )


async def _heard(stack: Stack) -> list[int]:
    """How many accounts each reader knows."""
    known = []
    for name in READERS:
        connection = await asyncpg.connect(stack.infrastructure.databases.owner_url(name))
        try:
            known.append(await connection.fetchval(_HEARD))
        finally:
            await connection.close()
    return known
