"""Commands about portals."""

from typing import ClassVar

from pydantic import Field

from services.admin.application.commands import AdminCommand
from services.admin.application.portals.wishes import NewPortal, PortalWish
from shared.contracts.message import Slug


class CreatePortal(AdminCommand):
    """A new portal. Only the keyed hash of its secret gets this far."""

    TYPE: ClassVar[str] = "admin.create-portal.v1"

    wish: NewPortal
    secret_hash: str = Field(description="HMAC, in hexadecimal")


class ChangePortal(AdminCommand):
    """A portal shall be like this."""

    TYPE: ClassVar[str] = "admin.change-portal.v1"

    portal_id: Slug
    expected_version: int
    wish: PortalWish


class RotateSecret(AdminCommand):
    """A portal gets a new secret."""

    TYPE: ClassVar[str] = "admin.rotate-secret.v1"

    portal_id: Slug
    expected_version: int
    secret_hash: str = Field(description="HMAC, in hexadecimal")
