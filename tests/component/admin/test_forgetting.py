"""What is over is forgotten in time: sign-ins that were recorded long ago, sessions, attempts, unverified addresses."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from services.admin.adapters.sessions import Client
from services.admin.adapters.upkeep import Upkeep
from services.admin.application.accounts.commands import ChooseAddress
from services.admin.application.accounts.wishes import OtherAddress
from services.admin.domain.account import Account
from services.admin.domain.other_address import VALID_WITHIN
from services.admin.domain.session import LONGEST
from services.admin.entrypoints.performing import perform
from shared.database.pool import Database
from shared.messaging.runner import BatchRunner
from shared.testing.outbox import waiting_messages
from tests.component.admin.identity import Desk
from tests.component.admin.test_sign_in import an_id, registered, signed_in

DAY = timedelta(days=1)
CODE = UUID(int=7)
SOMEBODY = Client("192.0.2.7", "A browser")


async def test_the_record_of_sign_ins_is_kept_for_its_days_and_no_longer(
    runner: BatchRunner, database: Database
) -> None:
    desk = Desk(database, runner)
    for age in (800, 731, 729, 0):
        desk.later = -age * DAY
        await desk.sessions.refused("SE2321000016-ANNA", "card", f"{age} days ago", SOMEBODY)

    assert [await desk.sessions.forget_record(730) for _ in range(2)] == [2, 0]

    left = await desk.sessions.record_of("SE2321000016-ANNA", None, 10)
    assert [entry["result"] for entry in left] == ["0 days ago", "729 days ago"]


async def test_nothing_takes_out_of_the_record_what_is_younger_than_ninety_days(
    runner: BatchRunner, database: Database
) -> None:
    desk = Desk(database, runner)
    desk.later = -89 * DAY
    await desk.sessions.refused("SE2321000016-ANNA", "card", "card_revoked", SOMEBODY)
    desk.later = timedelta()

    with pytest.raises(asyncpg.RaiseError, match="at least 90 days"):
        await desk.sessions.forget_record(88)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.fetch("DELETE FROM sign_ins")

    assert await database.fetch("SELECT FROM sign_ins")


async def test_sessions_that_are_over_and_attempts_that_were_used_leave_nothing_but_the_record(
    runner: BatchRunner, database: Database
) -> None:
    desk = Desk(database, runner)
    await signed_in(desk, an_id())
    for table in ("sessions", "used_attempts"):
        assert await database.fetch(f"SELECT FROM {table}"), table

    desk.later = LONGEST + timedelta(minutes=1)
    await desk.sessions.sweep()

    for table in ("sessions", "used_attempts"):
        assert not await database.fetch(f"SELECT FROM {table}"), table
    acts = await database.fetch("SELECT act, result FROM sign_ins ORDER BY number")
    assert [tuple(row) for row in acts] == [("sign_in", "ok"), ("end_session", "too_old")]


async def test_an_address_that_nobody_verified_is_forgotten_when_its_link_is_over(
    runner: BatchRunner, database: Database
) -> None:
    desk = Desk(database, runner)
    late, quick = await registered(runner, {}), await registered(runner, {})

    async def found(hsa_id: str) -> Account:
        account = await desk.directory.account(hsa_id.upper())
        assert account is not None
        return account

    for hsa_id in (late, quick):
        wish, key = OtherAddress(email="ida@example.org"), hsa_id.upper()
        command = ChooseAddress(actor=key, staff_id=key, expected_version=1, wish=wish, code=CODE)
        await perform(runner, command, key)
    await database.fetch(
        "UPDATE accounts SET pending_email = jsonb_set(pending_email, '{asked_at}', to_jsonb($2::text)) WHERE id = $1",
        late.upper(),
        (desk.clock() - VALID_WITHIN - timedelta(minutes=1)).isoformat(),
    )
    upkeep = Upkeep(database, desk.clock, desk.itself)

    assert [await upkeep.forget_addresses() for _ in range(2)] == [1, 0]

    assert (await found(late)).pending_email is None
    assert (await found(quick)).pending_email is not None
    [*_, told] = [one for one in await waiting_messages(database) if one.key == late.upper()]
    assert b"ida@example.org" not in told.value, "neighbours forget it too"
