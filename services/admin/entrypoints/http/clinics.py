"""HTTP: clinics."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.admin.application.clinics.commands import ChangeClinic, CreateClinic, MoveClinic
from services.admin.application.clinics.views import ClinicView, clinic_view
from services.admin.application.clinics.wishes import ClinicWish, Move, OpenedClinic
from services.admin.application.faults import not_found
from services.admin.application.policy import Act
from services.admin.domain.clinic import Clinic
from services.admin.entrypoints.asking import PROBLEMS, Asking, tag
from shared.contracts.message import HsaId
from shared.http.commands import VersionSeen


async def known_clinic(asking: Asking, clinic_id: str) -> Clinic:
    """The clinic. Raises NotFound."""
    clinic = await asking.directory.clinic(clinic_id)
    if clinic is None:
        raise not_found("clinic_id")
    return clinic


def clinic_routes(asking: Asking) -> APIRouter:
    """Routes about clinics."""
    routes = APIRouter(prefix="/clinics", tags=["clinics"], responses=PROBLEMS)

    @routes.get("", response_model=list[ClinicView])
    async def list_clinics(
        request: Request,
        after: Annotated[str, Query(max_length=31)] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 100,
    ) -> Any:
        """Clinics in the order of their ids, for every member of staff; the next page is `after` the last id."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        return [clinic_view(clinic) for clinic in await asking.directory.clinics(after, limit)]

    @routes.get("/{clinic_id}", response_model=ClinicView)
    async def read_clinic(request: Request, response: Response, clinic_id: HsaId) -> Any:
        """One clinic; its version as ETag."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        clinic = await known_clinic(asking, clinic_id)
        tag(response, clinic.version)
        return clinic_view(clinic)

    @routes.post("", response_model=ClinicView, status_code=201)
    async def create(request: Request, response: Response, wish: OpenedClinic) -> Any:
        """Create a clinic, with its first administrator (regional administrators in their regions, national ones).

        With `administrator` both are made or neither; an account that does not exist yet is registered.
        """
        response.headers["Location"] = f"/clinics/{wish.clinic_id}"
        return await asking.perform(request, response, CreateClinic(wish=wish), line=wish.clinic_id)

    @routes.put("/{clinic_id}", response_model=ClinicView)
    async def change(
        request: Request, response: Response, clinic_id: HsaId, version: VersionSeen, wish: ClinicWish
    ) -> Any:
        """Change name, activity, distribution, claiming and case types, all at once (its administrators)."""
        command = ChangeClinic(clinic_id=clinic_id, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=clinic_id)

    @routes.put("/{clinic_id}/region", response_model=ClinicView)
    async def move(
        request: Request, response: Response, clinic_id: HsaId, version: VersionSeen, wish: Move
    ) -> Any:
        """Say which region a clinic belongs to (national administrators)."""
        command = MoveClinic(clinic_id=clinic_id, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=clinic_id)

    return routes
