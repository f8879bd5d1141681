"""Commands about groups."""

from typing import ClassVar

from services.admin.application.commands import AdminCommand
from services.admin.application.groups.wishes import GroupWish, NewGroup
from shared.contracts.message import HsaId, Slug


class CreateGroup(AdminCommand):
    """A new group."""

    TYPE: ClassVar[str] = "admin.create-group.v1"

    clinic_id: HsaId
    wish: NewGroup


class GroupCommand(AdminCommand):
    """Something about one group."""

    clinic_id: HsaId
    group_id: Slug
    expected_version: int


class ChangeGroup(GroupCommand):
    """A group shall be like this."""

    TYPE: ClassVar[str] = "admin.change-group.v1"

    wish: GroupWish


class RemoveGroup(GroupCommand):
    """There shall be no such group any more."""

    TYPE: ClassVar[str] = "admin.remove-group.v1"
