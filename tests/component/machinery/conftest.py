"""A database with the toy's tables, and a runner on it."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy.local.choose import Infrastructure
from shared.clock import utc_now
from shared.database.pool import Database
from shared.messaging.runner import BatchRunner
from shared.testing.infrastructure import a_database
from tests.component.machinery.toy import SCHEMA, parts


@pytest.fixture
async def database(infrastructure: Infrastructure) -> AsyncIterator[Database]:
    async with a_database(infrastructure, "intake") as name:
        owner = await asyncpg.connect(infrastructure.databases.owner_url("intake", name))
        await owner.execute(SCHEMA)
        await owner.close()
        database = Database(infrastructure.databases.url("intake", name), name="toy")
        await database.open()
        yield database
        await database.close()


@pytest.fixture
def runner(database: Database) -> BatchRunner:
    return BatchRunner(parts(), database, utc_now, lambda: None)
