"""The grid of tick boxes: many people at once, all or nothing, and somebody always stays to administer."""

from datetime import date
from typing import Any

import pytest

from services.admin.application.accounts.commands import SetGrid
from services.admin.application.accounts.grid import GridView, set_grid
from services.admin.application.accounts.wishes import Grid, GridRow
from services.admin.domain.account import Account
from services.admin.domain.clinic import Clinic
from shared.contracts.events.admin import LockReason, Role
from shared.errors import Conflict, Forbidden, NotFound, Refused
from tests.unit.admin.builders import HILL, LAKE, NOW, FakeRows, a_clinic, an_account

ADMIN, CARER, RECEIVER = Role.CLINIC_ADMIN, Role.CAREGIVER, Role.RECEIVER


def row(account: Account, *roles: Role, **fields: Any) -> GridRow:
    return GridRow(
        staff_id=account.id, version=fields.pop("version", account.version), roles=frozenset(roles), **fields
    )


def tick(
    boss: Account, people: list[Account], *rows: GridRow, clinic: Clinic | None = None, clinic_id: str = HILL
) -> GridView:
    command = SetGrid(actor=boss.id, clinic_id=clinic_id, wish=Grid(rows=rows))
    clinics = FakeRows[Any, Any](clinic or a_clinic(administrators=2), a_clinic(LAKE))
    return set_grid(command, boss, FakeRows(*people), clinics, NOW)


def test_many_people_change_at_once_and_only_who_became_different_is_told_of() -> None:
    boss, anna, bo = an_account("BOSS", hill=ADMIN), an_account(hill=CARER), an_account("BO", hill=RECEIVER)
    new = an_account("NEW", lake=CARER)

    view = tick(
        boss,
        [boss, anna, bo, new],
        row(boss, ADMIN),
        row(anna, CARER, RECEIVER),
        row(bo),
        row(new, CARER, last_on=date(2026, 8, 31)),
    )

    assert [len(person.events) for person in (boss, anna, bo, new)] == [0, 1, 1, 1]
    assert anna.permissions[HILL] == {CARER, RECEIVER}
    assert bo.permissions == {}
    assert new.permissions == {HILL: {CARER}, LAKE: {CARER}}
    assert new.last_on == {HILL: date(2026, 8, 31)}
    assert [(shown.roles, shown.version) for shown in view.rows] == [
        (["clinic_admin"], 1),
        (["caregiver", "receiver"], 2),
        ([], 2),
        (["caregiver"], 2),
    ]


def test_who_changed_each_stale_row_is_told_and_nothing_is_done() -> None:
    boss, anna, bo = an_account("BOSS", hill=ADMIN), an_account(hill=CARER), an_account("BO", hill=CARER)
    anna.version, anna.changed_by = 4, "SE2321000016-OTHER"

    with pytest.raises(Conflict) as refusal:
        tick(boss, [anna, bo], row(bo, RECEIVER), row(anna, version=3))

    assert [fault.field for fault in refusal.value.faults] == ["rows.1.version"]
    assert "SE2321000016-OTHER" in refusal.value.faults[0].sv
    assert (anna.changed, bo.changed) == (False, False)


def test_administrators_may_change_places_in_one_update() -> None:
    boss, anna, clinic = an_account("BOSS", hill=ADMIN), an_account(hill=CARER), a_clinic(administrators=1)

    view = tick(boss, [boss, anna], row(boss), row(anna, ADMIN), clinic=clinic)

    assert (clinic.administrators, view.administrators) == (1, 1)
    assert [warning.code for warning in view.warnings] == ["one_administrator_left"]


@pytest.mark.parametrize(
    ("roles", "fields"), (((), {}), ((CARER,), {}), ((ADMIN,), {"last_on": date(2026, 8, 31)}))
)
def test_the_last_administrator_stays_whatever_the_update_looks_like(
    roles: tuple[Role, ...], fields: dict[str, Any]
) -> None:
    boss, locked = an_account("BOSS", hill=ADMIN), an_account("LOCKED", hill=CARER)
    locked.locked = LockReason.LEAVE

    with pytest.raises(Refused, match="last_administrator") as refusal:
        tick(
            boss,
            [boss, locked],
            row(locked, ADMIN),
            row(boss, *roles, **fields),
            clinic=a_clinic(administrators=1),
        )
    [fault] = refusal.value.faults
    assert fault.field == "rows.1.roles"
    assert boss.id in fault.sv
    assert boss.id in fault.en
    assert (boss.changed, locked.changed) == (False, False)


def test_locked_people_are_shown_as_locked_and_can_be_ticked() -> None:
    boss, anna = an_account("BOSS", hill=ADMIN), an_account(hill=CARER)
    anna.locked = LockReason.LEAVE

    view = tick(boss, [anna], row(anna, RECEIVER))

    assert (view.rows[0].locked, view.rows[0].roles) == (LockReason.LEAVE, ["receiver"])


def test_a_permission_administrator_ticks_receivers_and_caregivers_alone() -> None:
    giver, anna, chief = (
        an_account("GIVER", hill=Role.PERMISSION_ADMIN),
        an_account(hill=CARER),
        an_account("CHIEF", hill=(ADMIN, CARER)),
    )

    tick(giver, [anna, chief], row(anna, RECEIVER), row(chief, ADMIN, RECEIVER))
    assert chief.permissions[HILL] == {ADMIN, RECEIVER}, "what is not theirs stays as it is"
    for asked in (row(anna, ADMIN), row(chief)):
        with pytest.raises(Forbidden):
            tick(giver, [anna, chief], asked)


def test_each_wrong_row_is_named() -> None:
    boss, anna, ghost = an_account("BOSS", hill=ADMIN), an_account(hill=CARER), an_account("GHOST")

    with pytest.raises(Refused) as refusal:
        tick(boss, [anna], row(ghost, CARER), row(anna, CARER), row(anna))
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [
        ("rows.0.staff_id", "unknown_person"),
        ("rows.2.staff_id", "twice"),
    ]
    with pytest.raises(Refused, match="over_already"):
        tick(boss, [anna], row(anna, CARER, last_on=date(2026, 3, 1)))


def test_another_clinic_s_boxes_are_not_ours_to_tick() -> None:
    boss, anna = an_account("BOSS", hill=ADMIN), an_account(lake=CARER)

    with pytest.raises(Forbidden):
        tick(boss, [anna], row(anna), clinic_id=LAKE)
    with pytest.raises(NotFound):
        tick(an_account("N", unit=Role.NATIONAL_ADMIN), [anna], row(anna), clinic_id="SE2321000016-NONE")
