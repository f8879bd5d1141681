"""The national directory is asked about whoever signs in; where it is silent, people sign in all the same."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY

from services.admin.adapters.national_directory import AskedDirectory, DirectoryFile
from services.admin.adapters.upkeep import Upkeep
from services.admin.application.accounts.commands import EntryOf
from services.admin.domain.account import Account
from services.admin.entrypoints.schedules import directory_schedules
from services.admin.settings import AdminSettings
from shared.contracts.events.admin import LockReason
from shared.database.pool import Database
from shared.errors import Unavailable
from shared.messaging.runner import BatchRunner
from tests.component.admin.identity import Desk, code_of
from tests.component.admin.running import KEY
from tests.component.admin.test_sign_in import an_id, registered, session_of, signed_in


class FakeDirectory:
    """Knows whom it is told of."""

    def __init__(self) -> None:
        self.people: dict[str, EntryOf] = {}

    def knows(self, hsa_id: str, **fields: Any) -> None:
        entry = EntryOf(staff_id=hsa_id, **{"name": "Ida Ny", "title": "Läkare"} | fields)
        self.people[entry.staff_id] = entry

    async def find(self, staff_ids: Sequence[str]) -> list[EntryOf]:
        return [self.people[id_] for id_ in staff_ids if id_ in self.people]


class Silent:
    """Never answers."""

    async def find(self, staff_ids: Sequence[str]) -> list[EntryOf]:
        await asyncio.Event().wait()
        return []


@pytest.fixture
def national() -> FakeDirectory:
    return FakeDirectory()


@pytest.fixture
def desk(runner: BatchRunner, database: Database, national: FakeDirectory) -> Desk:
    return Desk(database, runner, national=AskedDirectory(national))


async def account(desk: Desk, hsa_id: str) -> Account | None:
    return await desk.directory.account(hsa_id.upper())


async def test_a_new_account_is_as_the_directory_says(desk: Desk, national: FakeDirectory) -> None:
    hsa_id = an_id()
    national.knows(hsa_id, email="ida.ny@example.org")

    await signed_in(desk, hsa_id)

    made = await account(desk, hsa_id)
    assert made is not None
    assert (made.name, made.title, made.email) == ("Ida Ny", "Läkare", "ida.ny@example.org")
    assert made.version == 1


async def test_name_title_and_address_are_renewed_at_each_sign_in_and_told_once(
    desk: Desk, runner: BatchRunner, national: FakeDirectory
) -> None:
    hsa_id = await registered(runner, {})
    national.knows(hsa_id, title="Överläkare", email="ida.ny@example.org")

    await signed_in(desk, hsa_id)
    await signed_in(desk, hsa_id)

    found = await account(desk, hsa_id)
    assert found is not None
    assert (found.name, found.title, found.email) == ("Ida Ny", "Överläkare", "ida.ny@example.org")
    assert found.version == 2, "what is on the card does not come back in its place"


async def test_who_is_not_active_there_is_locked_and_let_in_when_that_is_mended(
    desk: Desk, runner: BatchRunner, national: FakeDirectory
) -> None:
    hsa_id = await registered(runner, {})
    earlier = await signed_in(desk, hsa_id)
    national.knows(hsa_id, active=False)

    refused = await desk.browser().sign_in()

    assert (refused.status_code, code_of(refused)) == (403, "account_locked")
    assert "HSA" in refused.json()["detail"]
    assert (await earlier.ask("GET", "/session")).status_code == 401
    locked = await account(desk, hsa_id)
    assert locked is not None
    assert locked.locked is LockReason.HSA_INACTIVE
    national.knows(hsa_id)
    assert (await session_of(await signed_in(desk, hsa_id)))["step"] == "wait_for_permission"


async def test_no_account_is_made_for_somebody_who_is_not_active_there(
    desk: Desk, national: FakeDirectory
) -> None:
    hsa_id = an_id()
    national.knows(hsa_id, active=False)
    desk.provider.claims = {"employeeHsaId": hsa_id}

    assert code_of(await desk.browser().sign_in()) == "account_locked"

    assert await account(desk, hsa_id) is None


async def test_a_directory_that_does_not_answer_keeps_nobody_out_and_is_counted(
    runner: BatchRunner, database: Database, tmp_path: Path
) -> None:
    def silent() -> float:
        return REGISTRY.get_sample_value("vardvaxel_national_directory_silent_total") or 0

    before, hsa_id = silent(), an_id()
    missing = AskedDirectory(DirectoryFile(tmp_path / "missing.json"))
    slow = AskedDirectory(Silent(), within=0.01)
    desks = [Desk(database, runner, national=directory) for directory in (missing, slow)]
    browsers = [await signed_in(desk, hsa_id) for desk in desks]

    assert [(await session_of(browser))["name"] for browser in browsers] == ["Ida Ek", "Ida Ek"]
    assert silent() == before + 2
    with pytest.raises(Unavailable):
        await slow.find([hsa_id.upper()])


async def test_everybody_is_asked_about_by_schedule_where_there_is_a_directory(
    runner: BatchRunner, database: Database, national: FakeDirectory
) -> None:
    hsa_id = await registered(runner, {})
    national.knows(hsa_id, title="Överläkare")
    settings = AdminSettings.model_validate(
        {"database_url": database.url, "kafka_servers": "x", "key_encryption_key": KEY}
        | {"environment": "development", "national_directory_hours": 6}
    )
    desk = Desk(database, runner)
    upkeep = Upkeep(database, desk.clock, desk.itself)

    assert directory_schedules(upkeep, None, settings) == ()
    [schedule] = directory_schedules(upkeep, national, settings)
    assert (schedule.seconds, await schedule.act()) == (6 * 3600, 1)
    found = await account(desk, hsa_id)
    assert found is not None
    assert found.title == "Överläkare"
