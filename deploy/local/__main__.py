"""The local stack from the command line.

python -m deploy.local up [--detach]    start what does not run yet; without --detach, Ctrl-C ends it all
python -m deploy.local down             end it all, also what a killed `up` left behind
python -m deploy.local status           what runs, and where
"""

import argparse
import signal
import sys
import time
from pathlib import Path

from deploy.local.errors import LocalStackError
from deploy.local.home import DEFAULT_DIRECTORY, Home
from deploy.local.process import LocalProcess
from deploy.local.progress import end_of, say
from deploy.local.service import HttpServer
from deploy.local.stack import PORTALS, Stack

LOOK_EVERY = 1.0
LONGEST_PAUSE = 30.0
"""Seconds between two attempts to restart a service that keeps ending."""


def main() -> None:
    """Parse, act, and end with one sentence if that is impossible."""
    chosen = _parser().parse_args()
    try:
        if chosen.command == "up":
            up(chosen.directory, tuple(chosen.portal or PORTALS), chosen.instances, chosen.detach)
        elif chosen.command == "down":
            Stack(chosen.directory).stop()
            say("Everything has ended; the data stay.")
        else:
            sys.exit(0 if status(chosen.directory) else 1)
    except LocalStackError as error:
        sys.exit(str(error))


def up(directory: Path, portals: tuple[str, ...], instances: int, detach: bool) -> None:
    """Start the stack, and unless detached watch it until Ctrl-C or SIGTERM."""
    stack = Stack(directory, portals=portals, instances=instances, tied=not detach)
    if detach:
        stack.start()
        show_addresses(stack)
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with stack:
            show_addresses(stack)
            say(how_it_ends(stack))
            watch(stack)
    except KeyboardInterrupt:
        say("The data stay.")


def how_it_ends(stack: Stack) -> str:
    """What Ctrl-C will do."""
    if stack.found_running:
        return "It ran already and goes on after Ctrl-C; `make stop` ends it."
    return "Ctrl-C ends it."


def watch(stack: Stack) -> None:
    """Restart what ends by itself, more and more slowly, and say so. Returns when somebody ends the stack."""
    pause, next_try = LOOK_EVERY, 0.0
    while any(server.process.recorded for server in stack.servers):
        time.sleep(LOOK_EVERY)
        with stack.home.lock("stack"):  # nobody is in the middle of ending it
            ended = [server for server in stack.servers if server.process.ended_by_itself]
            if not ended:
                pause = LOOK_EVERY
            elif time.monotonic() >= next_try:
                _start_again(ended)
                pause = min(2 * pause, LONGEST_PAUSE)
                next_try = time.monotonic() + pause
    say("The stack was ended from elsewhere; the data stay.")


def _start_again(servers: list[HttpServer]) -> None:
    for server in servers:
        say(f"{server.name} has ended. {end_of(server.process.log)}")
        try:
            server.start()
        except LocalStackError as error:
            say(str(error))


def show_addresses(stack: Stack) -> None:
    """Where a person can look."""
    for server in stack.servers:
        print(f"{server.name:12} {server.url}")
    print(f"{'kafka':12} {stack.infrastructure.kafka.servers}")
    print(f"{'files':12} {stack.home.directory}  (logs in log/, for the runbooks environment/)")


def status(directory: Path) -> bool:
    """Print what is recorded and whether it lives. True when something is recorded and all of it lives."""
    if not directory.exists():
        print(f"Nothing was ever started in {directory}.")
        return False
    home = Home(directory)
    state = home.addresses.read()
    processes = {name: LocalProcess(home, name) for name in sorted(state.get("processes", {}))}
    for name, process in processes.items():
        port = state["ports"].get(name, "")
        print(
            f"{name:12} {'runs' if process.alive else 'has ended':10} port {port}  pid {process.pid or '-'}"
        )
    if not processes:
        print("Nothing runs.")
    return bool(processes) and all(process.alive for process in processes.values())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.local",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=("up", "down", "status"))
    parser.add_argument("--directory", type=Path, default=DEFAULT_DIRECTORY, help="where the stack lives")
    parser.add_argument("--detach", action="store_true", help="return when it runs; `down` ends it")
    parser.add_argument("--instances", type=int, default=1, help="processes per service")
    parser.add_argument("--portal", action="append", metavar="ID", help="a patient portal; may be repeated")
    return parser


if __name__ == "__main__":
    main()
