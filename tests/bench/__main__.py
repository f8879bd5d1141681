"""`python -m tests.bench`: everything that is measured, in pairs with the rival, on one broker and one database."""

import argparse
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from deploy.local.errors import LocalStackError
from deploy.local.progress import say
from deploy.local.stack import Stack
from shared.contracts.topics import SERVICES
from tests.bench.administration import Administration, an_administration, measure_administration
from tests.bench.footprint import measure_footprint
from tests.bench.form_checks import measure_form_checks
from tests.bench.ground import OURS, RIVAL, Ground, a_ground
from tests.bench.http_intake import Signer, measure_http
from tests.bench.pipeline import Runs, idle, measure_bursts, measure_drains, measure_waits, warm_up
from tests.bench.profile import PROFILES, Profile
from tests.bench.relay_rate import measure_relays
from tests.bench.report import Report

ON_THE_WAY = ("pipeline", "latency", "relay", "http")
"""Parts that need the rival and the services that a case passes; the next two need all services."""
AROUND_ADMIN = ("footprint", "administration")
PARTS = (*ON_THE_WAY, "forms", *AROUND_ADMIN)
IDLE_SECONDS = 5.0


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--profile", choices=PROFILES, default="long")
    parser.add_argument("--only", choices=PARTS, action="append", help="leave the other parts out")
    parser.add_argument(
        "--directory", type=Path, help="keep the stack's data here; a temporary folder if left out"
    )
    parser.add_argument("--seed", type=int, default=time.time_ns() // 1_000_000, help="the same cases again")
    chosen = parser.parse_args()
    parts, report = chosen.only or list(PARTS), Report(chosen.profile)
    say(f"seed {chosen.seed}")
    with ExitStack() as holding:
        directory = chosen.directory or Path(tempfile.mkdtemp(prefix="vardvaxel-bench-"))
        if chosen.directory is None:
            holding.callback(shutil.rmtree, directory, ignore_errors=True)
        try:
            measure(report, directory, PROFILES[chosen.profile], chosen.seed, parts)
        except LocalStackError as error:
            sys.exit(str(error))
        finally:
            # What was measured before something went wrong is not lost by it.
            if report.lines:
                print(report.write().read_text())


def measure(report: Report, directory: Path, profile: Profile, seed: int, parts: list[str]) -> None:
    """The chosen parts, one stack after the other."""
    if set(parts) & set(ON_THE_WAY):
        signer = Signer.new()
        with a_ground(directory / "pipeline", profile, more=(signer.published(),)) as ground:
            measure_pipeline(report, ground, signer, seed, parts)
    if "forms" in parts:
        checks = measure_form_checks(profile.form_rounds, profile.form_passes, seed + 60)
        report.pair("forms checked per second of one processor", "forms", checks[OURS], checks[RIVAL])
    if set(parts) & set(AROUND_ADMIN):
        with an_administration(directory / "administration", profile) as administration:
            if "footprint" in parts:
                tell_footprint(report, administration.stack, profile.starts)
            if "administration" in parts:
                tell_administration(report, administration, seed + 70)


def measure_pipeline(report: Report, ground: Ground, signer: Signer, seed: int, parts: list[str]) -> None:
    """What a case passes on its way, beside the rival."""
    runs = {side: Runs() for side in ground.sides}
    warm_up(ground, seed)
    if "pipeline" in parts:
        measure_bursts(ground, runs, seed + 10)
        measure_drains(ground, runs, seed + 20)
        tell_pipeline(report, runs)
        for name, percent in idle(ground, IDLE_SECONDS).items():
            report.note(f"idle_percent.{name.replace(' ', '_')}", percent)
    if "latency" in parts:
        measure_waits(ground, runs, seed + 30)
        for name in runs[OURS].waits:
            what = name.replace("_at_", " at ") + "/s, ms"
            report.pair(
                f"publish to assigned, {what}",
                f"latency.{name}",
                runs[OURS].waits[name],
                runs[RIVAL].waits[name],
                1,
            )
        for rate in ground.profile.rates:
            what, key = f"processor at {rate}/s, ms per 1,000 cases", f"cpu_ms_per_1000.at_{rate}"
            report.pair(what, key, runs[OURS].cpu_ms_at[rate], runs[RIVAL].cpu_ms_at[rate])
    if "relay" in parts:
        found = measure_relays(ground, seed + 40)
        report.pair("relay, events/s", "relay", found[OURS], found[RIVAL])
    if "http" in parts:
        http = measure_http(ground, signer, seed + 50)
        report.alone("HTTP, durable 202/s", report.note("http.per_s", http["per_s"]).text())
        for name in ("p50", "p99"):
            value = report.note(f"http.{name}_ms", http[f"{name}_ms"])
            report.alone(f"HTTP, {name} at {ground.profile.http_rate}/s, ms", value.text(1))


def tell_pipeline(report: Report, runs: dict[str, Runs]) -> None:
    """Rates, ratio and costs."""
    ours, rival = runs[OURS], runs[RIVAL]
    report.pair("cases/s, publish to assigned", "pipeline", ours.per_s, rival.per_s)
    report.note("pipeline.ours_per_s", *ours.per_s)
    report.note("pipeline.rival_per_s", *rival.per_s)
    report.pair("cases/s, full topic to assigned", "drain", ours.drained_per_s, rival.drained_per_s)
    for part in ours.cpu_ms[0]:
        costs = {side: [cost[part] for cost in runs[side].cpu_ms] for side in (OURS, RIVAL)}
        key = part.replace(" ", "_")
        texts = [report.note(f"cpu_ms_per_1000.{key}.{side}", *costs[side]).text() for side in (OURS, RIVAL)]
        report.alone(f"processor, {part}, ms per 1,000 cases", *texts)
    totals = {
        side: [sum(cost.values()) - cost["client"] for cost in runs[side].cpu_ms] for side in (OURS, RIVAL)
    }
    report.pair(
        "processor, all but the client, ms per 1,000 cases",
        "cpu_ms_per_1000.all",
        totals[OURS],
        totals[RIVAL],
    )


def tell_footprint(report: Report, stack: Stack, starts: int) -> None:
    """Start and memory of each service, with next to nothing in its database."""
    for name in SERVICES:
        found = measure_footprint(stack.service(name), name, starts)
        for key, service, bare, digits in (
            ("start_s", found.start, found.bare_start, 2),
            ("memory_mb", found.memory, found.bare_memory, 0),
        ):
            report.figures[f"{key}.{name}"], report.figures[f"{key}.{name}_imports"] = service, bare
            what = f"{name}: {key.replace('_', ', ')} (rival column: bare imports)"
            report.alone(what, service.text(digits), bare.text(digits))


def tell_administration(report: Report, ground: Administration, seed: int) -> None:
    """Regions seeded and heard, permissions set, people signed in."""
    profile, found = ground.profile, measure_administration(ground, seed)
    size = f"{profile.regions[0]:,} clinics × {profile.region_people} accounts".replace(",", " ")
    accounts = profile.regions[0] * profile.region_people
    for name, what, seconds in (
        ("seed", "seeded", found.seed_s),
        ("projection", "and heard by all services", found.heard_s),
    ):
        report.alone(f"{size} {what}, s", report.note(f"{name}.s", *seconds).text(1))
        rates = [accounts / it for it in seconds]
        report.alone(f"the same, accounts/s {what}", report.note(f"{name}.accounts_per_s", *rates).text())
    for name, costs in found.cpu_ms_per_1000.items():
        figure = report.note(f"administration.cpu_ms_per_1000.{name}", *costs)
        report.alone(f"processor, {name}, ms per 1,000 accounts", figure.text())
    for key, what, rate, waits in (
        ("grid", f"grid of {profile.region_people} people", profile.grid_rate, found.grid_ms),
        ("sign_in", "sign-in, callback to token", profile.sign_in_rate, found.sign_in_ms),
        ("sign_in_by_card", "sign-in by card, to token", profile.sign_in_rate, found.card_ms),
    ):
        for name, milliseconds in waits.items():
            text = report.note(f"{key}.{name}_ms", milliseconds).text(1)
            report.alone(f"{what}, {name} at {rate}/s, ms", text)
    used = report.note("sign_in.cpu_ms", found.sign_in_cpu_ms)
    report.alone("processor, admin, ms per sign-in", used.text())


if __name__ == "__main__":
    main()
