"""HTTP: how regions and clinics adapt case types, and what then counts."""

from typing import Any

from fastapi import APIRouter, Request, Response

from services.admin.adapters.documents import DocumentReading
from services.admin.adapters.reading_by_id import ReadingById
from services.admin.application.catalogue.adaptation_wishes import ActivationWish, RegionalAdaptationWish
from services.admin.application.catalogue.adapting import (
    AdaptationView,
    EffectiveView,
    adaptation_view,
    clinic_of,
    effective_view,
    region_of,
)
from services.admin.application.catalogue.commands import ActivateCaseType, AdaptCaseType
from services.admin.application.clinics.wishes import Region
from services.admin.application.faults import not_found
from services.admin.application.policy import Act
from services.admin.domain.adaptation import CaseTypeAdaptation
from services.admin.domain.case_type import CaseType
from services.admin.domain.clinic import Clinic
from services.admin.entrypoints.asking import PROBLEMS, Asking, tag
from services.admin.entrypoints.http.clinics import known_clinic
from shared.contracts.case_types import Owner, adaptation_id
from shared.contracts.message import HsaId, Slug
from shared.http.commands import VersionSeen

Adaptations = ReadingById[CaseTypeAdaptation]


def adaptation_routes(asking: Asking, case_types: DocumentReading, adaptations: Adaptations) -> APIRouter:
    """Routes about case types at a place."""
    routes = APIRouter(tags=["case types"], responses=PROBLEMS)
    _at_clinics(routes, asking, case_types, adaptations)
    _in_regions(routes, asking, adaptations)
    return routes


def _at_clinics(
    routes: APIRouter, asking: Asking, case_types: DocumentReading, adaptations: Adaptations
) -> None:
    async def both(clinic_id: str, case_type: str) -> tuple[Clinic, CaseType]:
        clinic, found = await known_clinic(asking, clinic_id), await case_types.one(case_type)
        if isinstance(found, CaseType) and found.version and found.is_for(clinic_id, clinic.region):
            return clinic, found
        raise not_found("case_type")

    @routes.get("/clinics/{clinic_id}/case-types/{case_type}", response_model=AdaptationView)
    async def read(request: Request, response: Response, clinic_id: HsaId, case_type: Slug) -> Any:
        """What the clinic itself wants of a type, and whether it is on; its version as ETag, 0 before the first."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        clinic, _ = await both(clinic_id, case_type)
        present = await _present(adaptations, clinic_of(clinic_id), case_type)
        tag(response, present.version)
        return adaptation_view(present, case_type in clinic.case_types)

    @routes.get("/clinics/{clinic_id}/case-types/{case_type}/effective", response_model=EffectiveView)
    async def effective(request: Request, clinic_id: HsaId, case_type: Slug) -> Any:
        """What counts at the clinic, field by field: the value, whose word it is, who has locked it and why."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        clinic, found = await both(clinic_id, case_type)
        places = (region_of(clinic.region), clinic_of(clinic_id))
        known = await adaptations.all_of([adaptation_id(place, case_type) for place in places])
        return effective_view(clinic, found, known)

    @routes.put("/clinics/{clinic_id}/case-types/{case_type}", response_model=AdaptationView)
    async def activate(
        request: Request,
        response: Response,
        clinic_id: HsaId,
        case_type: Slug,
        version: VersionSeen,
        wish: ActivationWish,
    ) -> Any:
        """Switch a type on or off, pause it, adapt it (the clinic's administrators). `If-Match: "0"` the first time."""
        command = ActivateCaseType(
            clinic_id=clinic_id, case_type=case_type, expected_version=version, wish=wish
        )
        return await asking.perform(request, response, command, line=f"{clinic_id}/{case_type}")


def _in_regions(routes: APIRouter, asking: Asking, adaptations: Adaptations) -> None:
    @routes.get("/regions/{region}/case-types/{case_type}", response_model=AdaptationView)
    async def read(request: Request, response: Response, region: Region, case_type: Slug) -> Any:
        """What the region wants of a national type, and what it has locked; its version as ETag."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        present = await _present(adaptations, region_of(region), case_type)
        tag(response, present.version)
        return adaptation_view(present)

    @routes.put("/regions/{region}/case-types/{case_type}", response_model=AdaptationView)
    async def adapt(
        request: Request,
        response: Response,
        region: Region,
        case_type: Slug,
        version: VersionSeen,
        wish: RegionalAdaptationWish,
    ) -> Any:
        """Adapt a national type for the region's clinics, and lock fields for them (the region's administrators)."""
        command = AdaptCaseType(region=region, case_type=case_type, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=f"{region}/{case_type}")


async def _present(adaptations: Adaptations, place: Owner, case_type: str) -> CaseTypeAdaptation:
    id_ = adaptation_id(place, case_type)
    found = await adaptations.all_of([id_])
    return found.get(id_) or CaseTypeAdaptation(id_, place, case_type)
