"""Whether a clinic takes a case of a type from this citizen today: what its owner, the region and the clinic say."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.intake.domain import faults
from services.intake.domain.grant import EVERY_TYPE
from services.intake.domain.neighbours import STOCKHOLM, CaseType, Clinic
from shared.contracts.case_types import (
    Adaptable,
    AdaptableField,
    Adaptation,
    CaseTypeOwner,
    Owner,
    Pause,
    adaptation_id,
    effective_fields,
)
from shared.faults import Fault


@dataclass(slots=True)
class Adapted:
    """How a place wants a type to be. `id` is `adaptation_id`."""

    id: str
    version: int
    adaptation: Mapping[str, Any]
    readable: bool = True

    def denied(self) -> "Adapted":
        """As long as nobody can read what is true of it."""
        return replace(self, readable=False)


def places_of(clinic: Clinic) -> list[Owner]:
    """Who adapts types for a clinic, from the highest level to the lowest."""
    region = [Owner(kind=CaseTypeOwner.REGION, place=clinic.region)] if clinic.region else []
    return [*region, Owner(kind=CaseTypeOwner.CLINIC, place=clinic.id)]


def adaptation_ids(clinic: Clinic, case_type: str) -> list[str]:
    """What the adaptations of a type that concern a clinic are known by."""
    return [adaptation_id(place, case_type) for place in places_of(clinic)]


@dataclass(frozen=True, slots=True)
class Offer:
    """A type at a clinic, as its owner, the region and the clinic together want it."""

    starts_on: date | None = None
    ends_on: date | None = None
    pause: Pause | None = None
    restricted: bool = False

    def is_open_on(self, today: date) -> bool:
        """Whether the day lies within its first and its last. Paused or not."""
        return (self.starts_on is None or self.starts_on <= today) and (
            self.ends_on is None or today <= self.ends_on
        )


_ALWAYS_OPEN = Offer()


def offer_of(case_type: CaseType, clinic: Clinic, adaptations: Mapping[str, Adapted]) -> Offer | None:
    """What counts of all that is said; None where somebody's word can't be read.

    Among the adaptations may be those of other clinics and types.
    """
    found = [
        (place, adapted)
        for place in places_of(clinic)
        if (adapted := adaptations.get(adaptation_id(place, case_type.id))) is not None
    ]
    if any(not adapted.readable for _, adapted in found):
        return None
    if not case_type.limits and not found:
        return _ALWAYS_OPEN
    layers = [(place, Adaptation.model_validate(adapted.adaptation)) for place, adapted in found]
    owner = Owner.model_validate(case_type.limits.get("owner", {}))
    said = effective_fields(Adaptable.model_validate(case_type.limits), owner, layers)
    return Offer(
        said[AdaptableField.STARTS_ON].value,
        said[AdaptableField.ENDS_ON].value,
        said[AdaptableField.PAUSE].value,
        any(layer.restricted for _, layer in layers),
    )


def faults_in_offer(
    case_type: CaseType,
    clinic: Clinic,
    adaptations: Mapping[str, Adapted],
    born_on: date | None,
    granted: Collection[str],
    now: datetime,
) -> Iterable[Fault]:
    """Why not. Nothing for what is open to the citizen, which is what most are.

    `granted` is what the clinic has given them. Who has been given a type may write it also where others need to be
    approved.
    """
    if clinic.approved_citizens_only and not {EVERY_TYPE, case_type.id}.intersection(granted):
        yield faults.CITIZEN_NOT_APPROVED
    today = now.astimezone(STOCKHOLM).date()
    if born_on is not None and not _is_of_age(case_type.limits, born_on, today):
        yield faults.outside_ages(*_ages(case_type.limits))
    if not case_type.limits and not adaptations:
        return
    offer = offer_of(case_type, clinic, adaptations)
    if offer is None:
        yield faults.CASE_TYPE_OFF
        return
    if offer.starts_on is not None and today < offer.starts_on:
        yield faults.not_yet_open(offer.starts_on)
    if offer.ends_on is not None and today > offer.ends_on:
        yield faults.CASE_TYPE_ENDED
    if offer.pause is not None and offer.pause.holds(now):
        yield faults.paused(offer.pause.message.sv, offer.pause.message.in_language("en"))
    if offer.restricted and case_type.id not in granted:
        yield faults.CASE_TYPE_RESTRICTED


def _ages(limits: Mapping[str, Any]) -> tuple[int | None, int | None]:
    age = limits.get("age") or {}
    return age.get("least"), age.get("most")


def _is_of_age(limits: Mapping[str, Any], born_on: date, today: date) -> bool:
    least, most = _ages(limits)
    age = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    return (least is None or age >= least) and (most is None or age <= most)
