"""Commands about case types, and their use cases."""

from typing import Any

from services.admin.adapters.work import AdminWork
from services.admin.application.catalogue.adapting import (
    activate_case_type,
    adapt_case_type,
    clinic_of,
    region_of,
)
from services.admin.application.catalogue.commands import ActivateCaseType, AdaptCaseType, PublishCaseType
from services.admin.application.catalogue.kind import CASE_TYPES
from services.admin.application.catalogue.publishing import publish_case_type
from services.admin.application.documents.drafts import publish_draft
from services.admin.domain.group import group_key
from services.admin.entrypoints.handling.documents import document_lines
from services.admin.entrypoints.handling.keys import ACTOR, body
from shared.contracts.case_types import adaptation_id
from shared.messaging.arrival import Arrival
from shared.messaging.handlers import on, row, rows


def _of_region(arrival: Arrival, _: Any) -> list[str]:
    command = body(arrival)
    return [adaptation_id(region_of(command.region), command.case_type)]


def _of_clinic_and_region(arrival: Arrival, work: AdminWork) -> list[str]:
    """The clinic's own, and its region's: clinics are loaded before."""
    command = body(arrival)
    clinic = work.clinics.get(command.clinic_id)
    places = [clinic_of(command.clinic_id), *([region_of(clinic.region)] if clinic is not None else [])]
    return [adaptation_id(place, command.case_type) for place in places]


def _default_group(arrival: Arrival, _: Any) -> list[str]:
    """The group that cases shall go to first, if any."""
    command = body(arrival)
    routing = command.wish.routing
    return [group_key(command.clinic_id, routing.group)] if routing is not None and routing.group else []


CATALOGUE = (
    *document_lines(CASE_TYPES),
    on(CASE_TYPES.commands.publish, publish_draft, actor=ACTOR, document=row("case_types", "id")),
    on(PublishCaseType, publish_case_type, actor=ACTOR, documents=rows("case_types", "id")),
    on(
        AdaptCaseType,
        adapt_case_type,
        actor=ACTOR,
        case_type=row("case_types", "case_type"),
        adaptations=rows("adaptations", _of_region),
    ),
    on(
        ActivateCaseType,
        activate_case_type,
        actor=ACTOR,
        clinics=rows("clinics", "clinic_id"),
        case_type=row("case_types", "case_type"),
        groups=rows("groups", _default_group),
        adaptations=rows("adaptations", _of_clinic_and_region),
    ),
)
