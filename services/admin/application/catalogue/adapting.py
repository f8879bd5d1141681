"""Clinics switch case types on and adapt them, as far as nobody above has locked; regions do for their clinics."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from pydantic import BaseModel, Field

from services.admin.application.catalogue.adaptation_wishes import AdaptationWish
from services.admin.application.catalogue.commands import ActivateCaseType, AdaptCaseType
from services.admin.application.faults import not_found
from services.admin.application.policy import Act, Subject, must
from services.admin.application.ports import Adaptations, Clinics, Groups
from services.admin.application.views import View
from services.admin.domain.account import Account
from services.admin.domain.adaptation import AS_ABOVE, CaseTypeAdaptation
from services.admin.domain.case_type import CaseType
from services.admin.domain.clinic import Clinic
from services.admin.domain.group import group_key
from services.admin.domain.regions import NAMES
from shared.contracts.case_types import (
    AdaptableField,
    Adaptation,
    CaseTypeOwner,
    DefaultRouting,
    Effective,
    Owner,
    adaptation_id,
    effective_fields,
)
from shared.contracts.ids import ClinicId
from shared.errors import Refused
from shared.faults import Fault

_OWN_LEVEL = Fault(
    "",
    "own_level",
    "Ärendetypen är regionens egen. Ändra den i stället för att anpassa den.",
    "The case type is the region's own. Change it instead of adapting it.",
)


_NO_GROUP = Fault(
    "routing.group",
    "unknown_group",
    "Mottagningen har ingen sådan grupp. Skapa gruppen först, eller välj en annan.",
    "The clinic has no such group. Make the group first, or choose another.",
)


class Known(Protocol):
    """Adaptations by their ids."""

    def get(self, key: str, /) -> CaseTypeAdaptation | None:
        """The adaptation, or None where there is none."""


class AdaptationView(View):
    """How a place wants a type to be."""

    case_type: str
    place: Owner
    on: bool | None = Field(default=None, description="At a clinic: whether it is switched on")
    adaptation: Adaptation


class EffectiveField(BaseModel):
    """What counts, whose word it is, and who has locked it."""

    value: Any
    origin: Owner
    locked_by: Owner | None = Field(description="Who has locked it for this place, or null")
    why_sv: str = Field(default="", description="In words, where it is locked")
    why_en: str = ""


class EffectiveView(BaseModel):
    """What counts at a clinic."""

    case_type: str
    clinic_id: str
    on: bool
    restricted: bool = Field(description="Only for citizens to whom the clinic has granted the type")
    fields: dict[AdaptableField, EffectiveField]


def adapt_case_type(
    command: AdaptCaseType,
    actor: Account | None,
    case_type: CaseType | None,
    adaptations: Adaptations,
    now: datetime,
) -> AdaptationView:
    """How the region's clinics find a national type, and what they can't change about it."""
    must(actor, Act.ADAPT_CASE_TYPE, Subject(region=command.region))
    place = region_of(command.region)
    if case_type is None or not case_type.version or not case_type.is_for("", command.region):
        raise not_found("case_type")
    if case_type.owner.kind is not CaseTypeOwner.NATIONAL:
        raise Refused(_OWN_LEVEL)
    locks = locks_above(case_type, place, adaptations)
    present = adaptations.get(adaptation_id(place, case_type.id))
    adaptation = _settled(present, place, case_type.id, command.expected_version)
    wanted = allowed(command.wish, adaptation.adaptation, locks)
    return adaptation_view(_publish(adaptation, wanted, adaptations, present, command.actor, now))


def activate_case_type(
    command: ActivateCaseType,
    actor: Account | None,
    clinics: Clinics,
    case_type: CaseType | None,
    groups: Groups,
    adaptations: Adaptations,
    now: datetime,
) -> AdaptationView:
    """Switch a type on or off at a clinic, and say how it shall be there."""
    must(actor, Act.ADAPT_CASE_TYPE, Subject(frozenset({ClinicId(command.clinic_id)})))
    clinic = clinics.get(ClinicId(command.clinic_id))
    if clinic is None:
        raise not_found("clinic_id")
    if case_type is None or not case_type.version or not case_type.is_for(clinic.id, clinic.region):
        raise not_found("case_type")
    place = clinic_of(clinic.id)
    locks = locks_above(case_type, place, adaptations, clinic.region)
    present = adaptations.get(adaptation_id(place, case_type.id))
    adaptation = _settled(present, place, case_type.id, command.expected_version)
    wanted = allowed(command.wish, adaptation.adaptation, locks)
    _must_have_its_group(wanted, clinic, groups)
    _publish(adaptation, wanted, adaptations, present, command.actor, now)
    _switch(clinic, case_type.id, command.wish.on, command.actor, now)
    return adaptation_view(adaptation, command.wish.on)


def effective_view(clinic: Clinic, case_type: CaseType, adaptations: Known) -> EffectiveView:
    """Each field with the value that counts at the clinic, whose word it is, and why it can't be changed."""
    layers = _layers(clinic, case_type, adaptations)
    fields = effective_fields(case_type.said(), case_type.owner, layers)
    return EffectiveView(
        case_type=case_type.id,
        clinic_id=clinic.id,
        on=case_type.id in clinic.case_types,
        restricted=any(layer.restricted for _, layer in layers),
        fields={field: _shown(found, clinic.id) for field, found in fields.items()},
    )


def group_at(clinic: Clinic, case_type: CaseType, adaptations: Known) -> str:
    """The group that the type's cases go to first at the clinic; empty: the clinic's queue."""
    layers = _layers(clinic, case_type, adaptations)
    routing: DefaultRouting = effective_fields(case_type.said(), case_type.owner, layers)[
        AdaptableField.ROUTING
    ].value
    return routing.group


def locks_above(
    case_type: CaseType, place: Owner, adaptations: Adaptations, region: str = ""
) -> dict[AdaptableField, Owner]:
    """What is locked for a place, and by whom: by the type's owner, and by the region between."""
    locks: dict[AdaptableField, Owner] = {}
    if case_type.owner != place:
        locks.update(dict.fromkeys(case_type.said().locked, case_type.owner))
    for above in _above(case_type, place, region):
        found = adaptations.get(adaptation_id(above, case_type.id))
        for field in found.adaptation.locked if found is not None else ():
            locks.setdefault(field, above)
    return locks


def allowed(wish: AdaptationWish, present: Adaptation, locks: Mapping[AdaptableField, Owner]) -> Adaptation:
    """What is wished. Raises Refused, naming who has locked it, for each locked field that would change."""
    wanted = wish.adaptation()
    changed = (field for field in locks if getattr(wanted, field) not in (None, getattr(present, field)))
    if faults := [locked_by(field, locks[field]) for field in sorted(changed)]:
        raise Refused(*faults)
    return wanted


def _layers(clinic: Clinic, case_type: CaseType, adaptations: Known) -> list[tuple[Owner, Adaptation]]:
    places = [*_above(case_type, clinic_of(clinic.id), clinic.region), clinic_of(clinic.id)]
    found = ((place, adaptations.get(adaptation_id(place, case_type.id))) for place in places)
    return [(place, layer.adaptation) for place, layer in found if layer is not None]


def _must_have_its_group(wanted: Adaptation, clinic: Clinic, groups: Groups) -> None:
    if wanted.routing is None or not wanted.routing.group:
        return
    group = groups.get(group_key(clinic.id, wanted.routing.group))
    if group is None or group.removed:
        raise Refused(_NO_GROUP)


def region_of(code: str) -> Owner:
    """A region as a place."""
    return Owner(kind=CaseTypeOwner.REGION, place=code)


def clinic_of(id_: str) -> Owner:
    """A clinic as a place."""
    return Owner(kind=CaseTypeOwner.CLINIC, place=id_)


def adaptation_view(adaptation: CaseTypeAdaptation, on: bool | None = None) -> AdaptationView:
    """Show an adaptation."""
    return AdaptationView(
        case_type=adaptation.case_type,
        place=adaptation.place,
        version=adaptation.version,
        changed_by=adaptation.changed_by,
        changed_at=adaptation.changed_at,
        on=on,
        adaptation=adaptation.adaptation,
    )


def _above(case_type: CaseType, place: Owner, region: str) -> list[Owner]:
    """The places between the type's owner and this one: the clinic's region, for a national type."""
    national = case_type.owner.kind is CaseTypeOwner.NATIONAL
    return [region_of(region)] if national and place.kind is CaseTypeOwner.CLINIC and region else []


def _settled(
    present: CaseTypeAdaptation | None, place: Owner, case_type: str, seen: int
) -> CaseTypeAdaptation:
    adaptation = present or CaseTypeAdaptation(adaptation_id(place, case_type), place, case_type, AS_ABOVE)
    adaptation.expect_version(seen)
    return adaptation


def _publish(
    adaptation: CaseTypeAdaptation,
    wanted: Adaptation,
    adaptations: Adaptations,
    present: CaseTypeAdaptation | None,
    by: str,
    at: datetime,
) -> CaseTypeAdaptation:
    adaptation.adaptation = wanted
    adaptation.publish(by, at)
    if present is None:
        adaptations.add(adaptation)
    return adaptation


def _switch(clinic: Clinic, case_type: str, on: bool, by: str, at: datetime) -> None:
    wanted = clinic.case_types | {case_type} if on else clinic.case_types - {case_type}
    if wanted != clinic.case_types:
        clinic.case_types = wanted
        clinic.publish(by, at)


def _shown(found: Effective, clinic_id: str) -> EffectiveField:
    locked = found.locked_by if found.locked_by != clinic_of(clinic_id) else None
    sv, en = _words(locked) if locked is not None else ("", "")
    return EffectiveField(
        value=found.value,
        origin=found.origin,
        locked_by=locked,
        why_sv=f"Låst av {sv}." if sv else "",
        why_en=f"Locked by {en}." if en else "",
    )


def locked_by(field: str, by: Owner) -> Fault:
    """A level above has decided."""
    sv, en = _words(by)
    return Fault(
        field,
        "locked",
        f"Uppgiften är låst av {sv} och kan inte ändras här. Ta bort den, eller be {sv} att låsa upp.",
        f"The field is locked by {en} and can't be changed here. Leave it out, or ask {en} to unlock it.",
    )


def _words(owner: Owner) -> tuple[str, str]:
    if owner.kind is CaseTypeOwner.NATIONAL:
        return "den nationella förvaltningen", "the national administration"
    if owner.kind is CaseTypeOwner.REGION:
        name = NAMES.get(owner.place, owner.place)
        return f"regionen ({name})", f"the region ({name})"
    return "mottagningen", "the clinic"
