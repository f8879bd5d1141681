"""Who may do what: the whole matrix of acts and roles, at the own clinic and at another one."""

from itertools import product

import pytest

from services.admin.application.policy import RULES, Act, Subject, about, may, must
from shared.contracts.events.admin import LockReason, Role
from shared.errors import Forbidden
from tests.unit.admin.builders import HILL, LAKE, an_account

R = Role
ADMINS = {R.CLINIC_ADMIN, R.REGIONAL_ADMIN, R.NATIONAL_ADMIN}
CENTRAL = {R.REGIONAL_ADMIN, R.NATIONAL_ADMIN}
GIVERS = ADMINS | {R.PERMISSION_ADMIN}

AT_OWN_CLINIC: dict[Act, set[Role]] = {
    Act.CREATE_CLINIC: CENTRAL,
    Act.CHANGE_CLINIC: ADMINS,
    Act.REGISTER_ACCOUNT: GIVERS,
    Act.CHANGE_PROFILE: ADMINS,
    Act.CHANGE_WISHES: ADMINS,
    Act.SET_PRESENCE: ADMINS | {R.RECEIVER},
    Act.LOCK_ACCOUNT: ADMINS,
    Act.REACTIVATE_ACCOUNT: ADMINS,
    Act.SET_ROLES: GIVERS,
    Act.SEE_ACCOUNT: GIVERS,
    Act.LOOK_UP_ACCOUNT: GIVERS,
    Act.LIST_ACCOUNTS: set(R),
    Act.SEE_CATALOGUE: set(R),
    Act.SEE_PORTALS: ADMINS,
    Act.CREATE_PORTAL: CENTRAL,
    Act.CHANGE_PORTAL: CENTRAL,
    Act.PUBLISH_CASE_TYPE: CENTRAL,
    Act.READ_ACCESS_LOG: {R.REVIEWER},
}
AT_ANOTHER_CLINIC: dict[Act, set[Role]] = {
    **{act: roles & CENTRAL for act, roles in AT_OWN_CLINIC.items()},
    Act.LOOK_UP_ACCOUNT: GIVERS,
    Act.SEE_CATALOGUE: set(R),
    Act.SEE_PORTALS: ADMINS,
    Act.READ_ACCESS_LOG: set(),
}


def test_the_matrix_knows_every_act() -> None:
    assert set(Act) == set(RULES) == set(AT_OWN_CLINIC) == set(AT_ANOTHER_CLINIC)


@pytest.mark.parametrize(("act", "role"), tuple(product(Act, Role)))
def test_a_role_reaches_exactly_this_far(act: Act, role: Role) -> None:
    actor = an_account(hill=role)

    assert may(actor, act, Subject(frozenset({HILL}))) is (role in AT_OWN_CLINIC[act])
    assert may(actor, act, Subject(frozenset({LAKE}))) is (role in AT_ANOTHER_CLINIC[act])


@pytest.mark.parametrize("act", tuple(Act))
def test_the_locked_and_the_unknown_may_nothing(act: Act) -> None:
    everything = an_account(hill=tuple(Role))
    everything.locked = LockReason.SECURITY

    assert not may(everything, act, about(everything))
    assert not may(None, act, Subject(frozenset({HILL})))


@pytest.mark.parametrize("act", tuple(Act))
def test_one_s_own_account_is_one_s_own_in_few_things_only(act: Act) -> None:
    caregiver = an_account(hill=Role.CAREGIVER)

    own = {Act.CHANGE_WISHES, Act.SET_PRESENCE, Act.SEE_ACCOUNT, Act.LOOK_UP_ACCOUNT}
    everybody = {Act.LIST_ACCOUNTS, Act.SEE_CATALOGUE}
    assert may(caregiver, act, about(caregiver)) is (act in own | everybody)


@pytest.mark.parametrize(("giver", "given"), tuple(product(Role, Role)))
def test_roles_are_given_only_by_those_who_may(giver: Role, given: Role) -> None:
    actor = an_account(hill=giver)
    allowed = {
        Role.NATIONAL_ADMIN: set(Role),
        Role.REGIONAL_ADMIN: set(Role) - {Role.NATIONAL_ADMIN},
        Role.CLINIC_ADMIN: set(Role) - CENTRAL,
        Role.PERMISSION_ADMIN: {Role.RECEIVER, Role.CAREGIVER},
    }.get(giver, set())

    assert may(actor, Act.SET_ROLES, Subject(frozenset({HILL}), roles=frozenset({given}))) is (
        given in allowed
    )
    elsewhere = may(actor, Act.SET_ROLES, Subject(frozenset({LAKE}), roles=frozenset({given})))
    assert elsewhere is (given in allowed and giver in CENTRAL)


def test_a_clinic_administrator_does_not_lock_a_regional_one() -> None:
    clinic_admin, regional = (
        an_account(hill=Role.CLINIC_ADMIN),
        an_account("REGINA", hill=Role.REGIONAL_ADMIN),
    )

    assert not may(clinic_admin, Act.LOCK_ACCOUNT, about(regional))
    assert may(regional, Act.LOCK_ACCOUNT, about(clinic_admin))


def test_a_refusal_says_whether_the_account_or_the_permission_is_the_reason() -> None:
    locked = an_account(hill=Role.CLINIC_ADMIN)
    locked.locked = LockReason.LEAVE

    for actor, code in (
        (None, "account_unknown"),
        (locked, "account_locked"),
        (an_account(), "not_permitted"),
    ):
        with pytest.raises(Forbidden, match=code):
            must(actor, Act.CREATE_PORTAL, Subject())
