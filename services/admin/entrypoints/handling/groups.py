"""Commands about groups, and their use cases."""

from typing import Any

from services.admin.adapters.work import AdminWork
from services.admin.application.catalogue.adapting import clinic_of, region_of
from services.admin.application.groups.changes import change_group, create_group, remove_group
from services.admin.application.groups.commands import ChangeGroup, CreateGroup, RemoveGroup
from services.admin.domain.group import group_key
from services.admin.entrypoints.handling.keys import ACTOR, body
from shared.contracts.case_types import adaptation_id
from shared.messaging.arrival import Arrival
from shared.messaging.handlers import on, row, rows


def _new_key(arrival: Arrival, _: Any) -> str:
    return group_key(body(arrival).clinic_id, body(arrival).wish.group_id)


def _key(arrival: Arrival, _: Any) -> str:
    return group_key(body(arrival).clinic_id, body(arrival).group_id)


def _switched_on(arrival: Arrival, work: AdminWork) -> list[str]:
    """The clinic's case types: clinics are loaded before."""
    clinic = work.clinics.get(body(arrival).clinic_id)
    return sorted(clinic.case_types) if clinic is not None else []


def _as_adapted(arrival: Arrival, work: AdminWork) -> list[str]:
    """How the clinic and its region want those to be."""
    clinic = work.clinics.get(body(arrival).clinic_id)
    places = [clinic_of(clinic.id), region_of(clinic.region)] if clinic is not None else []
    return [adaptation_id(place, id_) for id_ in _switched_on(arrival, work) for place in places]


_MEMBERS = rows("accounts", lambda a, _: list(body(a).wish.members))
_WHERE_USED = {
    "clinic": row("clinics", "clinic_id"),
    "group": row("groups", _key),
    "case_types": rows("case_types", _switched_on),
    "adaptations": rows("adaptations", _as_adapted),
}

GROUPS = (
    on(
        CreateGroup,
        create_group,
        actor=ACTOR,
        clinics=rows("clinics", "clinic_id"),
        groups=rows("groups", _new_key),
        accounts=_MEMBERS,
    ),
    on(ChangeGroup, change_group, actor=ACTOR, accounts=_MEMBERS, **_WHERE_USED),
    on(RemoveGroup, remove_group, actor=ACTOR, **_WHERE_USED),
)
