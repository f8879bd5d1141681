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


class ChangeGroup(AdminCommand):
    """A group shall be like this."""

    TYPE: ClassVar[str] = "admin.change-group.v1"

    clinic_id: HsaId
    group_id: Slug
    expected_version: int
    wish: GroupWish
