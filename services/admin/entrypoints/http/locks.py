"""HTTP: what locks accounts beside people, who lifted what, and what the region must see to."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from services.admin.adapters.account_history import AccountHistory
from services.admin.adapters.national_directory import NationalDirectory
from services.admin.application.accounts.commands import RefreshAccount
from services.admin.application.accounts.locks import refreshable
from services.admin.application.accounts.views import AccountView
from services.admin.application.faults import NO_DIRECTORY, NOT_IN_DIRECTORY, not_found
from services.admin.application.policy import Act, about, in_sight, may
from services.admin.entrypoints.asking import PROBLEMS, Asking
from shared.contracts.events.admin import LockReason, Permission
from shared.contracts.message import HsaId
from shared.errors import Refused

Limit = Annotated[int, Query(ge=1, le=200)]
Before = Annotated[int | None, Query(ge=1, le=2**62)]


class FormerStateView(BaseModel):
    """An account as it was from this moment on."""

    version: int
    changed_by: str = Field(description="HSA-id of who made it so, or operator, or system")
    changed_at: datetime
    locked: LockReason | None
    present: bool
    permissions: list[Permission]


class AlertView(BaseModel):
    """An automatic lock took a clinic's last administrator."""

    id: int
    clinic_id: str
    staff_id: str = Field(description="Who was locked")
    reason: LockReason
    at: datetime
    open: bool = Field(description="True until the clinic has an administrator again")


def lock_routes(asking: Asking, history: AccountHistory, directory: NationalDirectory | None) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["staff accounts"], responses=PROBLEMS)

    @routes.post("/staff-accounts/{staff_id}/refresh", response_model=AccountView)
    async def refresh_account(request: Request, response: Response, staff_id: HsaId) -> Any:
        """Take over name, title, address and activity from the national directory (the owner, administrators).

        Whoever is inactive there is locked; whoever was locked for that and is active again is not any more.
        """
        reader = await asking.account(request)
        refreshable(reader, await asking.directory.account(staff_id))
        if directory is None:
            raise Refused(NO_DIRECTORY)
        found = await directory.find([staff_id])
        if not found:
            raise Refused(NOT_IN_DIRECTORY)
        return await asking.perform(request, response, RefreshAccount(entry=found[0]), line=staff_id)

    @routes.get("/staff-accounts/{staff_id}/history", response_model=list[FormerStateView])
    async def read_history(
        request: Request, staff_id: HsaId, before: Before = None, limit: Limit = 50
    ) -> Any:
        """Every state of an account, newest first, with who made it so: permissions, locks, reactivations.

        The next page is `before` the last version. For the owner and administrators.
        """
        reader, account = await asking.account(request), await asking.directory.account(staff_id)
        if account is None or not may(reader, Act.SEE_ACCOUNT, about(account)):
            raise not_found("staff_id")
        return await history.of(staff_id, before, limit)

    @routes.get("/administrator-alerts", response_model=list[AlertView])
    async def read_alerts(
        request: Request, still_open: bool = True, before: Before = None, limit: Limit = 100
    ) -> Any:
        """Clinics that an automatic lock left without an administrator, newest first (regional administrators).

        The next page is `before` the last id.
        """
        reach = in_sight(await asking.reader(request, Act.SEE_ALERTS))
        clinics = [*map(str, reach)] if reach is not None else None
        return await history.alerts(clinics, before, limit, still_open=still_open)

    return routes
