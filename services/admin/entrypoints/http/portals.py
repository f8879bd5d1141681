"""HTTP: portals and their secrets."""

from typing import Any

from fastapi import APIRouter, Request, Response

from services.admin.adapters.portal_use import PortalUse
from services.admin.adapters.secrets import PortalSecrets
from services.admin.application.commands import AdminCommand
from services.admin.application.faults import not_found
from services.admin.application.policy import Act
from services.admin.application.portals.commands import ChangePortal, CreatePortal, RotateSecret
from services.admin.application.portals.views import PortalSecretView, PortalView, portal_view
from services.admin.application.portals.wishes import NewPortal, PortalWish
from services.admin.entrypoints.asking import PROBLEMS, Asking, tag
from shared.clock import Clock
from shared.contracts.message import Slug
from shared.http.commands import VersionSeen


def portal_routes(asking: Asking, secrets: PortalSecrets, use: PortalUse, clock: Clock) -> APIRouter:
    """Routes about portals (regional and national administrators)."""
    routes = APIRouter(prefix="/portals", tags=["portals"], responses=PROBLEMS)

    async def secret_for(request: Request, portal_id: str, version: int) -> str:
        """A new secret; for the repeat of the same request the same one."""
        actor = await asking.staff(request)
        key = request.headers.get("idempotency-key", "").strip('"')
        return secrets.new(actor.id, key, portal_id, str(version)) if key else secrets.new()

    @routes.get("", response_model=list[PortalView])
    async def list_portals(request: Request) -> Any:
        """All portals and systems; never their secrets, but when those end, and when they were last used."""
        await asking.reader(request, Act.SEE_PORTALS)
        used, now = await use.last(), clock()
        portals = await asking.directory.portals()
        return [portal_view(portal, now, used.get(portal.id)) for portal in portals]

    @routes.get("/{portal_id}", response_model=PortalView)
    async def read_portal(request: Request, response: Response, portal_id: Slug) -> Any:
        """One portal; its version as ETag."""
        await asking.reader(request, Act.SEE_PORTALS)
        found = await asking.directory.portals(portal_id)
        if not found:
            raise not_found("portal_id")
        tag(response, found[0].version)
        used = await use.last(portal_id)
        return portal_view(found[0], clock(), used.get(portal_id))

    @routes.post("", response_model=PortalSecretView, status_code=201)
    async def create(request: Request, response: Response, wish: NewPortal) -> Any:
        """Create a portal. Its secret is in the answer, and nowhere else. Its topics are provisioned by `deploy`."""
        secret = await secret_for(request, wish.portal_id, 0)
        hashed = secrets.hash_of(wish.portal_id, secret).hex()
        response.headers["Location"] = f"/portals/{wish.portal_id}"
        command = CreatePortal(wish=wish, secret_hash=hashed)
        return await with_secret(request, response, command, wish.portal_id, secret)

    @routes.put("/{portal_id}", response_model=PortalView)
    async def change(
        request: Request, response: Response, portal_id: Slug, version: VersionSeen, wish: PortalWish
    ) -> Any:
        """Rename a portal, deactivate it or take it back, change its scopes or its rate."""
        command = ChangePortal(portal_id=portal_id, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=portal_id)

    @routes.post("/{portal_id}/secret", response_model=PortalSecretView, status_code=201)
    async def rotate(request: Request, response: Response, portal_id: Slug, version: VersionSeen) -> Any:
        """A new secret, shown once; the former one counts for one hour more."""
        secret = await secret_for(request, portal_id, version)
        hashed = secrets.hash_of(portal_id, secret).hex()
        command = RotateSecret(portal_id=portal_id, expected_version=version, secret_hash=hashed)
        return await with_secret(request, response, command, portal_id, secret)

    async def with_secret(
        request: Request, response: Response, command: AdminCommand, portal_id: str, secret: str
    ) -> dict[str, Any]:
        """The batch runner, and the answers that it keeps, never see the secret."""
        answer = await asking.perform(request, response, command, line=portal_id)
        return {**answer, "secret": secret}

    return routes
