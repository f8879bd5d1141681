"""Each crash point in each service, a broker and a database killed, all under load; then every promise is judged.

One stack for all of it, of its own processes: never the one that other tests share, or that the environment names.
"""

import random
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from shared.crash_points import POINTS
from shared.testing.infrastructure import a_stack_folder
from tests.chaos.arena import Arena
from tests.chaos.campaign import Campaign, a_seed, journals_folder
from tests.chaos.inflict import NEVER_REACHED
from tests.chaos.journals import Journals
from tests.chaos.plan import Kind, Step, services_with
from tests.chaos.recovery import recoveries
from tests.chaos.totals import totals

pytestmark = pytest.mark.asyncio(loop_scope="module")
RATE = 4.0
_COUNT = {"consumed": 4, "inbox_written": 3, "before_commit": 2, "after_commit": 2, "before_offset_commit": 2}
"""A service hears the directory first: let it come a little further before it dies."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def campaign() -> AsyncIterator[Campaign]:
    """A stack under load."""
    seed = a_seed()
    print(f"seed={seed}, journals in {journals_folder(seed)}")
    with a_stack_folder() as folder:
        async with (
            Arena(folder, Journals(journals_folder(seed)), random.Random(seed)) as arena,
            Campaign(arena, rate=RATE) as campaign,
        ):
            yield campaign


@pytest.mark.parametrize("point", POINTS)
async def test_services_that_die_at_a_point_come_back(campaign: Campaign, point: str) -> None:
    crashes = [Step(Kind.CRASH, service, 1, point, _COUNT.get(point, 1)) for service in services_with(point)]
    faults = await campaign.inflict(*crashes)
    assert [fault.target for fault in faults if fault.note == NEVER_REACHED] == []


@pytest.mark.parametrize("kind", (Kind.KILL_BROKER, Kind.KILL_DATABASE))
async def test_a_killed_server_is_survived(campaign: Campaign, kind: Kind) -> None:
    await campaign.inflict(Step(kind, seconds=0.5))


async def test_every_promise_was_kept(campaign: Campaign) -> None:
    verdict = await campaign.judge()
    for recovery in recoveries(verdict.evidence):
        print(recovery)
    print(totals(verdict.evidence, verdict.violations, len(verdict.evidence.faults), 0))
    assert len(verdict.evidence.acknowledged) > 0
    assert not verdict.violations, "\n".join(map(str, verdict.violations))
