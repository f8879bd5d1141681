"""Make groups of caregivers, change them, remove them."""

from datetime import datetime

from services.admin.application.faults import GROUP_EXISTS, no_caregiver, not_found
from services.admin.application.groups.commands import ChangeGroup, CreateGroup
from services.admin.application.groups.views import GroupView, group_view
from services.admin.application.groups.wishes import GroupWish
from services.admin.application.policy import Act, Subject, must
from services.admin.application.ports import Accounts, Clinics, Groups
from services.admin.domain.account import Account
from services.admin.domain.group import Group, group_key
from shared.contracts.events.admin import Role
from shared.contracts.ids import ClinicId, StaffId
from shared.errors import Conflict, Refused


def create_group(
    command: CreateGroup,
    actor: Account | None,
    clinics: Clinics,
    groups: Groups,
    accounts: Accounts,
    now: datetime,
) -> GroupView:
    """A clinic gets a group."""
    clinic_id, wish = ClinicId(command.clinic_id), command.wish
    must(actor, Act.CHANGE_GROUP, Subject(frozenset({clinic_id})))
    if clinics.get(clinic_id) is None:
        raise not_found("clinic_id")
    key = group_key(clinic_id, wish.group_id)
    if groups.get(key) is not None:
        raise Conflict(GROUP_EXISTS)
    members = _members(wish, clinic_id, accounts, frozenset())
    group = Group(key, clinic_id, wish.name_sv, wish.name_en, members, wish.removed)
    group.publish(command.actor, now)
    groups.add(group)
    return group_view(group)


def change_group(
    command: ChangeGroup, actor: Account | None, group: Group | None, accounts: Accounts, now: datetime
) -> GroupView:
    """Another name, other members, or none at all any more."""
    clinic_id, wish = ClinicId(command.clinic_id), command.wish
    must(actor, Act.CHANGE_GROUP, Subject(frozenset({clinic_id})))
    if group is None:
        raise not_found("group_id")
    group.expect_version(command.expected_version)
    group.members = _members(wish, clinic_id, accounts, group.members)
    group.name_sv, group.name_en, group.removed = wish.name_sv, wish.name_en, wish.removed
    group.publish(command.actor, now)
    return group_view(group)


def _members(
    wish: GroupWish, clinic_id: ClinicId, accounts: Accounts, before: frozenset[StaffId]
) -> frozenset[StaffId]:
    """Who shall be in it. Raises Refused, naming each newcomer who is no caregiver at the clinic."""
    members = frozenset(map(StaffId, wish.members))
    strangers = []
    for staff_id in sorted(members - before):
        account = accounts.get(staff_id)
        if account is None or Role.CAREGIVER not in account.roles_at(clinic_id):
            strangers.append(no_caregiver(staff_id))
    if strangers:
        raise Refused(*strangers)
    return members
