"""Random real faults under load, and the promises that must survive them.

python -m tests.chaos --faults 100 [--seed 7] [--cases 5000]
"""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Sequence

from deploy.local.errors import LocalStackError
from shared.testing.infrastructure import a_stack_folder
from tests.chaos.arena import Arena
from tests.chaos.campaign import Campaign, Verdict, a_seed, journals_folder
from tests.chaos.journals import Journals
from tests.chaos.plan import plan
from tests.chaos.pulse import NeverRecovered
from tests.chaos.quiet import NeverQuiet
from tests.chaos.recovery import recoveries
from tests.chaos.totals import totals

FAULTS = 100
CASES_PER_FAULT = 50
SECONDS_PER_FAULT = 6.0
"""What a fault takes with its recovery, about: the load is spread over so much time."""
_SHOWN = 40


def main(arguments: Sequence[str] | None = None) -> int:
    """Ends with 0 if every promise was kept, with 1 if not, or if the system never came back."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--faults", type=int, default=FAULTS)
    parser.add_argument("--seed", type=int, help="the same faults again; else by chance")
    parser.add_argument(
        "--cases", type=int, help=f"how many are submitted at least; else {CASES_PER_FAULT} per fault"
    )
    chosen = parser.parse_args(arguments)
    seed = a_seed() if chosen.seed is None else chosen.seed
    cases = chosen.faults * CASES_PER_FAULT if chosen.cases is None else chosen.cases
    print(
        f"seed={seed}: {chosen.faults} faults, {cases} cases; journals in {journals_folder(seed)}", flush=True
    )
    try:
        verdict = asyncio.run(run(seed, chosen.faults, cases))
    except (LocalStackError, NeverRecovered, NeverQuiet) as never:
        print(f"BROKEN: {never}\nfaults={chosen.faults} seed={seed}")
        return 1
    return _report(verdict, chosen.faults, seed)


async def run(seed: int, faults: int, cases: int) -> Verdict:
    """A stack of its own, the whole plan, the verdict."""
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {text}", flush=True)

    rate = max(1.0, cases / (max(faults, 1) * SECONDS_PER_FAULT))
    with a_stack_folder() as folder:
        async with (
            Arena(folder, Journals(journals_folder(seed)), random.Random(seed)) as arena,
            Campaign(arena, rate=rate, say=say) as campaign,
        ):
            await campaign.go_through(plan(seed, faults))
            await campaign.traffic.reach(cases)
            return await campaign.judge()


def _report(verdict: Verdict, faults: int, seed: int) -> int:
    print("\nback to normal after a fault:")
    for recovery in recoveries(verdict.evidence):
        print(f"  {recovery}")
    for violation in verdict.violations[:_SHOWN]:
        print(f"VIOLATED {violation}")
    if len(verdict.violations) > _SHOWN:
        print(f"… and {len(verdict.violations) - _SHOWN} more")
    print(totals(verdict.evidence, verdict.violations, faults, seed), flush=True)
    return 1 if verdict.violations else 0


if __name__ == "__main__":
    sys.exit(main())
