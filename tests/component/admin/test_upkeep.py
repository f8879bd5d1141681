"""What admin does by itself for accounts, on a real database."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from services.admin.adapters.account_history import AccountHistory
from services.admin.adapters.directory import Directory
from services.admin.adapters.national_directory import DirectoryFile
from services.admin.adapters.sign_in_tries import SignInTries, TooManyTries
from services.admin.adapters.upkeep import ALONE, Upkeep
from services.admin.application.accounts.commands import ChangeWishes, PlanAbsence
from services.admin.application.accounts.wishes import (
    AbsenceWish,
    MailWish,
    NewAccount,
    PersonalWishes,
    RolesAt,
)
from services.admin.application.seed import ClinicSeed, SeedRegion
from services.admin.application.sign_in.commands import TakeIn
from services.admin.domain.absence import Absence
from services.admin.domain.account import BY_SYSTEM
from services.admin.domain.throttle import FREE, PROVEN_MOST
from services.admin.entrypoints.performing import perform
from services.admin.invariants import INVARIANTS
from shared.clock import utc_now
from shared.contracts.events.admin import LockReason, MailAt, Role
from shared.contracts.ids import StaffId
from shared.database.pool import Database
from shared.messaging.runner import BatchRunner
from shared.testing.outbox import waiting_messages

HILL = "SE2321000016-HILL"


def member(id_: str, *roles: Role, **fields: Any) -> NewAccount:
    part = RolesAt(clinic_id=HILL, roles=frozenset(roles), **fields)
    return NewAccount(staff_id=f"SE2321000016-{id_}", name=id_.title(), permissions=(part,))


@pytest.fixture
async def region(runner: BatchRunner, database: Database) -> AsyncIterator[Directory]:
    """A clinic with one administrator, somebody for a time, and some colleagues."""
    accounts = (
        member("BOSS", Role.CLINIC_ADMIN),
        member("DEPUTY", Role.CLINIC_ADMIN, last_on=date(2199, 1, 1)),
        *(member(f"C{number}", Role.CAREGIVER) for number in range(3)),
    )
    clinic = ClinicSeed(clinic_id=HILL, name="Kullen")
    await perform(runner, SeedRegion(region="r", clinics=(clinic,), accounts=accounts), "operator")
    yield Directory(database)
    broken = {name: rows for name, query in INVARIANTS.items() if (rows := await database.fetch(query))}
    assert broken == {}


@pytest.fixture
def upkeep(runner: BatchRunner, database: Database) -> Upkeep:
    return Upkeep(database, lambda: datetime(2026, 3, 2, tzinfo=UTC), partial(perform, runner, who=BY_SYSTEM))


async def test_what_has_ended_is_taken_away_once_and_told(
    region: Directory, upkeep: Upkeep, runner: BatchRunner, database: Database
) -> None:
    assert await upkeep.end_permissions() == 0
    later = datetime(2199, 1, 1, 23, tzinfo=UTC)
    at_the_end = Upkeep(database, lambda: later, partial(perform, runner, who=BY_SYSTEM))
    assert await at_the_end.end_permissions() == 1, "found, and by the clock of the decision not over yet"
    assert (await account(region, "DEPUTY")).version == 1

    # As if the deputy had been there until some day of the past.
    await database.fetch(
        "UPDATE accounts SET last_on = jsonb_build_object($1::text, '2020-01-01') WHERE last_on <> '{}'", HILL
    )
    deputy = await account(region, "DEPUTY")
    assert (deputy.roles_at(HILL), deputy.ended) == (frozenset(), {HILL})
    assert (await upkeep.end_permissions(), await upkeep.end_permissions()) == (1, 0)

    deputy = await account(region, "DEPUTY")
    assert (deputy.permissions, deputy.version, deputy.changed_by) == ({}, 2, BY_SYSTEM)
    told = [message.key for message in await waiting_messages(database)]
    assert told.count("SE2321000016-DEPUTY") == 2


async def test_inactivity_warns_then_locks_and_the_region_hears_of_the_last_administrator(
    region: Directory, runner: BatchRunner, database: Database
) -> None:
    upkeep = Upkeep(database, utc_now, partial(perform, runner, who=BY_SYSTEM))
    long_ago = utc_now() - timedelta(days=200)
    await database.fetch(
        "UPDATE accounts SET active_at = $1 WHERE id LIKE '%BOSS' OR id LIKE '%C1'", long_ago
    )

    assert await upkeep.look_at_inactivity(150, 180, 14) == 2
    assert await upkeep.look_at_inactivity(150, 180, 14) == 0, "whoever was warned is left in peace"
    await database.fetch("UPDATE accounts SET locks_at = now() WHERE locks_at IS NOT NULL")
    carer = "SE2321000016-C1"
    await perform(runner, TakeIn(staff_id=carer, hsa_id=carer, name="", title=""), carer)
    assert await upkeep.look_at_inactivity(150, 180, 14) == 1

    boss, carer = await account(region, "BOSS"), await account(region, "C1")
    assert (boss.locked, carer.locked) == (LockReason.INACTIVITY, None)
    [alert] = await AccountHistory(database).alerts(None, None, 10, still_open=True)
    assert (alert["clinic_id"], alert["staff_id"], alert["open"]) == (HILL, boss.id, True)
    assert await AccountHistory(database).alerts(["SE2321000016-LAKE"], None, 10, still_open=True) == []
    await upkeep.measure()
    assert ALONE._value.get() == 1


async def test_the_national_directory_is_followed_for_everybody(
    region: Directory, runner: BatchRunner, database: Database, tmp_path: Path
) -> None:
    upkeep = Upkeep(database, utc_now, partial(perform, runner, who=BY_SYSTEM))
    people: list[dict[str, Any]] = [{"staff_id": "SE2321000016-C0", "name": "Cecilia Ny"}]
    people += [{"staff_id": f"SE2321000016-C{n}", "name": f"C{n}", "active": n != 2} for n in (1, 2)]
    file = tmp_path / "people.json"
    file.write_text(json.dumps({"people": people}))

    assert await upkeep.refresh(DirectoryFile(file)) == 2
    assert await upkeep.refresh(DirectoryFile(file)) == 0

    assert (await account(region, "C0")).name == "Cecilia Ny"
    assert (await account(region, "C2")).locked is LockReason.HSA_INACTIVE


async def test_many_tries_at_once_are_throttled_and_another_source_is_not(
    region: Directory, runner: BatchRunner, database: Database
) -> None:
    tries = SignInTries(database, utc_now, partial(perform, runner, who=BY_SYSTEM))
    anna = "SE2321000016-C0"

    answers = await asyncio.gather(
        *(tries.begin(anna, "10.0.0.1") for _ in range(12)), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, TooManyTries)]
    assert len(refused) == 12 - FREE
    assert all(answer.status == 429 and 0 < answer.retry_after <= 2 for answer in refused)

    await tries.begin(anna, "10.0.0.2")
    await tries.succeeded(anna, "10.0.0.1")
    await tries.begin(anna, "10.0.0.1")
    assert (await account(region, "C0")).locked is None, "failures without proof lock nobody"
    await tries.forget()
    assert len(await database.fetch("SELECT FROM sign_in_tries")) == 2


async def test_refusals_with_proof_lock_the_account_in_the_end(
    region: Directory, runner: BatchRunner, database: Database
) -> None:
    tries = SignInTries(database, utc_now, partial(perform, runner, who=BY_SYSTEM))

    for _ in range(PROVEN_MOST - 1):
        await tries.refused_with_proof("SE2321000016-C0")
    assert (await account(region, "C0")).locked is None
    await tries.refused_with_proof("SE2321000016-C0")

    assert (await account(region, "C0")).locked is LockReason.FAILED_SIGN_INS


async def account(directory: Directory, id_: str) -> Any:
    found = await directory.account(f"SE2321000016-{id_}")
    assert found is not None
    return found


async def test_planned_absences_begin_and_end_on_their_days(
    region: Directory, runner: BatchRunner, database: Database
) -> None:
    wish = AbsenceWish(first_on=date(2190, 5, 1), last_on=date(2190, 5, 2), substitute="SE2321000016-C1")
    command = PlanAbsence(
        actor="SE2321000016-BOSS", staff_id="SE2321000016-C0", expected_version=1, wish=wish
    )
    await perform(runner, command, "SE2321000016-BOSS")

    async def on(day: date) -> int:
        there = partial(perform, BatchRunner(runner.parts, database, lambda: at, lambda: None), who=BY_SYSTEM)
        at = datetime.combine(day, time(12), UTC)
        return await Upkeep(database, lambda: at, there).follow_absences()

    assert [await on(date(2190, 4, 30)), await on(date(2190, 5, 1)), await on(date(2190, 5, 2))] == [0, 1, 0]
    away = await account(region, "C0")
    assert (away.is_present, away.absence) == (
        False,
        Absence(date(2190, 5, 1), date(2190, 5, 2), StaffId("SE2321000016-C1")),
    )
    assert [await on(date(2190, 5, 3)), await on(date(2190, 5, 4))] == [1, 0]
    assert (await account(region, "C0")).is_present


async def test_wishes_for_single_clinics_are_kept_and_told(
    region: Directory, runner: BatchRunner, database: Database
) -> None:
    wish = PersonalWishes(
        mail_at=(MailWish(clinic_id=HILL, on_assignment=False, on_new_case=True),), sign_as_clinic=True
    )
    command = ChangeWishes(actor="SE2321000016-C0", staff_id="SE2321000016-C0", expected_version=1, wish=wish)
    await perform(runner, command, "SE2321000016-C0")

    kept = await account(region, "C0")
    assert kept.mail_at == {HILL: (False, True)}
    assert kept.published().mail_at == (MailAt(clinic_id=HILL, on_assignment=False, on_new_case=True),)
    assert kept.published().sign_as_clinic
