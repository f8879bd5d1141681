"""What admin does by itself for accounts, on a real database."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest

from services.admin.adapters.directory import Directory
from services.admin.adapters.upkeep import Upkeep
from services.admin.application.accounts.wishes import NewAccount, RolesAt
from services.admin.application.seed import ClinicSeed, SeedRegion
from services.admin.domain.account import BY_SYSTEM
from services.admin.entrypoints.performing import perform
from services.admin.invariants import INVARIANTS
from shared.contracts.events.admin import Role
from shared.database.pool import Database
from shared.messaging.runner import BatchRunner

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
    told = await database.fetch("SELECT count(*) FROM outbox WHERE key = 'SE2321000016-DEPUTY'")
    assert told[0][0] == 2


async def account(directory: Directory, id_: str) -> Any:
    found = await directory.account(f"SE2321000016-{id_}")
    assert found is not None
    return found
