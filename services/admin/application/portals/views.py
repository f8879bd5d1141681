"""How portals are shown."""

from datetime import datetime

from pydantic import Field

from services.admin.application.views import View
from services.admin.domain.portal import Portal, SecretState
from shared.contracts.events.admin import PortalKind, Scope


class PortalView(View):
    """A portal, without its secret."""

    portal_id: str
    name: str
    active: bool
    kind: PortalKind
    scopes: list[Scope]
    requests_per_minute: int = Field(description="To each process of intake")
    secret_expires_at: datetime
    secret_state: SecretState = Field(description="`expiring` in its last 30 days: time for a new one")
    former_secret_until: datetime | None = Field(description="Until when the one before counts as well")
    last_used_at: datetime | None = Field(
        default=None, description="When it last asked for a token, to a minute; null: never, or not told here"
    )


class PortalSecretView(PortalView):
    """A portal with a new secret, which is shown this once."""

    secret: str


def portal_view(portal: Portal, now: datetime, last_used_at: datetime | None = None) -> PortalView:
    """Show a portal."""
    return PortalView(
        portal_id=portal.id,
        version=portal.version,
        changed_by=portal.changed_by,
        changed_at=portal.changed_at,
        name=portal.name,
        active=portal.active,
        kind=portal.kind,
        scopes=sorted(portal.scopes),
        requests_per_minute=portal.per_minute,
        secret_expires_at=portal.secret_expires_at,
        secret_state=portal.secret_state(now),
        former_secret_until=portal.former_until if portal.former_until > now else None,
        last_used_at=last_used_at,
    )
