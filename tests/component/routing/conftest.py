"""A migrated database for each test, and routing's parts on it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

import services.routing
from deploy.local.choose import Infrastructure
from services.routing.adapters.rounds import Rounds
from services.routing.adapters.sharing import Sharing
from services.routing.adapters.work import RoutingWork
from services.routing.entrypoints.consumers import HANDLERS
from shared.clock import utc_now
from shared.database.migrate import migrate
from shared.database.pool import BY_KEY, Database
from shared.messaging.batch import NoReplies, Parts
from shared.messaging.runner import BatchRunner
from shared.testing.infrastructure import a_database
from tests.component.routing.running import Running

MIGRATIONS = Path(services.routing.__file__).parent / "migrations"


@pytest.fixture(scope="session")
def template(infrastructure: Infrastructure) -> Iterator[str]:
    """One database that is migrated once, to be copied."""
    with asyncio.Runner() as runner:
        context = a_database(infrastructure, "routing")
        name = runner.run(context.__aenter__())
        migrate(MIGRATIONS, infrastructure.databases.owner_url("routing", name))
        yield name
        runner.run(context.__aexit__(None, None, None))


@pytest.fixture
async def database_name(infrastructure: Infrastructure, template: str) -> AsyncIterator[str]:
    async with a_database(infrastructure, "routing", template) as name:
        yield name


@pytest.fixture
async def database(infrastructure: Infrastructure, database_name: str) -> AsyncIterator[Database]:
    database = Database(
        infrastructure.databases.url("routing", database_name), name="routing", planner=BY_KEY
    )
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def runner(database: Database) -> BatchRunner:
    return BatchRunner(
        Parts("routing", HANDLERS, RoutingWork, NoReplies(), "1"), database, utc_now, lambda: None
    )


@pytest.fixture
def rounds(database: Database) -> Rounds:
    return Rounds(database, utc_now, lambda: None, Sharing())


@pytest.fixture
def running(infrastructure: Infrastructure, database_name: str, tmp_path: Path) -> Iterator[Running]:
    running = Running(
        infrastructure, infrastructure.databases.url("routing", database_name), tmp_path / "log"
    )
    yield running
    running.stop()
