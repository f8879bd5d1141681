"""Who may do what: every act and role, at the own clinic, at another one of the region, and elsewhere."""

from itertools import product

import pytest

from services.admin.application.policy import RULES, Act, Subject, about, in_sight, may, must
from shared.contracts.events.admin import LockReason, Role
from shared.errors import Forbidden
from tests.unit.admin.builders import FAR, HILL, LAKE, UNIT, an_account

R = Role
ADMINS = {R.CLINIC_ADMIN, R.REGIONAL_ADMIN, R.NATIONAL_ADMIN}
CENTRAL = {R.REGIONAL_ADMIN, R.NATIONAL_ADMIN}
GIVERS = ADMINS | {R.PERMISSION_ADMIN}

AT_OWN_CLINIC: dict[Act, set[Role]] = {
    Act.CREATE_CLINIC: CENTRAL,
    Act.MOVE_CLINIC: {R.NATIONAL_ADMIN},
    Act.CHANGE_CLINIC: ADMINS,
    Act.REGISTER_ACCOUNT: GIVERS,
    Act.CHANGE_PROFILE: ADMINS,
    Act.CHANGE_WISHES: ADMINS,
    Act.CHOOSE_ADDRESS: set(),
    Act.SET_PRESENCE: ADMINS | {R.RECEIVER},
    Act.LOCK_ACCOUNT: ADMINS,
    Act.REACTIVATE_ACCOUNT: ADMINS,
    Act.REFRESH_ACCOUNT: GIVERS,
    Act.CHANGE_GROUP: GIVERS,
    Act.SEE_ALERTS: CENTRAL,
    Act.SEE_PERMISSIONS: GIVERS,
    Act.REVIEW_PERMISSIONS: ADMINS,
    Act.SET_ROLES: GIVERS,
    Act.SEE_ACCOUNT: GIVERS,
    Act.LOOK_UP_ACCOUNT: GIVERS,
    Act.LIST_ACCOUNTS: set(R),
    Act.SEE_CATALOGUE: set(R),
    Act.SEE_PORTALS: ADMINS,
    Act.CREATE_PORTAL: CENTRAL,
    Act.CHANGE_PORTAL: CENTRAL,
    Act.PUBLISH_NATIONALLY: {R.NATIONAL_ADMIN},
    Act.PUBLISH_LOCALLY: ADMINS,
    Act.ADAPT_CASE_TYPE: ADMINS,
    Act.READ_ACCESS_LOG: {R.REVIEWER},
    Act.CHECK_ACCESSES: {R.REVIEWER},
    Act.MAKE_EXTRACT: {R.REVIEWER},
    Act.PUBLISH_TERMS: {R.NATIONAL_ADMIN},
    Act.READ_SIGN_INS: {R.REVIEWER},
}
IN_THE_REGION: dict[Act, set[Role]] = {
    **{act: roles & CENTRAL for act, roles in AT_OWN_CLINIC.items()},
    Act.LOOK_UP_ACCOUNT: GIVERS,
    Act.SEE_CATALOGUE: set(R),
    Act.SEE_PORTALS: ADMINS,
    Act.READ_ACCESS_LOG: set(),
    Act.CHECK_ACCESSES: set(),
    Act.MAKE_EXTRACT: {R.REVIEWER},
}
IN_ANOTHER_REGION: dict[Act, set[Role]] = {
    **{act: roles & {R.NATIONAL_ADMIN} for act, roles in AT_OWN_CLINIC.items()},
    Act.LOOK_UP_ACCOUNT: GIVERS,
    Act.SEE_CATALOGUE: set(R),
    Act.SEE_PORTALS: ADMINS,
    Act.READ_ACCESS_LOG: set(),
    Act.MAKE_EXTRACT: {R.REVIEWER},
}
ABOUT_NO_CLINIC = {Act.SEE_PORTALS, Act.CREATE_PORTAL, Act.CHANGE_PORTAL, Act.PUBLISH_NATIONALLY}


def test_the_matrix_knows_every_act() -> None:
    assert set(Act) == set(RULES) == set(AT_OWN_CLINIC)
    assert set(Act) == set(IN_THE_REGION) == set(IN_ANOTHER_REGION)


@pytest.mark.parametrize(("act", "role"), tuple(product(Act, Role)))
def test_a_role_reaches_exactly_this_far(act: Act, role: Role) -> None:
    actor = an_account(hill=role)
    if role is R.REGIONAL_ADMIN:
        actor.reach = {HILL: "01", LAKE: "01"}

    assert may(actor, act, Subject(frozenset({HILL}))) is (role in AT_OWN_CLINIC[act])
    assert may(actor, act, Subject(frozenset({LAKE}))) is (role in IN_THE_REGION[act])
    assert may(actor, act, Subject(frozenset({FAR}))) is (role in IN_ANOTHER_REGION[act])


@pytest.mark.parametrize("act", sorted(ABOUT_NO_CLINIC))
@pytest.mark.parametrize("role", tuple(Role))
def test_what_belongs_to_no_clinic_is_for_every_region(act: Act, role: Role) -> None:
    assert may(an_account(hill=role), act, Subject()) is (role in AT_OWN_CLINIC[act])


@pytest.mark.parametrize(
    ("region", "opened"), (("01", True), ("14", False), ("", False)), ids=("own", "other", "none")
)
def test_a_regional_administrator_opens_clinics_in_the_own_region(region: str, opened: bool) -> None:
    regional, national = an_account(unit=Role.REGIONAL_ADMIN), an_account(unit=Role.NATIONAL_ADMIN)

    assert may(regional, Act.CREATE_CLINIC, Subject(region=region)) is opened
    assert may(national, Act.CREATE_CLINIC, Subject(region=region))


def test_a_unit_without_a_region_reaches_no_further_than_itself() -> None:
    regional = an_account(unit=Role.REGIONAL_ADMIN)
    regional.reach = {UNIT: ""}

    assert may(regional, Act.CHANGE_CLINIC, Subject(frozenset({UNIT})))
    assert not may(regional, Act.CREATE_CLINIC, Subject(region=""))


def test_a_central_administrator_sees_the_clinics_of_the_own_reach() -> None:
    assert in_sight(an_account(unit=Role.NATIONAL_ADMIN)) is None
    assert in_sight(an_account(unit=Role.REGIONAL_ADMIN)) == frozenset({UNIT})
    assert in_sight(an_account(unit=Role.CLINIC_ADMIN)) == frozenset()


@pytest.mark.parametrize("act", tuple(Act))
def test_the_locked_and_the_unknown_may_nothing(act: Act) -> None:
    everything = an_account(hill=tuple(Role))
    everything.locked = LockReason.SECURITY

    assert not may(everything, act, about(everything))
    assert not may(None, act, Subject(frozenset({HILL})))


@pytest.mark.parametrize("act", tuple(Act))
def test_one_s_own_account_is_one_s_own_in_few_things_only(act: Act) -> None:
    caregiver = an_account(hill=Role.CAREGIVER)

    own = {
        Act.CHANGE_WISHES,
        Act.CHOOSE_ADDRESS,
        Act.SET_PRESENCE,
        Act.SEE_ACCOUNT,
        Act.LOOK_UP_ACCOUNT,
        Act.REFRESH_ACCOUNT,
        Act.READ_SIGN_INS,
    }
    everybody = {Act.LIST_ACCOUNTS, Act.SEE_CATALOGUE}
    assert may(caregiver, act, about(caregiver)) is (act in own | everybody)


@pytest.mark.parametrize(("giver", "given"), tuple(product(Role, Role)))
def test_roles_are_given_only_by_those_who_may(giver: Role, given: Role) -> None:
    actor = an_account(hill=giver)
    if giver is R.REGIONAL_ADMIN:
        actor.reach = {HILL: "01", LAKE: "01"}
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
    far = may(actor, Act.SET_ROLES, Subject(frozenset({FAR}), roles=frozenset({given})))
    assert far is (given in allowed and giver is Role.NATIONAL_ADMIN)


def test_nobody_locks_somebody_who_may_more() -> None:
    roles = (Role.CLINIC_ADMIN, Role.REGIONAL_ADMIN, Role.NATIONAL_ADMIN)
    ranks = [an_account(role.name, hill=role) for role in roles]

    for (low, lower), (high, higher) in product(enumerate(ranks), enumerate(ranks)):
        assert may(lower, Act.LOCK_ACCOUNT, about(higher)) is (high <= low)


def test_a_regional_administrator_does_not_lock_people_of_another_region() -> None:
    regional, theirs, nobodys = (
        an_account(unit=Role.REGIONAL_ADMIN),
        an_account(lake=Role.CAREGIVER),
        an_account(),
    )

    assert not may(regional, Act.LOCK_ACCOUNT, about(theirs))
    assert may(regional, Act.LOCK_ACCOUNT, about(nobodys)), "who has left all clinics is everybody's"


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
