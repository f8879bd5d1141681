"""Commands about groups, and their use cases."""

from typing import Any

from services.admin.application.groups.changes import change_group, create_group
from services.admin.application.groups.commands import ChangeGroup, CreateGroup
from services.admin.domain.group import group_key
from services.admin.entrypoints.handling.keys import ACTOR, body
from shared.messaging.arrival import Arrival
from shared.messaging.handlers import on, row, rows


def _new_key(arrival: Arrival, _: Any) -> str:
    return group_key(body(arrival).clinic_id, body(arrival).wish.group_id)


def _key(arrival: Arrival, _: Any) -> str:
    return group_key(body(arrival).clinic_id, body(arrival).group_id)


_MEMBERS = rows("accounts", lambda a, _: list(body(a).wish.members))

GROUPS = (
    on(
        CreateGroup,
        create_group,
        actor=ACTOR,
        clinics=rows("clinics", "clinic_id"),
        groups=rows("groups", _new_key),
        accounts=_MEMBERS,
    ),
    on(ChangeGroup, change_group, actor=ACTOR, group=row("groups", _key), accounts=_MEMBERS),
)
