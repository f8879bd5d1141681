"""Commands about clinics, and their use cases."""

from typing import Any

from services.admin.application.clinics.changes import change_clinic, create_clinic, move_clinic
from services.admin.application.clinics.commands import (
    ChangeClinic,
    ChangeSettings,
    CloseClinic,
    CreateClinic,
    DrainClinic,
    MoveClinic,
    OpenClinic,
    PublishText,
)
from services.admin.application.clinics.life import close_clinic, drain_clinic, open_clinic
from services.admin.application.clinics.settings import change_settings, publish_text
from services.admin.entrypoints.handling.keys import ACTOR, body
from shared.messaging.arrival import Arrival
from shared.messaging.handlers import on, row, rows


def _wished_clinic(arrival: Arrival, _: Any) -> str:
    clinic_id: str = body(arrival).wish.clinic_id
    return clinic_id


def _wished_types(arrival: Arrival, _: Any) -> list[str]:
    return list(body(arrival).wish.case_types)


def _first_administrator(arrival: Arrival, _: Any) -> list[str]:
    administrator = body(arrival).wish.administrator
    return [administrator.key] if administrator is not None else []


_CLINIC = row("clinics", "clinic_id")
_STAFFING = row("staffing", "clinic_id")

CLINICS = (
    on(
        CreateClinic,
        create_clinic,
        actor=ACTOR,
        accounts=rows("accounts", _first_administrator),
        clinics=rows("clinics", lambda a, w: [_wished_clinic(a, w)]),
        case_types=rows("case_types", _wished_types),
    ),
    on(MoveClinic, move_clinic, actor=ACTOR, clinic=_CLINIC),
    on(OpenClinic, open_clinic, actor=ACTOR, clinic=_CLINIC, staffing=_STAFFING),
    on(DrainClinic, drain_clinic, actor=ACTOR, clinic=_CLINIC),
    on(CloseClinic, close_clinic, actor=ACTOR, clinic=_CLINIC),
    on(ChangeSettings, change_settings, actor=ACTOR, clinic=_CLINIC),
    on(PublishText, publish_text, actor=ACTOR, clinic=_CLINIC),
    on(
        ChangeClinic,
        change_clinic,
        actor=ACTOR,
        clinic=_CLINIC,
        case_types=rows("case_types", _wished_types),
        staffing=_STAFFING,
    ),
)
