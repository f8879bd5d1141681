"""HTTP: a clinic's check list, and the steps of its life."""

from typing import Any

from fastapi import APIRouter, Request, Response

from services.admin.application.clinics.commands import CloseClinic, DrainClinic, OpenClinic
from services.admin.application.clinics.settings_wishes import Draining
from services.admin.application.clinics.views import ClinicView, ReadinessView, readiness_view
from services.admin.application.policy import Act, Subject
from services.admin.entrypoints.asking import PROBLEMS, Asking
from services.admin.entrypoints.http.clinics import known_clinic
from shared.contracts.ids import ClinicId
from shared.contracts.message import HsaId
from shared.http.commands import VersionSeen


def life_routes(asking: Asking) -> APIRouter:
    """Routes about whether clinics take cases."""
    routes = APIRouter(prefix="/clinics/{clinic_id}", tags=["clinics"], responses=PROBLEMS)

    @routes.get("/readiness", response_model=ReadinessView)
    async def read_readiness(request: Request, clinic_id: HsaId) -> Any:
        """The check list: what is well, what is missing, and what to do (its administrators)."""
        subject = Subject(frozenset({ClinicId(clinic_id)}))
        await asking.reader(request, Act.CHANGE_CLINIC, subject)
        clinic = await known_clinic(asking, clinic_id)
        return readiness_view(clinic, await asking.directory.staffing(clinic_id))

    @routes.post("/opening", response_model=ClinicView)
    async def open_it(request: Request, response: Response, clinic_id: HsaId, version: VersionSeen) -> Any:
        """Open the clinic, or reopen it; refused with every item of the check list that fails."""
        command = OpenClinic(clinic_id=clinic_id, expected_version=version)
        return await asking.perform(request, response, command, line=clinic_id)

    @routes.post("/draining", response_model=ClinicView)
    async def drain(
        request: Request, response: Response, clinic_id: HsaId, version: VersionSeen, wish: Draining
    ) -> Any:
        """Take no new cases, and tell citizens why; what is there is worked off."""
        command = DrainClinic(clinic_id=clinic_id, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=clinic_id)

    @routes.post("/closing", response_model=ClinicView)
    async def close(request: Request, response: Response, clinic_id: HsaId, version: VersionSeen) -> Any:
        """Close a drained clinic. Look first that routing's queue and its caregivers hold nothing any more."""
        command = CloseClinic(clinic_id=clinic_id, expected_version=version)
        return await asking.perform(request, response, command, line=clinic_id)

    return routes
