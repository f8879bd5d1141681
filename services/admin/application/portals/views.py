"""How portals are shown."""

from services.admin.application.views import View
from services.admin.domain.portal import Portal


class PortalView(View):
    """A portal, without its secret."""

    portal_id: str
    name: str
    active: bool


class PortalSecretView(PortalView):
    """A portal with a new secret, which is shown this once."""

    secret: str


def portal_view(portal: Portal) -> PortalView:
    """Show a portal."""
    return PortalView(
        portal_id=portal.id,
        version=portal.version,
        changed_by=portal.changed_by,
        changed_at=portal.changed_at,
        name=portal.name,
        active=portal.active,
    )
