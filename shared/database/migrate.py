"""Migrations with Alembic, as a step of their own under the owner's role, and never at the start of a service."""

import asyncio
from pathlib import Path
from typing import Any

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, pool
from sqlalchemy.ext.asyncio import create_async_engine

_URL = "vardvaxel_url"


def migrate(folder: Path, url: str) -> None:
    """Bring a database to the newest form. `folder` holds `env.py`, `versions/` and `HEAD`.

    Raises whatever Alembic or PostgreSQL raise; each migration is a transaction of its own.
    """
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes[_URL] = url
    command.upgrade(config, "head")


def run_env(metadata: MetaData) -> None:
    """What every `migrations/env.py` does: connect and run."""
    url = context.config.attributes[_URL].replace("postgresql://", "postgresql+asyncpg://", 1)

    def run(connection: Connection) -> None:
        context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()

    async def main() -> None:
        engine = create_async_engine(url, poolclass=pool.NullPool)
        try:
            async with engine.connect() as connection:
                await connection.run_sync(run)
                await connection.commit()
        finally:
            await engine.dispose()

    asyncio.run(main())


def run_script(connection: Connection, statements: str) -> None:
    """Run a script of several statements in a migration. SQLAlchemy's own way prepares, which takes only one."""
    driver: Any = connection.connection.dbapi_connection
    driver.run_async(lambda raw: raw.execute(statements))
