"""How clients say what a portal shall be like."""

from pydantic import Field

from services.admin.application.wishes import Name, Wish
from services.admin.domain.portal import USUAL_RATE
from shared.contracts.events.admin import PortalKind, Scope
from shared.contracts.message import Slug


class PortalWish(Wish):
    """How a portal shall be."""

    name: Name = Field(description="What people call it")
    active: bool = Field(default=True, description="False: its commands and its secret are refused")
    scopes: frozenset[Scope] | None = Field(
        default=None,
        description="What it may ask for; left out: as it is, for a new one all that is for its kind",
    )
    requests_per_minute: int | None = Field(
        default=None,
        ge=6,
        le=600_000,
        description=f"To each process of intake; left out: as it is, {USUAL_RATE} for a new one",
    )


class NewPortal(PortalWish):
    """A portal that does not exist yet."""

    portal_id: Slug = Field(description="Its topics carry it")
    kind: PortalKind = Field(
        default=PortalKind.PORTAL, description="A system speaks for no citizen: it reads the catalogue"
    )
