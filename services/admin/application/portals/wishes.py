"""How clients say what a portal shall be like."""

from pydantic import Field

from services.admin.application.wishes import Name, Wish
from shared.contracts.message import Slug


class PortalWish(Wish):
    """How a portal shall be."""

    name: Name = Field(description="What people call it")
    active: bool = Field(default=True, description="False: its commands and its secret are refused")


class NewPortal(PortalWish):
    """A portal that does not exist yet."""

    portal_id: Slug = Field(description="Its topics carry it")
