"""A migrated database for each test, a mail sink, and notify as a process."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

import services.notify
from deploy.local.choose import Infrastructure
from shared.database.migrate import migrate
from shared.database.pool import Database
from shared.testing.infrastructure import a_database
from shared.testing.mailbox import Mailbox
from tests.component.notify.desk import Desk
from tests.component.notify.running import Running

MIGRATIONS = Path(services.notify.__file__).parent / "migrations"


@pytest.fixture(scope="session")
def template(infrastructure: Infrastructure) -> Iterator[str]:
    """One database that is migrated once, to be copied."""
    with asyncio.Runner() as runner:
        context = a_database(infrastructure, "notify")
        name = runner.run(context.__aenter__())
        migrate(MIGRATIONS, infrastructure.databases.owner_url("notify", name))
        yield name
        runner.run(context.__aexit__(None, None, None))


@pytest.fixture
async def database(infrastructure: Infrastructure, template: str) -> AsyncIterator[Database]:
    async with a_database(infrastructure, "notify", template) as name:
        database = Database(infrastructure.databases.url("notify", name), name="notify-test")
        await database.open()
        yield database
        await database.close()


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    mailbox = await Mailbox().start()
    yield mailbox
    await mailbox.stop()


@pytest.fixture
def desk(database: Database, mailbox: Mailbox) -> Desk:
    return Desk(database, mailbox)


@pytest.fixture
async def running(
    infrastructure: Infrastructure, database: Database, mailbox: Mailbox, tmp_path: Path
) -> AsyncIterator[Running]:
    running = Running(infrastructure, database, mailbox, tmp_path / "notify.log")
    yield running
    await asyncio.to_thread(running.stop)
    print(running.log.read_text()[-6000:])
