"""HTTP: a clinic's permissions as a grid of tick boxes."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from services.admin.application.accounts.commands import SetGrid
from services.admin.application.accounts.explain import CaseAct, ExplanationView, Relation, explain
from services.admin.application.accounts.grid import GridView, grid_view
from services.admin.application.accounts.wishes import Grid
from services.admin.application.faults import not_found
from services.admin.application.policy import Act, Subject, may
from services.admin.entrypoints.asking import PROBLEMS, Asking
from services.admin.entrypoints.http.clinics import known_clinic
from shared.contracts.ids import ClinicId
from shared.contracts.message import HsaId


def grid_routes(asking: Asking) -> APIRouter:
    """The grid: read page by page, set all at once."""
    routes = APIRouter(prefix="/clinics/{clinic_id}/permissions", tags=["permissions"], responses=PROBLEMS)

    @routes.get("", response_model=GridView)
    async def read_grid(
        request: Request,
        clinic_id: HsaId,
        after: Annotated[str, Query(max_length=31)] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 100,
    ) -> Any:
        """Everybody at the clinic, locked ones too, with their roles and the version to send back; in the order of ids.

        For administrators and permission administrators of the clinic.
        """
        await asking.reader(request, Act.SEE_PERMISSIONS, Subject(frozenset({ClinicId(clinic_id)})))
        clinic = await known_clinic(asking, clinic_id)
        found = await asking.directory.accounts({clinic_id}, after, limit + 1)
        page = found[:limit]
        return grid_view(clinic, page, page[-1].id if len(found) > limit else None)

    @routes.get("/{staff_id}/explanation", response_model=ExplanationView)
    async def explain_permissions(
        request: Request,
        clinic_id: HsaId,
        staff_id: HsaId,
        relation: Relation = Relation.OTHER,
        act: CaseAct | None = None,
    ) -> Any:
        """Why this person can or can't do this with a case of the clinic: rule by rule, by the rules that decide it.

        `relation` says which kind of case: their own, a colleague's, or one in the queue. Without an act: all acts.
        For the person, and for administrators and permission administrators of the clinic.
        """
        reader, account = await asking.account(request), await asking.directory.account(staff_id)
        if account is None or (
            account.id != reader.id
            and not may(reader, Act.SEE_PERMISSIONS, Subject(frozenset({ClinicId(clinic_id)})))
        ):
            raise not_found("staff_id")
        clinic = await known_clinic(asking, clinic_id)
        return explain(account, clinic, relation, act)

    @routes.put("", response_model=GridView)
    async def set_permissions_of_clinic(request: Request, clinic_id: HsaId, wish: Grid) -> Any:
        """Set the tick boxes of many people at once, all or none; each row carries the version that was seen.

        No box ticked removes the person from the clinic. Two administrators may change places, but one must stay.
        """
        return await asking.act(request, SetGrid(clinic_id=clinic_id, wish=wish), line=clinic_id)

    return routes
