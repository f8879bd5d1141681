"""What a run stands on: one broker, one database server, the rival's two hops, our services, and the client."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from deploy.local.blocking import finish
from deploy.local.choose import Infrastructure
from deploy.local.home import REPOSITORY
from deploy.local.process import LocalProcess
from deploy.local.provision import provision
from deploy.local.server import LocalServer
from deploy.local.stack import Stack
from shared.contracts.events.routing import CaseAssigned
from shared.contracts.message import Event
from shared.contracts.topics import RESPONSIBILITY_EVENTS, portal_commands, portal_principal
from tests.bench.cpu import Meter
from tests.bench.directory import Directory
from tests.bench.load import PORTAL
from tests.bench.profile import Profile
from tests.bench.rival.schema import HOPS, PRINCIPAL, RELAY_TOPIC, SCHEMA, TOPICS, database_of

OURS, RIVAL = "ours", "rival"
SERVICES = ("intake", "routing")
"""The services that a case passes on its way to a caregiver."""


class RivalHop(LocalServer):
    """One process of the rival."""

    def __init__(self, infrastructure: Infrastructure, home: Any, hop: int) -> None:
        super().__init__(home, f"rival-{hop}")
        self._hop = hop
        self._ready: Path = home.folder("rival") / f"ready-{hop}"
        login = infrastructure.login(PRINCIPAL)
        self._told = {
            "BENCH_KAFKA": login.servers,
            "BENCH_PASSWORD": login.password or "",
            "BENCH_DATABASE": infrastructure.databases.url(database_of(hop)),
        }

    def prepare(self) -> None:
        self._ready.unlink(missing_ok=True)

    def command(self) -> list[str]:
        return [sys.executable, "-m", "tests.bench.rival", str(self._hop), str(self._ready)]

    def environment(self) -> dict[str, str]:
        return super().environment() | self._told

    def answers(self) -> bool:
        return self._ready.exists()


class ClientProcess:
    """The measuring client, and how to give it jobs."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.client"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=REPOSITORY,
        )

    def ask(self, do: str, **job: Any) -> dict[str, Any]:
        """Have a job done and wait for its result."""
        assert self.process.stdin is not None
        self.process.stdin.write(orjson.dumps({"do": do, **job}) + b"\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """The next line of the client."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the measuring client has ended; its reason stands above")
        result: dict[str, Any] = orjson.loads(line)
        return result

    def end(self) -> None:
        """Let it go."""
        self.process.kill()
        self.process.wait()


@dataclass(slots=True)
class Ground:
    """Everything that runs, ready to be measured."""

    profile: Profile
    stack: Stack
    infrastructure: Infrastructure
    client: ClientProcess
    first: Mapping[str, LocalProcess]
    """The process that takes what the client publishes, by side."""
    meter: Meter
    sides: tuple[str, ...] = (OURS, RIVAL)


@contextmanager
def a_ground(
    directory: Path, profile: Profile, *, services: bool = True, more: tuple[Event, ...] = ()
) -> Iterator[Ground]:
    """Start everything, in a folder that is empty or was used for this before; end it all afterwards.

    `services=False` starts the rival alone. `more` is published with the directory.
    """
    with ExitStack() as holding:
        under = Stack(directory, portals=(PORTAL,), services=(), throughput=True)
        holding.enter_context(under)
        infrastructure = under.infrastructure
        hops = [holding.enter_context(_running(hop)) for hop in _rival(under, infrastructure)]
        processes = {f"rival {hop.name[-1]}": hop.process for hop in hops}
        first = {RIVAL: hops[0].process}
        stack = under
        if services:
            holding.enter_context(Directory(infrastructure.login("admin"), profile, more))
            stack = holding.enter_context(
                Stack(directory, portals=(PORTAL,), services=SERVICES, throughput=True)
            )
            processes |= {name: stack.service(name).process for name in SERVICES}
            first[OURS] = stack.service("intake").process
        client = ClientProcess()
        holding.callback(client.end)
        sides = tuple(side for side in (OURS, RIVAL) if side in first)
        client.ask("connect", sides={side: _spec(infrastructure, side) for side in sides})
        meter = Meter(
            {name: process.pid for name, process in processes.items()} | _servers(infrastructure, client)
        )
        yield Ground(profile, stack, infrastructure, client, first, meter, sides)


def _servers(infrastructure: Infrastructure, client: ClientProcess) -> dict[str, int | None]:
    kafka, postgres = infrastructure.local_kafka, infrastructure.local_postgres
    return {
        "kafka": kafka.process.pid if kafka else None,
        "postgres": postgres.process.pid if postgres else None,
        "client": client.process.pid,
    }


def _spec(infrastructure: Infrastructure, side: str) -> dict[str, Any]:
    """How the client meets a side: by the public doors and with the rights of a portal and a staff back-end."""
    if side == RIVAL:
        login = infrastructure.login(PRINCIPAL).for_aiokafka()
        return {
            "commands": TOPICS[0].name,
            "events": TOPICS[2].name,
            "type": "",
            "writer": login,
            "reader": login,
        }
    return {
        "commands": portal_commands(PORTAL).name,
        "events": RESPONSIBILITY_EVENTS.name,
        "type": CaseAssigned.TYPE,
        "writer": infrastructure.login(portal_principal(PORTAL)).for_aiokafka(),
        "reader": infrastructure.login("staff-backend").for_aiokafka(),
    }


def _rival(stack: Stack, infrastructure: Infrastructure) -> list[RivalHop]:
    """The rival's topics, users and databases, and its processes, not yet started."""
    provision(infrastructure.kafka, (*TOPICS, RELAY_TOPIC), infrastructure.passwords)
    finish(infrastructure.databases.prepare(tuple(map(database_of, HOPS))))
    for hop in HOPS:
        finish(_make_tables(infrastructure.databases.owner_url(database_of(hop))))
    return [RivalHop(infrastructure, stack.home, hop) for hop in HOPS]


async def _make_tables(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        if not await connection.fetchval("SELECT to_regclass('outbox')"):
            await connection.execute(SCHEMA)
    finally:
        await connection.close()


@contextmanager
def _running(server: LocalServer) -> Iterator[Any]:
    server.start()
    try:
        yield server
    finally:
        server.stop()
