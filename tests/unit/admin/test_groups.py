"""Groups of caregivers: who may be in one, who makes them, and that a removed one is told."""

from typing import Any

import pytest

from services.admin.application.groups.changes import change_group, create_group, remove_group
from services.admin.application.groups.commands import ChangeGroup, CreateGroup, RemoveGroup
from services.admin.application.groups.wishes import GroupWish, NewGroup
from services.admin.domain.account import Account
from services.admin.domain.adaptation import CaseTypeAdaptation
from services.admin.domain.clinic import Clinic
from services.admin.domain.group import Group
from shared.contracts.case_types import Adaptation, DefaultRouting, Owner, adaptation_id
from shared.contracts.events.admin import Role
from shared.errors import Conflict, Forbidden, NotFound, Refused
from tests.unit.admin.builders import HILL, LAKE, NOW, FakeRows, a_clinic, an_account
from tests.unit.admin.documents import OF_HILL, OF_REGION, a_case_type

BOSS, ANNA = an_account("BOSS", hill=Role.PERMISSION_ADMIN), an_account(hill=Role.CAREGIVER)
BO = an_account("BO", lake=Role.CAREGIVER)
NAMES = {"name_sv": "Teamet", "name_en": "The team"}


def create(*members: Account, actor: Account = BOSS, clinic_id: str = HILL, groups: Any = None) -> Group:
    groups = groups if groups is not None else FakeRows[Any, Any]()
    wish = NewGroup(group_id="team", members=frozenset(member.id for member in members), **NAMES)
    command = CreateGroup(actor=actor.id, clinic_id=clinic_id, wish=wish)
    create_group(command, actor, FakeRows(a_clinic()), groups, FakeRows(ANNA, BO), NOW)
    group: Group = groups.the(f"{HILL}/team")
    return group


def change(group: Group | None, *members: Account, version: int = 1, **fields: Any) -> None:
    wish = GroupWish(members=frozenset(member.id for member in members), **NAMES, **fields)
    command = ChangeGroup(actor=BOSS.id, clinic_id=HILL, group_id="team", expected_version=version, wish=wish)
    change_group(command, BOSS, a_clinic(), group, FakeRows(), FakeRows(), FakeRows(ANNA, BO), NOW)


def test_a_group_is_published_whole_and_so_is_its_removal() -> None:
    group = create(ANNA)
    change(group, ANNA, removed=True)

    assert [(event.version, event.members, event.removed) for event in group.events] == [
        (1, {ANNA.id}, False),
        (2, {ANNA.id}, True),
    ]
    assert group.events[0].key() == f"{HILL}/team"


def test_only_the_clinic_s_caregivers_can_join_and_who_is_in_may_stay() -> None:
    with pytest.raises(Refused, match="no_caregiver"):
        create(ANNA, BO)
    group = create(ANNA)
    with pytest.raises(Refused, match="no_caregiver"):
        change(group, ANNA, BO)

    group.members |= {BO.id}
    change(group, ANNA, BO)
    assert group.members == {ANNA.id, BO.id}


def test_a_group_is_made_once_by_who_may_and_changed_as_it_was_seen() -> None:
    groups = FakeRows[Any, Any]()
    group = create(groups=groups)

    with pytest.raises(Conflict, match="already_exists"):
        create(groups=groups)
    with pytest.raises(Conflict, match="version_conflict"):
        change(group, version=7)
    with pytest.raises(NotFound):
        change(None)
    with pytest.raises(Forbidden):
        create(actor=ANNA)
    with pytest.raises(Forbidden):
        create(clinic_id=LAKE)


def remove(group: Group | None, clinic: Clinic, *adaptations: CaseTypeAdaptation, **routing: Any) -> None:
    """The clinic has one type switched on, which says itself where cases go first."""
    command = RemoveGroup(actor=BOSS.id, clinic_id=HILL, group_id="team", expected_version=1)
    types = FakeRows[Any, Any](a_case_type("ask", **routing), a_case_type("other"))
    remove_group(command, BOSS, clinic, group, types, FakeRows(*adaptations), NOW)


def to_group(place: Owner, group: str) -> CaseTypeAdaptation:
    wanted = Adaptation(routing=DefaultRouting(group=group))
    return CaseTypeAdaptation(adaptation_id(place, "ask"), place, "ask", wanted)


TO_TEAM: dict[str, Any] = {"routing": {"group": "team"}}


@pytest.mark.parametrize(
    ("adaptations", "routing"),
    (((), TO_TEAM), ((to_group(OF_HILL, "team"),), {}), ((to_group(OF_REGION, "team"),), {})),
)
def test_a_group_that_cases_go_to_first_stays_and_the_refusal_says_of_which_types(
    adaptations: tuple[CaseTypeAdaptation, ...], routing: Any
) -> None:
    group, clinic = create(ANNA), a_clinic(case_types=frozenset({"ask"}), region="01")
    with pytest.raises(Refused, match="group_in_use") as refusal:
        remove(group, clinic, *adaptations, **routing)
    [fault] = refusal.value.faults
    assert ": ask." in fault.sv
    assert ": ask." in fault.en
    assert (group.removed, group.version) == (False, 1)


@pytest.mark.parametrize(
    ("on", "adaptations", "routing"),
    (({"other"}, (), TO_TEAM), ({"ask"}, (to_group(OF_HILL, "nurses"),), TO_TEAM), ({"ask"}, (), {})),
)
def test_a_group_that_nothing_goes_to_is_removed_and_everybody_told(
    on: set[str], adaptations: tuple[CaseTypeAdaptation, ...], routing: Any
) -> None:
    group = create(ANNA)
    remove(group, a_clinic(case_types=frozenset(on), region="01"), *adaptations, **routing)
    assert [event.removed for event in group.events] == [False, True]
    assert ANNA.roles_at(HILL) == {Role.CAREGIVER}, "permissions are not the group's to take"


def test_what_is_marked_as_removed_in_a_change_is_looked_at_in_the_same_way() -> None:
    group, clinic = create(ANNA), a_clinic(case_types=frozenset({"ask"}))
    command = ChangeGroup(
        actor=BOSS.id,
        clinic_id=HILL,
        group_id="team",
        expected_version=1,
        wish=GroupWish(removed=True, **NAMES),
    )
    types = FakeRows[Any, Any](a_case_type("ask", **TO_TEAM))
    with pytest.raises(Refused, match="group_in_use"):
        change_group(command, BOSS, clinic, group, types, FakeRows(), FakeRows(), NOW)


def test_who_removes_a_group_must_be_allowed_to_and_have_seen_it() -> None:
    stale, clinic = create(ANNA), a_clinic()
    stale.version = 2
    with pytest.raises(Conflict):
        remove(stale, clinic)
    with pytest.raises(NotFound):
        remove(None, clinic)
