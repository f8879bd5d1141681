"""Intake itself, started once for this folder: its topics are the real ones, so tests keep apart by their cases."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

import services.intake
from deploy.local.choose import Infrastructure
from deploy.local.provision import provision_region
from shared.database.migrate import migrate
from shared.testing.infrastructure import a_database
from tests.component.intake.stage import OTHER, PORTAL, Stage, running

MIGRATIONS = Path(services.intake.__file__).parent / "migrations"


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def stage(infrastructure: Infrastructure) -> AsyncIterator[Stage]:
    await asyncio.to_thread(provision_region, infrastructure.kafka, (PORTAL, OTHER), infrastructure.passwords)
    async with a_database(infrastructure, "intake") as name:
        await asyncio.to_thread(migrate, MIGRATIONS, infrastructure.databases.owner_url("intake", name))
        async with running(infrastructure, name) as stage:
            yield stage
