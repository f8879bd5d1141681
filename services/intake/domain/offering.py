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
    effective_values,
)
from shared.contracts.clinic_settings import Sex
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
    layers = _layers(case_type.id, clinic, adaptations)
    if layers is None:
        return None
    if not case_type.limits and not layers:
        return _ALWAYS_OPEN
    said = _effective(case_type.limits, layers)
    return Offer(
        said[AdaptableField.STARTS_ON],
        said[AdaptableField.ENDS_ON],
        said[AdaptableField.PAUSE],
        any(layer.restricted for _, layer in layers),
    )


def said_of(
    said: Mapping[str, Any], case_type: str, clinic: Clinic, adaptations: Mapping[str, Adapted]
) -> dict[str, Any]:
    """What a version says beside its forms, as it counts at the clinic; nothing where somebody's word can't be read."""
    layers = _layers(case_type, clinic, adaptations)
    return {} if layers is None else _effective(said, layers)


def _layers(
    case_type: str, clinic: Clinic, adaptations: Mapping[str, Adapted]
) -> list[tuple[Owner, Adaptation]] | None:
    """Who adapts the type for the clinic, from the highest level to the lowest; None where a word can't be read."""
    found = [
        (place, adapted)
        for place in places_of(clinic)
        if (adapted := adaptations.get(adaptation_id(place, case_type))) is not None
    ]
    if any(not adapted.readable for _, adapted in found):
        return None
    return [(place, Adaptation.model_validate(adapted.adaptation)) for place, adapted in found]


def _effective(said: Mapping[str, Any], layers: list[tuple[Owner, Adaptation]]) -> dict[str, Any]:
    owner = Owner.model_validate(said.get("owner", {}))
    return effective_values(effective_fields(Adaptable.model_validate(said), owner, layers))


@dataclass(frozen=True, slots=True)
class Traits:
    """What an identity number tells of a citizen; None where it doesn't."""

    born_on: date | None
    sex: Sex | None


def faults_in_offer(
    case_type: CaseType,
    clinic: Clinic,
    adaptations: Mapping[str, Adapted],
    citizen: Traits,
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
    if clinic.service_area and not _is_in_area(clinic.service_area, citizen, today):
        yield faults.outside_service_area(*_area(clinic.service_area))
    ages = _ages(case_type.limits)
    if not _is_of_age(citizen, today, *ages):
        yield faults.outside_ages(*ages)
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


def _area(area: Mapping[str, Any]) -> tuple[Sex | None, int | None, int | None]:
    sex = area.get("sex")
    return None if sex is None else Sex(sex), area.get("age_from"), area.get("age_to")


def _is_in_area(area: Mapping[str, Any], citizen: Traits, today: date) -> bool:
    """As far as the identity number tells."""
    sex, *ages = _area(area)
    return _is_of_age(citizen, today, *ages) and (None in (sex, citizen.sex) or sex == citizen.sex)


def _is_of_age(citizen: Traits, today: date, least: int | None, most: int | None) -> bool:
    born_on = citizen.born_on
    if born_on is None:
        return True
    age = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    return (least is None or age >= least) and (most is None or age <= most)
