"""Admin on a migrated database of its own, with real Kafka behind it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

import services.admin
from deploy.local.choose import Infrastructure
from deploy.local.provision import provision_region
from services.admin.adapters.work import AdminWork
from services.admin.entrypoints.consumers import HANDLERS
from shared.clock import utc_now
from shared.database.migrate import migrate
from shared.database.pool import Database
from shared.messaging.batch import NoReplies, Parts
from shared.messaging.runner import BatchRunner
from shared.testing.infrastructure import a_database
from tests.component.admin.identity import Desk
from tests.component.admin.running import DEMO, Admin

MIGRATIONS = Path(services.admin.__file__).parent / "migrations"


@pytest.fixture(scope="session")
def template(infrastructure: Infrastructure) -> Iterator[str]:
    """One database that is migrated once, to be copied."""
    with asyncio.Runner() as runner:
        context = a_database(infrastructure, "admin")
        name = runner.run(context.__aenter__())
        migrate(MIGRATIONS, infrastructure.databases.owner_url("admin", name))
        yield name
        runner.run(context.__aexit__(None, None, None))


@pytest.fixture
async def database_name(infrastructure: Infrastructure, template: str) -> AsyncIterator[str]:
    async with a_database(infrastructure, "admin", template) as name:
        yield name


@pytest.fixture
async def database(infrastructure: Infrastructure, database_name: str) -> AsyncIterator[Database]:
    database = Database(infrastructure.databases.url("admin", database_name), name="admin")
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def runner(database: Database) -> BatchRunner:
    return BatchRunner(Parts("admin", HANDLERS, AdminWork, NoReplies(), "1"), database, utc_now, lambda: None)


@pytest.fixture(scope="session")
def admin(
    infrastructure: Infrastructure, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Admin]:
    """A running admin with the demo's region, for all tests."""
    provision_region(infrastructure.kafka, ("minvard", "karlavagnen"), infrastructure.passwords)
    log = tmp_path_factory.mktemp("admin") / "log"
    with asyncio.Runner() as runner:
        context = a_database(infrastructure, "admin", template)
        admin = Admin(infrastructure, runner.run(context.__aenter__()), log)
        try:
            seeded = admin.operate("seed", DEMO)
            assert seeded.returncode == 0, seeded.stderr
            runner.run(admin.start())
            yield admin
        finally:
            admin.stop()
            print(log.read_text()[-6000:] if log.exists() else "")
            runner.run(context.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def one_database(infrastructure: Infrastructure, template: str) -> Iterator[str]:
    with asyncio.Runner() as runner:
        context = a_database(infrastructure, "admin", template)
        yield infrastructure.databases.url("admin", runner.run(context.__aenter__()))
        runner.run(context.__aexit__(None, None, None))


@pytest.fixture
async def desk(one_database: str) -> AsyncIterator[Desk]:
    database = Database(one_database, name="admin")
    await database.open()
    parts = Parts("admin", HANDLERS, AdminWork, NoReplies(), "1")
    yield Desk(database, BatchRunner(parts, database, utc_now, lambda: None))
    await database.close()
