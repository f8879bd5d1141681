"""Each service's migrations make the tables that its code describes; the application may not change them."""

import asyncio
import importlib
import re
from pathlib import Path

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local.choose import Infrastructure
from shared.contracts.topics import SERVICES
from shared.database.ddl import MESSAGE_TABLES_V1, PACKED_OUTBOX
from shared.database.migrate import migrate
from shared.outbox.packing import unpack
from shared.testing.infrastructure import a_database

_DAY = re.compile(r"(inbox|access_log)_\d{8}")
"""A day's partition, which the code does not describe one by one."""
ROOT = Path(__file__).parents[3] / "services"


@pytest.mark.filterwarnings("ignore:Did not recognize type 'xid8'")  # SQLAlchemy has no name for it
@pytest.mark.parametrize("service", SERVICES)
async def test_migrations_make_what_the_code_describes(infrastructure: Infrastructure, service: str) -> None:
    metadata = importlib.import_module(f"services.{service}.adapters.tables").metadata

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with a_database(infrastructure, service) as name:
        url = infrastructure.databases.owner_url(service, name)
        for _ in range(2):
            await asyncio.to_thread(migrate, ROOT / service / "migrations", url)
        engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
        try:
            async with engine.connect() as connection:
                found = await connection.run_sync(differences)
        finally:
            await engine.dispose()
    unexpected = [found_one for found_one in found if not _DAY.search(repr(found_one))]
    assert unexpected == []


@pytest.mark.parametrize("service", SERVICES)
async def test_the_application_may_not_change_tables(infrastructure: Infrastructure, service: str) -> None:
    async with a_database(infrastructure, service) as name:
        await asyncio.to_thread(
            migrate, ROOT / service / "migrations", infrastructure.databases.owner_url(service, name)
        )
        connection = await asyncpg.connect(infrastructure.databases.url(service, name))
        try:
            for statement in (
                "DROP TABLE outbox",
                "ALTER TABLE parked ADD x int",
                "CREATE TABLE mine (x int)",
            ):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)
            await connection.execute("SELECT inbox_upkeep(current_date, 31, 7)")
        finally:
            await connection.close()


@pytest.mark.parametrize("service", SERVICES)
def test_the_head_file_names_the_newest_migration(service: str) -> None:
    folder = ROOT / service / "migrations"
    [head] = ScriptDirectory(str(folder)).get_heads()
    assert (folder / "HEAD").read_text().strip() == head


async def test_old_days_of_the_inbox_are_dropped_and_coming_ones_are_made(
    infrastructure: Infrastructure,
) -> None:
    async with a_database(infrastructure, "routing") as name:
        await asyncio.to_thread(
            migrate, ROOT / "routing" / "migrations", infrastructure.databases.owner_url("routing", name)
        )
        connection = await asyncpg.connect(infrastructure.databases.url("routing", name))
        try:
            dropped = await connection.fetchval("SELECT inbox_upkeep(current_date + 10, 31, 7)")
            days = await connection.fetch(
                "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
                "WHERE inhparent = 'inbox'::regclass ORDER BY 1"
            )
        finally:
            await connection.close()
    assert dropped == 10
    assert len(days) == 31 + 1 + 7


async def test_what_waited_in_the_outbox_is_still_there_when_a_row_holds_many_messages(
    infrastructure: Infrastructure,
) -> None:
    async with a_database(infrastructure, "intake") as name:
        connection = await asyncpg.connect(infrastructure.databases.owner_url("intake", name))
        try:
            await connection.execute(MESSAGE_TABLES_V1)
            old = "INSERT INTO outbox (topic, key, headers, value) VALUES ('t', $1, $2, $3)"
            await connection.executemany(old, [(b"k1", b"h\n1", b"v1"), (b"k2", b"", b"\x00v2")])
            await connection.execute(PACKED_OUTBOX)
            rows = await connection.fetch("SELECT id, topic, messages FROM outbox ORDER BY id")
        finally:
            await connection.close()
    messages = [(message.key, message.headers, message.value) for row in rows for message in unpack(*row)]
    assert messages == [(b"k1", b"h\n1", b"v1"), (b"k2", b"", b"\x00v2")]
