"""Staff accounts: roles, locks, presence, and the last administrator."""

from typing import Any

import pytest

from services.admin.application.accounts.changes import (
    lock_account,
    reactivate_account,
    register_account,
    set_presence,
)
from services.admin.application.accounts.commands import (
    LockAccount,
    ReactivateAccount,
    RegisterAccount,
    SetPermissions,
    SetPresence,
)
from services.admin.application.accounts.permissions import set_permissions
from services.admin.application.accounts.wishes import Lock, NewAccount, Permissions, Presence, RolesAt
from services.admin.domain.account import BY_STAFF, Account
from shared.contracts.events.admin import LockReason, Role, StaffAccountPublished
from shared.errors import Conflict, Forbidden, NotFound, Refused
from tests.unit.admin.builders import HILL, LAKE, NOW, FakeRows, a_clinic, an_account

NONE: frozenset[Role] = frozenset()


def grant(account: Account, version: int = 1, **roles: frozenset[Role]) -> SetPermissions:
    named = tuple(RolesAt(clinic_id=f"SE2321000016-{name}", roles=given) for name, given in roles.items())
    wish = Permissions(permissions=named)
    return SetPermissions(actor="SE2321000016-BOSS", staff_id=account.id, expected_version=version, wish=wish)


def lock(account: Account, reason: LockReason = LockReason.MANUAL) -> LockAccount:
    return LockAccount(
        actor="SE2321000016-BOSS", staff_id=account.id, expected_version=1, wish=Lock(reason=reason)
    )


def test_a_registered_account_is_published_with_its_roles_and_counted() -> None:
    boss, clinic = an_account("BOSS", hill=Role.CLINIC_ADMIN), a_clinic()
    accounts: FakeRows[Any, Account] = FakeRows()
    roles = (RolesAt(clinic_id=HILL, roles=frozenset({Role.CLINIC_ADMIN, Role.RECEIVER})),)
    wish = NewAccount(
        staff_id="se2321000016-new ", name="Nils Ny", email="nils@example.org", permissions=roles
    )

    register_account(RegisterAccount(actor=boss.id, wish=wish), boss, accounts, FakeRows(clinic), NOW)

    account = accounts.get("SE2321000016-NEW")
    assert account is not None
    assert clinic.administrators == 2
    (event,) = account.events
    assert isinstance(event, StaffAccountPublished)
    assert (event.version, event.email, event.permissions[0].clinic_id) == (1, "nils@example.org", HILL)


def test_an_account_is_registered_once() -> None:
    boss, there = an_account("BOSS", hill=Role.CLINIC_ADMIN), an_account("NEW")
    roles = (RolesAt(clinic_id=HILL, roles=frozenset({Role.RECEIVER})),)
    command = RegisterAccount(
        actor=boss.id, wish=NewAccount(staff_id=there.id, name="Nils", permissions=roles)
    )

    with pytest.raises(Conflict, match="already_exists"):
        register_account(command, boss, FakeRows(there), FakeRows(a_clinic()), NOW)


def test_a_clinic_administrator_registers_nobody_elsewhere() -> None:
    boss = an_account("BOSS", hill=Role.CLINIC_ADMIN)
    roles = (
        RolesAt(clinic_id=HILL, roles=NONE | {Role.RECEIVER}),
        RolesAt(clinic_id=LAKE, roles=NONE | {Role.RECEIVER}),
    )
    command = RegisterAccount(
        actor=boss.id, wish=NewAccount(staff_id="SE2321000016-NEW", name="Nils", permissions=roles)
    )

    with pytest.raises(Forbidden):
        register_account(command, boss, FakeRows(), FakeRows(a_clinic(), a_clinic(LAKE)), NOW)


def test_roles_change_at_the_named_clinics_only() -> None:
    boss = an_account("BOSS", hill=Role.CLINIC_ADMIN)
    anna = an_account(hill=Role.RECEIVER, lake=Role.CAREGIVER)

    set_permissions(
        grant(anna, HILL=frozenset({Role.CAREGIVER})), boss, anna, FakeRows(a_clinic(), a_clinic(LAKE)), NOW
    )

    assert anna.permissions == {HILL: {Role.CAREGIVER}, LAKE: {Role.CAREGIVER}}
    assert (anna.version, anna.changed_by) == (2, "SE2321000016-BOSS")


def test_removed_roles_are_published_as_a_state_without_them() -> None:
    boss, anna = an_account("BOSS", hill=Role.CLINIC_ADMIN), an_account(hill=Role.RECEIVER)

    set_permissions(grant(anna, HILL=NONE), boss, anna, FakeRows(a_clinic()), NOW)

    assert anna.events[0].permissions == ()


def test_of_several_clinics_all_change_or_none() -> None:
    boss, anna = an_account("BOSS", hill=Role.CLINIC_ADMIN), an_account(hill=Role.RECEIVER)
    command = grant(anna, HILL=NONE, LAKE=frozenset({Role.RECEIVER}))

    with pytest.raises(Forbidden):
        set_permissions(command, boss, anna, FakeRows(a_clinic(), a_clinic(LAKE)), NOW)
    assert anna.permissions == {HILL: {Role.RECEIVER}}
    assert not anna.events


@pytest.mark.parametrize(
    "boss", (an_account("BOSS", hill=Role.CLINIC_ADMIN), an_account("BOSS", unit=Role.NATIONAL_ADMIN))
)
def test_nobody_removes_or_locks_the_last_administrator(boss: Account) -> None:
    anna, clinics = an_account(hill=Role.CLINIC_ADMIN), FakeRows[Any, Any](a_clinic(administrators=1))

    with pytest.raises(Refused, match="last_administrator") as unticked:
        set_permissions(grant(anna, HILL=frozenset({Role.RECEIVER})), boss, anna, clinics, NOW)
    with pytest.raises(Refused, match="last_administrator") as locked:
        lock_account(lock(anna), boss, anna, clinics, NOW)
    told = [refusal.value.faults[0] for refusal in (unticked, locked)]
    assert [fault.field for fault in told] == ["permissions.0.roles", "staff_id"]
    assert all(anna.id in fault.sv and anna.id in fault.en for fault in told)
    assert anna.locked is None
    assert not anna.changed


def test_one_of_two_administrators_can_be_locked_and_comes_back() -> None:
    boss, anna, clinic = (
        an_account("BOSS", hill=Role.CLINIC_ADMIN),
        an_account(hill=Role.CLINIC_ADMIN),
        a_clinic(administrators=2),
    )

    lock_account(lock(anna), boss, anna, FakeRows(clinic), NOW)
    assert (anna.locked, clinic.administrators) == (LockReason.MANUAL, 1)

    command = ReactivateAccount(actor=boss.id, staff_id=anna.id, expected_version=2)
    reactivate_account(command, boss, anna, FakeRows(clinic), NOW)
    assert (anna.locked, clinic.administrators, anna.version) == (None, 2, 3)


def test_a_locked_administrator_can_lose_the_role_although_one_is_left() -> None:
    boss, anna, clinic = (
        an_account("BOSS", hill=Role.CLINIC_ADMIN),
        an_account(hill=Role.CLINIC_ADMIN),
        a_clinic(),
    )
    anna.locked = LockReason.LEAVE

    set_permissions(grant(anna, HILL=NONE), boss, anna, FakeRows(clinic), NOW)

    assert clinic.administrators == 1


@pytest.mark.parametrize("reason", tuple(LockReason))
def test_people_lock_for_people_s_reasons(reason: LockReason) -> None:
    boss, anna = an_account("BOSS", hill=Role.CLINIC_ADMIN), an_account(hill=Role.RECEIVER)

    if reason in BY_STAFF:
        lock_account(lock(anna, reason), boss, anna, FakeRows(a_clinic()), NOW)
        assert anna.events[0].locked is reason
    else:
        with pytest.raises(Refused, match="not_by_staff"):
            lock_account(lock(anna, reason), boss, anna, FakeRows(a_clinic()), NOW)


def test_who_is_inactive_in_the_hsa_directory_is_not_reactivated_here() -> None:
    boss, anna = an_account("BOSS", unit=Role.NATIONAL_ADMIN), an_account(hill=Role.RECEIVER)
    anna.locked = LockReason.HSA_INACTIVE

    command = ReactivateAccount(actor=boss.id, staff_id=anna.id, expected_version=1)

    with pytest.raises(Refused, match="hsa_inactive"):
        reactivate_account(command, boss, anna, FakeRows(), NOW)


def test_who_saw_an_older_version_is_told_who_changed_it() -> None:
    anna = an_account(hill=Role.CAREGIVER)
    away = SetPresence(actor=anna.id, staff_id=anna.id, expected_version=1, wish=Presence(present=False))
    set_presence(away, anna, anna, NOW)

    with pytest.raises(Conflict) as refusal:
        set_presence(away, anna, anna, NOW)

    assert anna.id in refusal.value.faults[0].en
    assert "2026-03-02T08:00:00" in refusal.value.faults[0].sv


def test_a_stranger_s_account_does_not_exist() -> None:
    stranger, anna = an_account("EVE", lake=Role.RECEIVER), an_account(hill=Role.CAREGIVER)
    command = SetPresence(
        actor=stranger.id, staff_id=anna.id, expected_version=1, wish=Presence(present=False)
    )

    for account in (anna, None):
        with pytest.raises(NotFound):
            set_presence(command, stranger, account, NOW)
