"""The stream's source: a step that commits late is never skipped."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

from services.routing.adapters.steps import Steps
from shared.database.pool import Connection, Database
from shared.testing.eventually import eventually
from tests.component.routing.builders import CLINIC


async def write(connection: Connection, case_id: UUID, version: int) -> None:
    """One step, in a transaction that may still be open."""
    await connection.execute(
        """INSERT INTO history (case_id, version, at, act, clinic_id, epoch, by, reason)
        VALUES ($1, $2, $3, 'queued', $4, 0, '', '')""",
        case_id,
        version,
        datetime.now(UTC),
        CLINIC,
    )


async def test_a_step_of_an_older_transaction_that_commits_later_is_not_skipped(database: Database) -> None:
    steps = Steps(database)
    cursor = await steps.horizon()
    slow, fast = uuid4(), uuid4()
    async with database.transaction() as older:
        await write(older, slow, 1)
        async with database.transaction() as newer:
            await write(newer, fast, 1)
        assert await steps.after(cursor) is None, "the newer one waits, or the older one would be skipped"
    window = await eventually(lambda: steps.after(cursor), "no older transaction runs any more")
    assert {step.case_id for step in window.steps} == {slow, fast}
    assert await steps.after(window.high) is None


async def test_under_many_writers_every_step_is_read_once(database: Database) -> None:
    steps = Steps(database, most=7)
    cursor = await steps.horizon()
    expected: set[UUID] = set()
    read: list[UUID] = []

    async def writer(seed: int) -> None:
        for turn in range(12):
            async with database.transaction() as connection:
                for _ in range(1 + (seed + turn) % 9):
                    case_id = uuid4()
                    expected.add(case_id)
                    await write(connection, case_id, 1)
                    await asyncio.sleep(0.001 * ((seed * 7 + turn) % 5))

    async def reader() -> None:
        nonlocal cursor
        while True:
            if (window := await steps.after(cursor)) is not None:
                cursor = window.high
                read.extend(step.case_id for step in window.steps)
            await asyncio.sleep(0.002)

    reading = asyncio.create_task(reader())
    await asyncio.gather(*(writer(seed) for seed in range(5)))
    await eventually(lambda: len(read) >= len(expected), "every step is read")
    reading.cancel()
    assert sorted(read) == sorted(expected)


async def test_steps_of_one_case_come_in_the_order_of_versions(database: Database) -> None:
    steps = Steps(database)
    cursor = await steps.horizon()
    case_id = uuid4()
    async with database.transaction() as older:
        await older.fetch("SELECT pg_current_xact_id()")
        async with database.transaction() as newer:
            await write(newer, case_id, 1)
        await write(older, case_id, 2)
    window = await eventually(lambda: steps.after(cursor), "no older transaction runs any more")
    assert [step.version for step in window.steps] == [1, 2]
