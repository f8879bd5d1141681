"""Commands about portals, and their use cases."""

from typing import Any

from services.admin.application.portals.changes import change_portal, create_portal, rotate_secret
from services.admin.application.portals.commands import ChangePortal, CreatePortal, RotateSecret
from services.admin.entrypoints.handling.keys import ACTOR, body
from shared.messaging.arrival import Arrival
from shared.messaging.handlers import on, row, rows


def _wished_portal(arrival: Arrival, _: Any) -> str:
    portal_id: str = body(arrival).wish.portal_id
    return portal_id


PORTALS = (
    on(CreatePortal, create_portal, actor=ACTOR, portals=rows("portals", _wished_portal)),
    on(ChangePortal, change_portal, actor=ACTOR, portal=row("portals", "portal_id")),
    on(RotateSecret, rotate_secret, actor=ACTOR, portal=row("portals", "portal_id")),
)
