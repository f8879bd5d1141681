"""What `python -m services.<name>` does: the same commands for every service."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shared.crash_points import arm
from shared.database.migrate import migrate
from shared.database.pool import Database
from shared.errors import Transient
from shared.messaging import commands
from shared.messaging.rebuild import rebuild
from shared.observability.invariants import broken_invariants
from shared.observability.logs import set_up_logs
from shared.process import ROLES, Service, run
from shared.settings import ServiceSettings


@dataclass(frozen=True, slots=True)
class Program:
    """A service as a program. `build` is only called for the roles that run; `more` adds subcommands."""

    name: str
    settings: type[ServiceSettings]
    build: Callable[[Any], Service]
    migrations: Path
    invariants: Mapping[str, str] = field(default_factory=dict)
    forget: Sequence[str] = ()
    """Statements that empty the projections of a service that has any, so that they can be built again."""
    more: Callable[[Any], dict[str, Callable[[Any, argparse.Namespace], None]]] | None = None


def main(program: Program, arguments: list[str] | None = None) -> None:
    """Read the command line and the environment, and do what they say. Exits with 2 and one sentence if it can't."""
    parser = argparse.ArgumentParser(prog=f"python -m services.{program.name}")
    commands_ = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for role in ROLES:
        commands_.add_parser(role, help=f"run {'everything' if role == 'all' else 'only the ' + role}")
    commands_.add_parser("migrate", help="bring the database to the newest form, as its owner")
    commands_.add_parser("parked", help="list messages that wait, are parked or dead")
    redrive = commands_.add_parser("redrive", help="send dead messages to their handler again")
    redrive.add_argument("id", nargs="?", type=int, help="one message; all if left out")
    commands_.add_parser("release-held", help="put outbox rows that the broker refused back in line")
    commands_.add_parser("invariants", help="look for data that break a rule")
    if program.forget:
        commands_.add_parser("rebuild", help="build the projections again from the compacted topics")
    rewind = commands_.add_parser("rewind", help="set a group's offsets back to an instant")
    rewind.add_argument("group")
    rewind.add_argument("to", type=datetime.fromisoformat, help="such as 2026-03-01T08:00:00+01:00")
    rewind.add_argument("topics", nargs="+")
    more = program.more(commands_) if program.more else {}
    chosen = parser.parse_args(arguments)
    settings = _settings(program)
    try:
        _obey(program, settings, chosen, more)
    except Transient as away:
        print(f"{program.name}: {away}", file=sys.stderr)
        raise SystemExit(2) from None


def _obey(
    program: Program,
    settings: ServiceSettings,
    chosen: argparse.Namespace,
    more: Mapping[str, Callable[[Any, argparse.Namespace], None]],
) -> None:
    if chosen.command in more:
        more[chosen.command](settings, chosen)
    elif chosen.command in ROLES:
        _run(program, settings, chosen.command)
    elif chosen.command == "migrate":
        migrate(program.migrations, (settings.owner_database_url or settings.database_url).get_secret_value())
        print(f"{program.name}: the database has the newest form")
    elif chosen.command == "invariants":
        _look_for_broken(program, settings)
    elif chosen.command == "rebuild":
        _rebuild(program, settings)
    else:
        _operate(settings, chosen)


def _run(program: Program, settings: ServiceSettings, role: str) -> None:
    import uvloop

    set_up_logs(program.name, settings.log_level)
    arm(settings.crash_at, environment=settings.environment)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_start(program, settings, role))


async def _start(program: Program, settings: ServiceSettings, role: str) -> None:
    await run(program.build(settings), role)


def _operate(settings: ServiceSettings, chosen: argparse.Namespace) -> None:
    if chosen.command == "parked":
        print("\n".join(asyncio.run(commands.list_parked(settings))) or "nothing waits, is parked or dead")
    elif chosen.command == "redrive":
        print(f"{asyncio.run(commands.redrive(settings, chosen.id))} messages are tried again")
    elif chosen.command == "release-held":
        print(f"{asyncio.run(commands.release(settings))} rows are back in line")
    elif chosen.command == "rewind":
        try:
            offsets = asyncio.run(commands.rewind(settings, chosen.group, chosen.topics, chosen.to))
        except commands.CannotRewind as reason:
            raise SystemExit(f"nothing was changed: {reason}") from None
        print("\n".join(f"{place} continues at {offset}" for place, offset in offsets.items()))


def _rebuild(program: Program, settings: ServiceSettings) -> None:
    async def build_again() -> None:
        await rebuild(program.build(settings), settings, program.forget)

    set_up_logs(program.name, settings.log_level)
    try:
        asyncio.run(build_again())
    except commands.CannotRewind as reason:
        raise SystemExit(f"nothing was changed: {reason}") from None
    print(f"{program.name}: the projections are built again")


def _look_for_broken(program: Program, settings: ServiceSettings) -> None:
    """Print the rules that are broken, and exit with 1 if any is."""

    async def look() -> list[str]:
        database = Database(settings.database_url.get_secret_value(), name=f"{program.name}-invariants")
        await database.open()
        try:
            return await broken_invariants(database, program.invariants)
        finally:
            await database.close()

    broken = asyncio.run(look())
    print("\n".join(f"broken: {rule}" for rule in broken) or f"all {len(program.invariants)} rules hold")
    raise SystemExit(1 if broken else 0)


def _settings(program: Program) -> ServiceSettings:
    try:
        return program.settings()
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False):
            name = "VARDVAXEL_" + "_".join(map(str, fault["loc"])).upper()
            print(f"{program.name}: {name}: {fault['msg']}", file=sys.stderr)
        raise SystemExit(2) from None
