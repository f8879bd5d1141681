"""Make groups of caregivers, change them, remove them."""

from datetime import datetime

from services.admin.application.catalogue.adapting import group_at
from services.admin.application.faults import GROUP_EXISTS, group_in_use, no_caregiver, not_found
from services.admin.application.groups.commands import (
    ChangeGroup,
    CreateGroup,
    GroupCommand,
    RemoveGroup,
)
from services.admin.application.groups.views import GroupView, group_view
from services.admin.application.groups.wishes import GroupWish
from services.admin.application.policy import Act, Subject, must
from services.admin.application.ports import Accounts, Adaptations, CaseTypes, Clinics, Groups
from services.admin.domain.account import Account
from services.admin.domain.clinic import Clinic
from services.admin.domain.group import Group, group_key
from shared.contracts.events.admin import Role
from shared.contracts.ids import CaseTypeId, ClinicId, StaffId
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
    command: ChangeGroup,
    actor: Account | None,
    clinic: Clinic | None,
    group: Group | None,
    case_types: CaseTypes,
    adaptations: Adaptations,
    accounts: Accounts,
    now: datetime,
) -> GroupView:
    """Another name, other members, or none at all any more."""
    clinic_id, wish = ClinicId(command.clinic_id), command.wish
    clinic, group = _to_change(command, actor, clinic, group)
    if wish.removed and not group.removed:
        _must_not_be_used(clinic, group, case_types, adaptations)
    group.members = _members(wish, clinic_id, accounts, group.members)
    group.name_sv, group.name_en, group.removed = wish.name_sv, wish.name_en, wish.removed
    group.publish(command.actor, now)
    return group_view(group)


def remove_group(
    command: RemoveGroup,
    actor: Account | None,
    clinic: Clinic | None,
    group: Group | None,
    case_types: CaseTypes,
    adaptations: Adaptations,
    now: datetime,
) -> GroupView:
    """There is no such group any more, which everybody is told. Who was in it keeps their permissions."""
    clinic, group = _to_change(command, actor, clinic, group)
    _must_not_be_used(clinic, group, case_types, adaptations)
    group.removed = True
    group.publish(command.actor, now)
    return group_view(group)


def _to_change(
    command: GroupCommand, actor: Account | None, clinic: Clinic | None, group: Group | None
) -> tuple[Clinic, Group]:
    """The clinic and its group, which the actor may change and saw as it is."""
    must(actor, Act.CHANGE_GROUP, Subject(frozenset({ClinicId(command.clinic_id)})))
    if clinic is None or group is None:
        raise not_found("group_id")
    group.expect_version(command.expected_version)
    return clinic, group


def _must_not_be_used(clinic: Clinic, group: Group, case_types: CaseTypes, adaptations: Adaptations) -> None:
    """Raises Refused, naming the case types that the clinic has switched on and whose cases go to the group first."""
    known = [(id_, case_types.get(CaseTypeId(id_))) for id_ in sorted(clinic.case_types)]
    uses = [
        id_
        for id_, case_type in known
        if case_type is not None
        and group_key(clinic.id, group_at(clinic, case_type, adaptations)) == group.id
    ]
    if uses:
        raise Refused(group_in_use(uses))


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
