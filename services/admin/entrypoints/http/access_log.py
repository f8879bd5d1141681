"""HTTP: the access log, for reviewers; reading it is itself an entry in it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import uuid_utils
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from services.admin.adapters.access_log import entries_of
from services.admin.application.access_log.commands import ReadAccessLog
from services.admin.entrypoints.asking import PROBLEMS, Asking
from shared.contracts.message import HsaId
from shared.database.pool import Database


class EntryView(BaseModel):
    """One access."""

    number: int
    access_id: UUID
    actor_kind: str
    actor_id: str
    clinic_id: str
    citizen_ref: str
    case_id: UUID
    act: str
    accessed_at: datetime
    recorded_at: datetime


def access_log_routes(asking: Asking, database: Database) -> APIRouter:
    """The one route."""
    routes = APIRouter(prefix="/access-log", tags=["access log"], responses=PROBLEMS)

    @routes.get("", response_model=list[EntryView])
    async def read_access_log(
        request: Request,
        clinic_id: HsaId,
        citizen_ref: Annotated[str, Query(max_length=200, pattern=r"^[ -~]*$")] = "",
        actor_id: Annotated[str, Query(max_length=63, pattern=r"^[ -~]*$")] = "",
        before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Any:
        """A clinic's entries, newest first (its reviewers); the next page is `before` the last number.

        `citizen_ref` comes from intake, which alone can tell the references of a person.
        """
        id_ = UUID(bytes=uuid_utils.uuid7().bytes)
        command = ReadAccessLog(access_id=id_, clinic_id=clinic_id, citizen_ref=citizen_ref)
        await asking.act(request, command, line=clinic_id)
        return await entries_of(database, clinic_id, citizen_ref, actor_id, before, limit)

    return routes
