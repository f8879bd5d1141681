"""Each service's own batches on a real database of its own, without a broker: what they make of the directory."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from deploy.local.choose import Infrastructure
from shared.contracts.topics import SERVICES
from shared.database.migrate import migrate
from shared.database.pool import Database
from shared.testing.infrastructure import a_database
from tests.component.databases.reader import Reader

ROOT = Path(__file__).parents[3] / "services"


@pytest.fixture(scope="package")
def templates(infrastructure: Infrastructure) -> Iterator[dict[str, str]]:
    """A migrated database of each service, to be copied."""
    with asyncio.Runner() as runner:
        names = {}
        contexts = []
        for service in SERVICES:
            context = a_database(infrastructure, service)
            contexts.append(context)
            names[service] = runner.run(context.__aenter__())
            migrate(
                ROOT / service / "migrations", infrastructure.databases.owner_url(service, names[service])
            )
        yield names
        for context in contexts:
            runner.run(context.__aexit__(None, None, None))


@pytest.fixture
async def reader(
    infrastructure: Infrastructure, templates: dict[str, str], service: str
) -> AsyncIterator[Reader]:
    """The service that the test names by its parameter `service`."""
    async with a_database(infrastructure, service, templates[service]) as name:
        database = Database(infrastructure.databases.url(service, name), name=service)
        await database.open()
        yield Reader(service, database)
        await database.close()


@pytest.fixture
async def admin_database(
    infrastructure: Infrastructure, templates: dict[str, str]
) -> AsyncIterator[Database]:
    """Admin's own, whose outbox nobody reads but the test."""
    async with a_database(infrastructure, "admin", templates["admin"]) as name:
        database = Database(infrastructure.databases.url("admin", name), name="admin")
        await database.open()
        yield database
        await database.close()
