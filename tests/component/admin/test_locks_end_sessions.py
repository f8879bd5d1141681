"""A lock ends the account's sessions by its own commit: a lock that is lifted in the next moment leaves none alive.

Nothing sweeps here, so that what ends a session is the lock alone.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

import pytest

from services.admin.application.accounts.commands import (
    EntryOf,
    LearnEntries,
    LockAccount,
    LockForFailures,
    LookAtInactivity,
    ReactivateAccount,
)
from services.admin.application.accounts.wishes import Lock
from services.admin.domain.account import BY_SYSTEM
from services.admin.domain.session import Session
from services.admin.entrypoints.performing import perform
from shared.clock import utc_now
from shared.contracts.events.admin import LockReason, Role
from shared.database.pool import Database
from shared.messaging.runner import BatchRunner
from tests.component.admin.identity import Desk
from tests.component.admin.test_sign_in import an_id, registered, session_of, signed_in

Act: TypeAlias = Callable[["Person"], Awaitable[object]]


class Person:
    """Somebody with sessions, and an administrator who may lock and reactivate them."""

    def __init__(self, runner: BatchRunner, database: Database, hsa_id: str, administrator: str) -> None:
        self.runner, self.database = runner, database
        self.id, self.administrator = hsa_id.upper(), administrator.upper()

    async def do(self, command: LockAccount | ReactivateAccount) -> None:
        [(version,)] = await self.database.fetch("SELECT version FROM accounts WHERE id = $1", self.id)
        seen = command.model_copy(update={"expected_version": version})
        await perform(self.runner, seen, self.administrator)

    async def lock(self, reason: LockReason) -> None:
        wish = Lock(reason=reason)
        await self.do(LockAccount(actor=self.administrator, staff_id=self.id, expected_version=0, wish=wish))

    async def reactivate(self) -> None:
        await self.do(ReactivateAccount(actor=self.administrator, staff_id=self.id, expected_version=0))

    async def learn(self, *, active: bool) -> None:
        entry = EntryOf(staff_id=self.id, name="Ida Ek", active=active)
        await perform(self.runner, LearnEntries(entries=(entry,)), BY_SYSTEM)

    async def fail(self) -> None:
        await perform(self.runner, LockForFailures(staff_id=self.id), BY_SYSTEM)

    async def be_inactive(self) -> None:
        long_ago = utc_now() - timedelta(days=1)
        await self.database.fetch("UPDATE accounts SET active_at = $1, locks_at = $1", long_ago)
        look = LookAtInactivity(staff_ids=(self.id,), warn_after=0, lock_after=0, notice=0)
        await perform(self.runner, look, BY_SYSTEM)


BY_HAND: Act = Person.reactivate
LOCKS: dict[LockReason, tuple[Act, Act]] = {
    LockReason.LEAVE: (lambda person: person.lock(LockReason.LEAVE), BY_HAND),
    LockReason.SECURITY: (lambda person: person.lock(LockReason.SECURITY), BY_HAND),
    LockReason.MANUAL: (lambda person: person.lock(LockReason.MANUAL), BY_HAND),
    LockReason.INACTIVITY: (Person.be_inactive, BY_HAND),
    LockReason.FAILED_SIGN_INS: (Person.fail, BY_HAND),
    LockReason.HSA_INACTIVE: (
        lambda person: person.learn(active=False),
        lambda person: person.learn(active=True),
    ),
}


@pytest.fixture
async def people(runner: BatchRunner, database: Database) -> tuple[Desk, Person, str]:
    """Somebody with an administrator, at one clinic."""
    clinic, desk = an_id().upper(), Desk(database, runner)
    await desk.keys.ensure()
    administrator = await registered(runner, {clinic: frozenset({Role.CLINIC_ADMIN})})
    hsa_id = await registered(runner, {clinic: frozenset({Role.CAREGIVER})})
    return desk, Person(runner, database, hsa_id, administrator), administrator


async def test_every_kind_of_lock_has_its_turn() -> None:
    assert set(LOCKS) == set(LockReason)


@pytest.mark.parametrize("reason", LOCKS)
async def test_a_lock_that_is_lifted_at_once_leaves_no_session_alive(
    people: tuple[Desk, Person, str], reason: LockReason
) -> None:
    desk, person, administrator = people
    here, there = await signed_in(desk, person.id), await signed_in(desk, person.id)
    colleague = await signed_in(desk, administrator)
    lock, lift = LOCKS[reason]

    await lock(person)
    [(found,)] = await desk.database.fetch("SELECT locked FROM accounts WHERE id = $1", person.id)
    left = await desk.sessions.of(person.id)
    await lift(person)

    assert (found, left) == (reason, []), "ended by the commit of the lock, before anybody asked"
    assert [(await browser.ask("GET", "/session")).status_code for browser in (here, there)] == [401, 401]
    ends = [(entry["act"], entry["result"]) for entry in await desk.sessions.record_of(person.id, None, 2)]
    assert ends == [("end_session", "locked")] * 2
    assert (await colleague.ask("GET", "/session")).status_code == 200
    assert (await session_of(await signed_in(desk, person.id)))["step"] == "ready", "in again, with the card"


async def test_a_sign_in_that_a_lock_overtook_comes_to_nothing(people: tuple[Desk, Person, str]) -> None:
    desk, person, _ = people
    open_session = desk.sessions.open

    async def overtaken(session: Session, secret: str) -> None:
        await person.lock(LockReason.SECURITY)
        await person.reactivate()
        await open_session(session, secret)

    desk.sessions.open = overtaken  # type: ignore[method-assign]
    desk.provider.claims = {"employeeHsaId": person.id}
    browser = desk.browser()

    await browser.come_back(await browser.go_to_provider())

    assert (await browser.ask("GET", "/session")).status_code == 401
