"""What admin tells: whole states, of which the newest counts. The rows see to that."""

from datetime import datetime
from typing import Any

from services.intake.application.ports import (
    Adaptations,
    CaseTypes,
    ClinicPages,
    Clinics,
    Colleagues,
    Forms,
    Keys,
    Portals,
)
from services.intake.domain.neighbours import CaseType, Clinic, Portal, Staff
from services.intake.domain.offering import Adapted
from services.intake.domain.page import SHOWN, ClinicPage
from shared.contracts.events.admin import (
    CaseTypeAdaptationPublished,
    CaseTypePublished,
    ClinicPublished,
    PortalPublished,
    StaffAccountPublished,
)
from shared.contracts.permissions import ends_of
from shared.messaging.states import StateUnreadable


def learn_clinic(fact: ClinicPublished, clinics: Clinics, pages: ClinicPages, now: datetime) -> None:
    """A clinic as it is now, and apart from that what is only shown: decisions are spared from reading it."""
    closing = (fact.closing.sv, fact.closing.in_language("en"))
    area = fact.settings.service_area.model_dump(mode="json", exclude={"municipalities"}, exclude_none=True)
    clinics.add(
        Clinic(
            fact.clinic_id,
            fact.version,
            fact.active,
            sorted(fact.case_types),
            fact.name,
            *closing,
            fact.region,
            fact.settings.approved_citizens_only,
            area,
        )
    )
    texts = fact.model_dump(mode="json", include={"information", "terms"})
    shown = fact.settings.model_dump(mode="json", include=set(SHOWN))
    pages.add(ClinicPage(fact.clinic_id, fact.version, shown | texts))


def learn_staff(fact: StaffAccountPublished, staff: Colleagues, now: datetime) -> None:
    """A staff account as it is now."""
    permissions = {part.clinic_id: sorted(part.roles) for part in fact.permissions}
    locked = fact.locked is not None
    staff.add(
        Staff(
            fact.staff_id,
            fact.version,
            fact.name,
            fact.title,
            fact.signature,
            locked,
            permissions,
            fact.sign_as_clinic,
            ends_of(fact.permissions),
        )
    )


def learn_portal(fact: PortalPublished, portals: Portals, now: datetime) -> None:
    """A portal as it is now."""
    portals.add(Portal(fact.portal_id, fact.version, fact.active, fact.scopes))


def learn_case_type(fact: CaseTypePublished, case_types: CaseTypes, forms: Forms, now: datetime) -> None:
    """A version of a case type. Cases keep the version that they came with; new ones get the newest."""
    names = (fact.name_sv, fact.name_en)
    case_types.add(CaseType(fact.case_type, fact.version, fact.at, fact.active, *names, limits_of(fact)))
    forms.publish(fact)


def learn_adaptation(fact: CaseTypeAdaptationPublished, adaptations: Adaptations, now: datetime) -> None:
    """How a region or a clinic wants a case type to be."""
    adaptations.add(Adapted(fact.key(), fact.version, fact.adaptation.model_dump(mode="json")))


def limits_of(fact: CaseTypePublished) -> dict[str, Any]:
    """When and to whom the type is open; nothing where it is open always and to everybody."""
    stated = fact.model_dump(mode="json", include={"starts_on", "ends_on", "age", "locked"})
    if not any(value for name, value in stated.items() if name != "age") and not any(stated["age"].values()):
        return {}
    return stated | {"owner": fact.owner.model_dump(mode="json")}


def deny_entity(
    fact: StateUnreadable,
    portals: Portals,
    clinics: Clinics,
    staff: Colleagues,
    adaptations: Adaptations,
    case_types: CaseTypes,
    keys: Keys,
    now: datetime,
) -> bool:
    """Nobody can read what is true of it now: it may nothing until a state comes that can be read."""
    known = [rows.deny(fact.entity) for rows in (portals, clinics, staff, adaptations, case_types, keys)]
    return any(known)
