"""The one route: what became of a mail, for the person whom it was sent to."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.notify.adapters.reading import NotificationReader
from services.notify.application.policy import SEE_NOTIFICATION, may
from shared.errors import NotFound
from shared.faults import Fault
from shared.http.json import json_response
from shared.messaging.heard import Freshness
from shared.security.tokens import Actor

UNKNOWN = Fault(
    "notification_id",
    "unknown",
    "Det finns ingen sådan avisering. Kontrollera länken.",
    "There is no such notification. Check the link.",
)


def notification_routes(
    actor_of: Callable[[Request], Awaitable[Actor]], reader: NotificationReader, freshness: Freshness | None
) -> APIRouter:
    """The routes. A foreign id is answered like one that does not exist."""
    router = APIRouter()

    @router.get("/notifications/{notification_id}")
    async def notification(notification_id: UUID, request: Request) -> Response:
        actor = await actor_of(request)
        if freshness is not None:
            freshness.must_be_fresh()
        found, member = await reader.read(notification_id, actor.id)
        locked = member is None or member.locked
        if found is None or not may(actor.kind, actor.id, SEE_NOTIFICATION, found, locked=locked):
            raise NotFound(UNKNOWN)
        return json_response(
            {"id": str(found.id), "kind": found.kind, "state": found.state, "cases": found.cases}
        )

    return router
