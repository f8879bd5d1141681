"""HTTP: clinics and case types."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from services.admin.application.commands import ChangeClinic, CreateClinic, PublishCaseType
from services.admin.application.faults import not_found
from services.admin.application.policy import Act
from services.admin.application.views import (
    CaseTypeLine,
    CaseTypeView,
    ClinicView,
    case_type_view,
    clinic_view,
)
from services.admin.application.wishes import CaseTypeWish, ClinicWish, NewClinic
from services.admin.entrypoints.asking import PROBLEMS, Asking, tag
from shared.contracts.message import HsaId, Slug
from shared.http.commands import VersionSeen


def clinic_routes(asking: Asking) -> APIRouter:
    """Routes about clinics."""
    routes = APIRouter(prefix="/clinics", tags=["clinics"], responses=PROBLEMS)

    @routes.get("", response_model=list[ClinicView])
    async def list_clinics(request: Request) -> Any:
        """All clinics, for every member of staff."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        return [clinic_view(clinic) for clinic in await asking.directory.clinics()]

    @routes.get("/{clinic_id}", response_model=ClinicView)
    async def read_clinic(request: Request, response: Response, clinic_id: HsaId) -> Any:
        """One clinic; its version as ETag."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        found = await asking.directory.clinics(clinic_id)
        if not found:
            raise not_found("clinic_id")
        tag(response, found[0].version)
        return clinic_view(found[0])

    @routes.post("", response_model=ClinicView, status_code=201)
    async def create(request: Request, response: Response, wish: NewClinic) -> Any:
        """Create a clinic (regional and national administrators)."""
        response.headers["Location"] = f"/clinics/{wish.clinic_id}"
        return await asking.perform(request, response, CreateClinic(wish=wish), line=wish.clinic_id)

    @routes.put("/{clinic_id}", response_model=ClinicView)
    async def change(
        request: Request, response: Response, clinic_id: HsaId, version: VersionSeen, wish: ClinicWish
    ) -> Any:
        """Change name, activity, distribution, claiming and case types, all at once (its administrators)."""
        command = ChangeClinic(clinic_id=clinic_id, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=clinic_id)

    return routes


def case_type_routes(asking: Asking) -> APIRouter:
    """Routes about case types."""
    routes = APIRouter(prefix="/case-types", tags=["case types"], responses=PROBLEMS)

    @routes.get("", response_model=list[CaseTypeLine])
    async def list_case_types(request: Request) -> Any:
        """The newest version of each case type, without the forms."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        return [case_type_view(case_type).model_dump() for case_type in await asking.directory.case_types()]

    @routes.get("/{case_type}", response_model=CaseTypeView)
    async def read_case_type(request: Request, response: Response, case_type: Slug) -> Any:
        """The newest version of one case type, with its forms."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        found = await asking.directory.case_types(case_type)
        if not found:
            raise not_found("case_type")
        tag(response, found[0].version)
        return case_type_view(found[0])

    @routes.get("/{case_type}/versions", response_model=list[dict[str, Any]])
    async def list_versions(request: Request, case_type: Slug) -> Any:
        """Every version that was published, whole, oldest first, with who published it."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        return await asking.directory.case_type_versions(case_type)

    @routes.post("/{case_type}/versions", response_model=CaseTypeView, status_code=201)
    async def publish(
        request: Request,
        response: Response,
        case_type: Annotated[Slug, Path()],
        version: VersionSeen,
        wish: CaseTypeWish,
    ) -> Any:
        """Publish the next version; `If-Match: "0"` where there is none yet (regional and national administrators)."""
        command = PublishCaseType(case_type=case_type, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=case_type)

    return routes
