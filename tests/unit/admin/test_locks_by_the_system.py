"""Locks that no person sets: inactivity, the national directory, failures by proof; and who lifts which."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.admin.adapters.national_directory import DirectoryFile
from services.admin.application.accounts.changes import reactivate_account
from services.admin.application.accounts.commands import (
    EntryOf,
    LearnEntries,
    LockForFailures,
    LookAtInactivity,
    ReactivateAccount,
    RefreshAccount,
)
from services.admin.application.accounts.locks import (
    learn_entries,
    lock_for_failures,
    look_at_inactivity,
    refresh_account,
)
from services.admin.application.sign_in.changes import take_in
from services.admin.application.sign_in.commands import TakeIn
from services.admin.domain.account import BY_SYSTEM, Account
from services.admin.domain.clinic import Clinic
from shared.contracts.events.admin import LockReason, Role
from shared.errors import Forbidden, NotFound, Refused, Unavailable
from tests.unit.admin.builders import HILL, NOW, FakeRows, a_clinic, an_account

BOSS = an_account("BOSS", hill=Role.CLINIC_ADMIN)


class Alerts:
    """What was told to the region."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []

    def add(self, *alert: Any) -> None:
        self.told.append(alert)


def used(days_ago: int, **roles: Any) -> Account:
    account = an_account(**(roles or {"hill": Role.CAREGIVER}))
    account.active_at = NOW - timedelta(days=days_ago)
    return account


def sign_in(account: Account, now: datetime) -> None:
    command = TakeIn(staff_id=account.id, hsa_id=account.id, name="", title="")
    take_in(command, account, FakeRows(account), now)


def look(account: Account, clinic: Clinic | None = None, now: datetime = NOW) -> Alerts:
    alerts = Alerts()
    command = LookAtInactivity(
        staff_ids=(account.id, "SE2321000016-GONE"), warn_after=150, lock_after=180, notice=14
    )
    look_at_inactivity(
        command, FakeRows(account), FakeRows(clinic or a_clinic(administrators=2)), alerts, now
    )
    return alerts


def entry(account: Account, **fields: Any) -> EntryOf:
    return EntryOf(staff_id=account.id, name=fields.pop("name", account.name), **fields)


def learn(account: Account, clinic: Clinic | None = None, **fields: Any) -> Alerts:
    alerts, clinics = Alerts(), FakeRows[Any, Any](clinic or a_clinic(administrators=2))
    learn_entries(LearnEntries(entries=(entry(account, **fields),)), FakeRows(account), clinics, alerts, NOW)
    return alerts


def reactivate(account: Account, actor: Account = BOSS) -> None:
    command = ReactivateAccount(actor=actor.id, staff_id=account.id, expected_version=account.version)
    reactivate_account(command, actor, account, FakeRows(a_clinic()), NOW)


def test_who_has_not_signed_in_for_long_is_warned_and_then_locked() -> None:
    anna = used(150)

    look(anna)
    assert (anna.locked, anna.locks_at) == (None, NOW + timedelta(days=30))
    assert anna.events[-1].locks_at == anna.locks_at
    look(anna, now=NOW + timedelta(days=29))
    assert anna.version == 2, "one warning is enough"

    look(anna, now=NOW + timedelta(days=30))
    assert (anna.locked, anna.events[-1].locked) == (LockReason.INACTIVITY, "inactivity")
    assert anna.changed_by == BY_SYSTEM
    look(anna, now=NOW + timedelta(days=31))
    assert anna.version == 3


def test_nobody_is_locked_who_was_not_warned_two_weeks_before() -> None:
    anna = used(1000)

    look(anna)

    assert (anna.locked, anna.locks_at) == (None, NOW + timedelta(days=14))


def test_who_signs_in_after_the_warning_is_not_locked() -> None:
    anna = used(170)
    look(anna)

    sign_in(anna, NOW + timedelta(days=13))
    look(anna, now=NOW + timedelta(days=14))

    assert (anna.locked, anna.locks_at) == (None, None)
    assert anna.events[-1].locks_at is None, "and everybody is told that the warning is void"


def test_an_ordinary_sign_in_is_noted_and_not_published() -> None:
    anna = used(3)

    sign_in(anna, NOW)

    assert (anna.active_at, anna.changed, anna.events) == (NOW, True, [])


def test_a_sign_in_that_is_noted_late_takes_nothing_back() -> None:
    anna = used(0)

    sign_in(anna, NOW - timedelta(hours=1))

    assert anna.active_at == NOW


def test_who_is_reactivated_after_inactivity_is_not_locked_again_at_once_and_is_told() -> None:
    anna = used(400)
    anna.locked = LockReason.INACTIVITY

    reactivate(anna)
    look(anna)

    assert (anna.events[-1].locked, anna.locks_at) == (None, None)
    assert anna.events[-1].reactivated_at == NOW


def test_the_last_administrator_may_be_locked_by_the_system_and_the_region_is_told() -> None:
    anna, clinic = used(400, hill=Role.CLINIC_ADMIN), a_clinic(administrators=1)
    anna.locks_at = NOW

    alerts = look(anna, clinic)

    assert clinic.administrators == 0
    assert alerts.told == [(HILL, anna.id, "inactivity", NOW)]


def test_one_of_two_administrators_is_no_alert() -> None:
    anna = used(400, hill=Role.CLINIC_ADMIN)
    anna.locks_at = NOW

    assert look(anna, a_clinic(administrators=2)).told == []


def test_the_national_directory_says_who_somebody_is() -> None:
    anna = an_account(hill=Role.CAREGIVER)
    anna.email = "anna@example.org"

    learn(anna, name="Anna Berg", title="Läkare")
    assert (anna.name, anna.title, anna.email, anna.version) == ("Anna Berg", "Läkare", "anna@example.org", 2)
    learn(anna, name="Anna Berg", title="Läkare")
    assert anna.version == 2, "what is known is no news"


def test_who_is_inactive_there_is_locked_and_comes_back_by_that_alone() -> None:
    anna, clinic = an_account(hill=Role.CLINIC_ADMIN), a_clinic(administrators=1)

    alerts = learn(anna, clinic, active=False)
    assert (anna.locked, alerts.told) == (LockReason.HSA_INACTIVE, [(HILL, anna.id, "hsa_inactive", NOW)])
    with pytest.raises(Refused, match="hsa_inactive"):
        reactivate(anna, an_account("N", unit=Role.NATIONAL_ADMIN))

    learn(anna, clinic, active=True)
    assert (anna.locked, clinic.administrators) == (None, 1)


@pytest.mark.parametrize("reason", (LockReason.SECURITY, LockReason.LEAVE, LockReason.INACTIVITY))
def test_another_lock_outlasts_the_directory_and_is_not_lifted_meanwhile(reason: LockReason) -> None:
    anna = an_account(hill=Role.CAREGIVER)
    anna.locked = reason

    learn(anna, active=False)
    assert (anna.locked, anna.changed) == (reason, True)
    with pytest.raises(Refused, match="hsa_inactive"):
        reactivate(anna)

    learn(anna, active=True)
    assert anna.locked is reason
    reactivate(anna)
    assert anna.locked is None


def test_failures_by_proof_lock_an_account_once() -> None:
    anna, alerts = an_account(hill=Role.CLINIC_ADMIN), Alerts()
    clinic = a_clinic(administrators=1)

    for _ in range(2):
        lock_for_failures(LockForFailures(staff_id=anna.id), anna, FakeRows(clinic), alerts, NOW)
    lock_for_failures(LockForFailures(staff_id="SE2321000016-GONE"), None, FakeRows(), alerts, NOW)

    assert (anna.locked, anna.version, clinic.administrators) == (LockReason.FAILED_SIGN_INS, 2, 0)
    assert len(alerts.told) == 1


@pytest.mark.parametrize("role", tuple(Role))
def test_nobody_reactivates_themselves(role: Role) -> None:
    own = an_account(hill=role)
    own.locked = LockReason.MANUAL

    with pytest.raises(Forbidden, match="account_locked"):
        reactivate(own, own)


def test_the_directory_is_asked_by_administrators_and_the_owner_only() -> None:
    anna, colleague = an_account(hill=Role.CAREGIVER), an_account("BO", hill=Role.CAREGIVER)
    command = RefreshAccount(actor="", entry=entry(anna, name="Anna Berg"))

    view = refresh_account(command, anna, anna, FakeRows(a_clinic()), Alerts(), NOW)
    assert (view.name, view.changed_by) == ("Anna Berg", BY_SYSTEM)
    refresh_account(command, BOSS, anna, FakeRows(a_clinic()), Alerts(), NOW)
    with pytest.raises(NotFound):
        refresh_account(command, colleague, anna, FakeRows(a_clinic()), Alerts(), NOW)
    with pytest.raises(NotFound):
        refresh_account(command, BOSS, None, FakeRows(a_clinic()), Alerts(), NOW)


async def test_a_file_is_a_directory_and_is_read_again_when_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "people.json"
    directory = DirectoryFile(file)
    with pytest.raises(Unavailable):
        await directory.find(["SE2321000016-ANNA"])

    file.write_text('{"people": [{"staff_id": "se2321000016-anna ", "name": "Anna Ek", "active": false}]}')
    found = await directory.find(["SE2321000016-ANNA", "SE2321000016-BO"])
    assert [(person.staff_id, person.active) for person in found] == [("SE2321000016-ANNA", False)]

    file.write_text('{"people": [{"staff_id": "SE2321000016-ANNA", "name": ""}]}')
    with pytest.raises(Unavailable, match=r"people\.0\.name"):
        await directory.find(["SE2321000016-ANNA"])
