"""Create portals, change them, give them new secrets."""

from datetime import datetime

from services.admin.application.faults import PORTAL_EXISTS, RESERVED_PORTAL, not_found
from services.admin.application.policy import Act, Subject, must
from services.admin.application.portals.commands import ChangePortal, CreatePortal, RotateSecret
from services.admin.application.portals.views import PortalView, portal_view
from services.admin.application.portals.wishes import NewPortal, PortalWish
from services.admin.application.ports import Portals
from services.admin.domain.account import Account
from services.admin.domain.portal import FOR_SYSTEMS, OVERLAP, Portal
from shared.contracts.events.admin import PortalKind, Scope
from shared.contracts.ids import PortalId
from shared.errors import Conflict, Refused

RESERVED = frozenset({"case"})
"""`intake.case.events` is intake's own: a portal of that name would have its neighbour topics."""


def create_portal(
    command: CreatePortal, actor: Account | None, portals: Portals, now: datetime
) -> PortalView:
    """A portal joins the region."""
    must(actor, Act.CREATE_PORTAL, Subject())
    portal_id = PortalId(command.wish.portal_id)
    if portal_id in RESERVED:
        raise Refused(RESERVED_PORTAL)
    if portals.get(portal_id) is not None:
        raise Conflict(PORTAL_EXISTS)
    portal = new_portal(command.wish)
    portal.get_secret(bytes.fromhex(command.secret_hash), now)
    portal.publish(command.actor, now)
    portals.add(portal)
    return portal_view(portal, now)


def change_portal(
    command: ChangePortal, actor: Account | None, portal: Portal | None, now: datetime
) -> PortalView:
    """Another name, on and off, other scopes or another rate."""
    must(actor, Act.CHANGE_PORTAL, Subject())
    if portal is None:
        raise not_found("portal_id")
    portal.expect_version(command.expected_version)
    take_over(portal, command.wish)
    portal.publish(command.actor, now)
    return portal_view(portal, now)


def rotate_secret(
    command: RotateSecret, actor: Account | None, portal: Portal | None, now: datetime
) -> PortalView:
    """A new secret; the present one counts for an hour more."""
    must(actor, Act.CHANGE_PORTAL, Subject())
    if portal is None:
        raise not_found("portal_id")
    portal.expect_version(command.expected_version)
    portal.rotate(bytes.fromhex(command.secret_hash), now, overlap=OVERLAP)
    portal.publish(command.actor, now)
    return portal_view(portal, now)


def new_portal(wish: NewPortal) -> Portal:
    """As it is wished, with all scopes that are for its kind unless it says which; without a secret."""
    portal = Portal(PortalId(wish.portal_id), wish.name, kind=wish.kind)
    portal.allow(FOR_SYSTEMS if wish.kind is PortalKind.SYSTEM else frozenset(Scope))
    take_over(portal, wish)
    return portal


def take_over(portal: Portal, wish: PortalWish) -> None:
    """Make the portal as it is wished; publishing is the caller's. Raises Refused, and then nothing has changed."""
    if wish.scopes is not None:
        portal.allow(wish.scopes)
    portal.name, portal.active = wish.name, wish.active
    if wish.requests_per_minute is not None:
        portal.per_minute = wish.requests_per_minute
