"""Groups of caregivers: who may be in one, who makes them, and that a removed one is told."""

from typing import Any

import pytest

from services.admin.application.groups.changes import change_group, create_group
from services.admin.application.groups.commands import ChangeGroup, CreateGroup
from services.admin.application.groups.wishes import GroupWish, NewGroup
from services.admin.domain.account import Account
from services.admin.domain.group import Group
from shared.contracts.events.admin import Role
from shared.errors import Conflict, Forbidden, NotFound, Refused
from tests.unit.admin.builders import HILL, LAKE, NOW, FakeRows, a_clinic, an_account

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
    change_group(command, BOSS, group, FakeRows(ANNA, BO), NOW)


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
