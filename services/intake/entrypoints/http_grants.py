"""Routes for receivers and administrators of a clinic: which citizens it has approved, or given a case type."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, Query, Request
from starlette.responses import Response

from services.intake.application.commands import GrantCitizen, ListGrants, RevokeGrant
from services.intake.domain.grant import EVERY_TYPE
from services.intake.entrypoints.bodies import NewGrant
from shared.contracts.message import HsaId, Message
from shared.http.commands import ActorOf, Commands
from shared.http.json import json_response
from shared.security.tokens import Actor

LARGEST_PAGE = 200
After = Annotated[UUID, Query(description="`next` of the page before")]
Size = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Grants of a page")]
_FIRST = UUID(int=0)


def add_grants(app: FastAPI, staff: ActorOf, commands: Commands) -> None:
    """The three routes. `staff` finds out who asks."""

    async def told(request: Request, command: Message, actor: Actor, clinic_id: str) -> Response:
        found: dict[str, Any] = await commands.perform(request, command, actor, line=f"grants:{clinic_id}")
        return json_response(found, headers={"Cache-Control": "no-store"})

    @app.get("/clinics/{clinic_id}/grants")
    async def grants(
        request: Request,
        clinic_id: HsaId,
        after: After = _FIRST,
        size: Size = 100,
        *,
        actor: Actor = Depends(staff),
    ) -> Response:
        """Whom the clinic has approved or given a case type (its receivers and administrators). Each row is logged."""
        command = ListGrants(actor=actor.id, clinic_id=clinic_id, after=after, size=size)
        return await told(request, command, actor, clinic_id)

    @app.post("/clinics/{clinic_id}/grants")
    async def give(
        request: Request, clinic_id: HsaId, body: NewGrant, *, actor: Actor = Depends(staff)
    ) -> Response:
        """Approve a citizen, or give them a case type; the same twice is one grant, and a new last day changes it."""
        wish = {"case_type": body.case_type or EVERY_TYPE, "citizen": body.citizen, "until": body.until}
        command = GrantCitizen(actor=actor.id, clinic_id=clinic_id, **wish)
        return await told(request, command, actor, clinic_id)

    @app.delete("/clinics/{clinic_id}/grants/{grant_id}")
    async def revoke(
        request: Request, clinic_id: HsaId, grant_id: UUID, *, actor: Actor = Depends(staff)
    ) -> Response:
        """Take a grant back. New cases are refused at once; those that have come already stay."""
        command = RevokeGrant(actor=actor.id, clinic_id=clinic_id, grant_id=grant_id)
        return await told(request, command, actor, clinic_id)
