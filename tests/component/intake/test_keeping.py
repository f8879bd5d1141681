"""What intake keeps: closed in time, found by index, and true to its invariants."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.intake.adapters import cases as case_rows
from services.intake.adapters import messages as message_rows
from services.intake.entrypoints import schedules
from services.intake.entrypoints.schedules import ClosingTimer
from services.intake.invariants import INVARIANTS
from shared.testing.eventually import eventually
from tests.component.intake.stage import ANNA, Stage, an_answer

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_was_answered_long_ago_is_closed_by_the_timer(stage: Stage) -> None:
    case_id = await stage.held()
    body = {"epoch": 1, "form": an_answer()}
    answered = await stage.ask(ANNA, "POST", f"/cases/{case_id}/answer", seen=1, json=body)
    assert answered.status_code == 200, answered.text
    service = stage.service
    timer = ClosingTimer(service.database, service.runner, lambda: datetime.now(UTC), timedelta(days=1))
    assert await timer.tick() == 0
    tomorrow = datetime.now(UTC) + timedelta(days=1, seconds=1)
    timer = ClosingTimer(service.database, service.runner, lambda: tomorrow, timedelta(days=1))
    assert await timer.tick() >= 1
    assert (await stage.row(case_id))["state"] == "closed"
    await eventually(lambda: stage.events_of(case_id)[-1][0] == "case-closed", "CaseClosed")


@pytest.mark.parametrize(
    ("statement", "arguments"),
    (
        (case_rows.CaseRows._select, ([uuid4() for _ in range(500)],)),
        (case_rows.ShownCases._select, ([uuid4()],)),
        (message_rows._SELECT, ([uuid4()],)),
        (schedules._DUE, (datetime.now(UTC), 200)),
    ),
)
async def test_every_statement_of_a_hot_path_has_an_index(
    stage: Stage, statement: str, arguments: tuple[object, ...]
) -> None:
    async with stage.service.database.transaction() as connection:
        await connection.execute("SET LOCAL enable_seqscan = off")
        plan = await connection.fetch("EXPLAIN " + statement, *arguments)
    text = "\n".join(row[0] for row in plan)
    assert "Index" in text
    assert "Seq Scan" not in text, text


async def test_each_invariant_finds_what_breaks_it(stage: Stage) -> None:
    """Planted, and rolled back."""
    planted = (
        "INSERT INTO messages SELECT $1, $1, 'answer', '{}', now(), 'x', NULL",
        "UPDATE cases SET state = 'waiting', reply_by = NULL, holder = 'x', epoch = 0, said_version = version + 1",
        "UPDATE messages SET read_at = now() WHERE kind = 'question_form'",
        "UPDATE messages SET kind = 'citizen_reply'",
        "UPDATE cases SET state = 'withdrawn', started_epoch = 1",
    )
    await stage.stored()
    found: set[str] = set()
    for statement in planted:
        async with stage.service.database.transaction() as connection:
            savepoint = connection.transaction()
            await savepoint.start()
            await connection.execute(statement, *([uuid4()] if "$1" in statement else []))
            for name, invariant in INVARIANTS.items():
                if await connection.fetch(invariant):
                    found.add(name)
            await savepoint.rollback()
    assert set(INVARIANTS) - found == {"a case is answered at most once"}, "which an index forbids"
