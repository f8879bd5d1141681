"""What an operator does and sees: a service's own commands, its metrics, its database, and Kafka's numbers."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.home import REPOSITORY
from deploy.local.region import Region
from deploy.local.service import LocalService
from deploy.local.stack import Stack
from tests.end_to_end.wire import offsets


def operate(stack: Stack, service: str, *arguments: str) -> str:
    """Run `python -m services.<service> …` as its operator; gives what it printed."""
    done = _run(stack, service, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused_to_operate(stack: Stack, service: str, *arguments: str) -> str:
    """The same where it can't be done; gives the one sentence that says why."""
    done = _run(stack, service, *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    return done.stderr


def _run(stack: Stack, service: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", f"services.{service}", *arguments]
    environment = dict(os.environ) | stack.settings_of(service)
    return subprocess.run(command, env=environment, cwd=REPOSITORY, capture_output=True, text=True)


def rows(stack: Stack, service: str, statement: str, *arguments: Any) -> list[Any]:
    """One statement with the service's own role."""
    return _fetch(stack.infrastructure.databases.url(service), statement, arguments)


def _as_owner(stack: Stack, service: str, statement: str) -> None:
    """Change the schema, as only its owner may."""
    _fetch(stack.infrastructure.databases.owner_url(service), statement, ())


def _fetch(url: str, statement: str, arguments: Sequence[Any]) -> list[Any]:
    async def fetch() -> list[Any]:
        connection = await asyncpg.connect(url)
        try:
            return list(await connection.fetch(statement, *arguments))
        finally:
            await connection.close()

    return asyncio.run(fetch())


def number(service: LocalService, name: str, **labels: str) -> float:
    """A figure on a service's /metrics, summed over the labels that are not named; 0 where it is not there."""
    answer = httpx.get(f"{service.url}/metrics", timeout=15)
    answer.raise_for_status()
    return sum(
        sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


@contextmanager
def a_fault_of_ours(stack: Stack, case_id: str) -> Iterator[None]:
    """The database raises for one case, as a wrong migration might."""
    name = f"fault_{uuid4().hex[:8]}"
    _as_owner(
        stack,
        "intake",
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a fault of ours'; END $$",
    )
    _as_owner(
        stack,
        "intake",
        f"CREATE TRIGGER {name} BEFORE INSERT ON cases FOR EACH ROW "
        f"WHEN (NEW.id = '{case_id}') EXECUTE FUNCTION {name}()",
    )
    try:
        yield
    finally:
        _as_owner(stack, "intake", f"DROP TRIGGER {name} ON cases")
        _as_owner(stack, "intake", f"DROP FUNCTION {name}()")


def ends(stack: Stack, *topics: str) -> int:
    """How many records were ever written to these topics."""
    return sum(offsets(stack.infrastructure.kafka, *topics).values())


def ended(region: Region, service: str) -> int:
    """How many messages a service has come to an end with, as its metrics say."""
    fates = ("done", "refused", "duplicate", "ignored", "dead")
    return int(
        sum(number(region.stack.service(service), "vardvaxel_messages_total", outcome=fate) for fate in fates)
    )


def aside(region: Region, service: str) -> int:
    """How many it keeps aside, as its metrics say; measured every five seconds."""
    states = ("parked", "waiting")
    return int(
        sum(
            number(region.stack.service(service), "vardvaxel_parked_messages", state=state)
            for state in states
        )
    )
