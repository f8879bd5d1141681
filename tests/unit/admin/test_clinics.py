"""Clinics: opened by the region with their first administrator, changed by their own."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.admin.application.clinics.changes import change_clinic, create_clinic, move_clinic
from services.admin.application.clinics.commands import ChangeClinic, CreateClinic, MoveClinic
from services.admin.application.clinics.wishes import ClinicWish, FirstAdministrator, Move, OpenedClinic
from services.admin.domain.account import Account
from services.admin.domain.readiness import Staffing
from services.admin.domain.regions import NAMES
from shared.contracts.events.admin import Distribution, LockReason, Role
from shared.errors import Conflict, Forbidden, NotFound, Refused
from tests.unit.admin.builders import HILL, LAKE, NOW, UNIT, FakeRows, a_clinic, an_account

NATIONAL = an_account("NANNA", unit=Role.NATIONAL_ADMIN)
REGIONAL = an_account("REGINA", unit=Role.REGIONAL_ADMIN)
STAFFED = Staffing(HILL, receivers=1, caregivers=1)
REGIONAL.reach = {UNIT: "01", HILL: "01"}


class Opening:
    """Clinics that are opened, and their first administrators."""

    def __init__(self, *accounts: Account) -> None:
        self.accounts: FakeRows[Any, Any] = FakeRows(*accounts)
        self.clinics: FakeRows[Any, Any] = FakeRows()

    def open(self, actor: Account, **wish: Any) -> None:
        wished = OpenedClinic(**{"clinic_id": HILL, "name": "Kullen", "region": "01", **wish})
        command = CreateClinic(actor=actor.id, wish=wished)
        create_clinic(command, actor, self.accounts, self.clinics, FakeRows(), NOW)


def test_a_clinic_is_created_once_by_the_region() -> None:
    region = Opening()

    region.open(REGIONAL)

    event = region.clinics.the(HILL).events[0]
    assert (event.name, event.region) == ("Kullen", "01")
    with pytest.raises(Conflict):
        region.open(REGIONAL)
    with pytest.raises(Forbidden, match="not_permitted"):
        Opening().open(an_account(hill=Role.CLINIC_ADMIN))


def test_a_regional_administrator_opens_no_clinic_elsewhere() -> None:
    for region in ("14", ""):
        with pytest.raises(Forbidden, match="not_your_region"):
            Opening().open(REGIONAL, region=region)
        Opening().open(NATIONAL, region=region)


def test_the_first_administrator_is_registered_in_the_same_act() -> None:
    region = Opening()

    region.open(REGIONAL, administrator=FirstAdministrator(staff_id=" se2321000016-asta", name="Asta Ask"))

    asta = region.accounts.the("SE2321000016-ASTA")
    assert asta.roles_at(HILL) == {Role.CLINIC_ADMIN}
    assert (asta.events[0].name, asta.events[0].hsa_id) == ("Asta Ask", "se2321000016-asta")
    assert asta.active_at == NOW, "who is named just now is not inactive since 1970"
    assert region.clinics.the(HILL).administrators == 1


def test_somebody_who_has_an_account_keeps_everything_else() -> None:
    region = Opening(an_account("ASTA", lake=Role.CAREGIVER))

    region.open(NATIONAL, administrator=FirstAdministrator(staff_id="SE2321000016-ASTA", name="Någon Annan"))

    asta = region.accounts.the("SE2321000016-ASTA")
    assert (asta.name, asta.version) == ("Asta Andersson", 2)
    assert asta.permissions == {LAKE: {Role.CAREGIVER}, HILL: {Role.CLINIC_ADMIN}}


def test_without_an_administrator_who_can_there_is_no_clinic_either() -> None:
    locked = an_account("ASTA")
    locked.locked = LockReason.LEAVE
    region = Opening(locked)

    for wish, reason in (
        (FirstAdministrator(staff_id=locked.id), "account_locked"),
        (FirstAdministrator(staff_id="SE2321000016-NEW"), "missing"),
    ):
        with pytest.raises(Refused, match=reason):
            region.open(REGIONAL, administrator=wish)
    assert region.clinics.get(HILL) is None
    assert region.accounts.get("SE2321000016-NEW") is None


@pytest.mark.parametrize("code", ("1", "02", "99", "Stockholm"))
def test_a_region_is_one_of_the_list(code: str) -> None:
    with pytest.raises(ValidationError, match="01, 03, 04"):
        Move(region=code)


def test_there_are_21_regions() -> None:
    assert len(NAMES) == 21


def test_only_the_nation_moves_a_clinic_to_another_region() -> None:
    clinic = a_clinic(region="01")
    command = MoveClinic(actor="x", clinic_id=HILL, expected_version=1, wish=Move(region="14"))

    for actor in (REGIONAL, an_account(hill=Role.CLINIC_ADMIN)):
        with pytest.raises(Forbidden):
            move_clinic(command, actor, clinic, NOW)
    move_clinic(command, NATIONAL, clinic, NOW)

    assert (clinic.events[0].region, clinic.events[0].version) == ("14", 2)
    with pytest.raises(Conflict):
        move_clinic(command, NATIONAL, clinic, NOW)
    with pytest.raises(NotFound):
        move_clinic(command, NATIONAL, None, NOW)


def test_its_administrator_decides_how_a_clinic_works() -> None:
    boss, clinic = an_account(hill=Role.CLINIC_ADMIN), a_clinic()
    wish = ClinicWish(name="Kullen", distribution=Distribution.LEAST_LOADED, claim_allowed=True)

    change_clinic(
        ChangeClinic(actor=boss.id, clinic_id=HILL, expected_version=1, wish=wish),
        boss,
        clinic,
        FakeRows(),
        STAFFED,
        NOW,
    )

    event = clinic.events[0]
    assert (event.version, event.distribution, event.claim_allowed) == (2, Distribution.LEAST_LOADED, True)


def test_a_clinic_can_switch_on_only_what_is_published_and_keep_what_it_has() -> None:
    boss, clinic = an_account(hill=Role.CLINIC_ADMIN), a_clinic(case_types=frozenset({"old"}))

    def change(*types: str) -> None:
        wish = ClinicWish(name="Kullen", case_types=frozenset(types))
        command = ChangeClinic(actor=boss.id, clinic_id=HILL, expected_version=clinic.version, wish=wish)
        change_clinic(command, boss, clinic, FakeRows(), STAFFED, NOW)

    change("old")
    with pytest.raises(Refused, match="unknown_case_type"):
        change("old", "new")


def test_nothing_is_found_under_a_clinic_that_does_not_exist() -> None:
    command = ChangeClinic(
        actor=NATIONAL.id, clinic_id=HILL, expected_version=1, wish=ClinicWish(name="Kullen")
    )

    with pytest.raises(NotFound):
        change_clinic(command, NATIONAL, None, FakeRows(), STAFFED, NOW)
