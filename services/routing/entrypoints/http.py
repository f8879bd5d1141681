"""Table of contents: which route goes to which use case or view."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.routing.application.commands import AssignCase, ClaimCase, MoveReason, ReturnCase
from services.routing.application.explain import explain
from services.routing.application.policy import Act
from services.routing.entrypoints.viewing import Viewing
from shared.contracts.message import HsaId
from shared.http.commands import Commands, VersionSeen
from shared.http.json import json_response
from shared.security.tokens import Actor

LARGEST_PAGE = 200


class Assignment(BaseModel):
    """Who shall have the case, and why, where somebody has it already."""

    model_config = ConfigDict(extra="forbid")

    holder: HsaId = Field(description="HSA-id of the caregiver")
    reason: MoveReason | None = Field(default=None, description="Required for a reassignment")


class Return(BaseModel):
    """Why a case goes back into the queue."""

    model_config = ConfigDict(extra="forbid")

    reason: MoveReason = Field(description="Why")


After = Annotated[str, Query(max_length=200, description="`next` of the page before")]
Size = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Rows of a page")]


def add_routes(app: FastAPI, commands: Commands, viewing: Viewing) -> None:
    """All of them."""
    signed_in = Depends(commands.actor)
    _add_acts(app, commands, signed_in)
    _add_lists(app, viewing, signed_in)
    _add_views(app, viewing, signed_in)


def _add_acts(app: FastAPI, commands: Commands, signed_in: Any) -> None:
    """Acts on the responsibility. Each answers with the case as it is afterwards."""

    @app.post("/cases/{case_id}/assignment")
    async def assign(
        request: Request,
        case_id: UUID,
        body: Assignment,
        seen: VersionSeen,
        actor: Annotated[Actor, signed_in],
    ) -> Response:
        """Assign the case, or reassign it with a reason."""
        command = AssignCase(
            case_id=case_id, actor=actor.id, seen=seen, holder=body.holder, reason=body.reason
        )
        return _versioned(await commands.perform(request, command, actor, line=str(case_id)))

    @app.post("/cases/{case_id}/claim")
    async def claim(
        request: Request, case_id: UUID, seen: VersionSeen, actor: Annotated[Actor, signed_in]
    ) -> Response:
        """Take the case from the queue."""
        command = ClaimCase(case_id=case_id, actor=actor.id, seen=seen)
        return _versioned(await commands.perform(request, command, actor, line=str(case_id)))

    @app.post("/cases/{case_id}/return")
    async def return_(
        request: Request, case_id: UUID, body: Return, seen: VersionSeen, actor: Annotated[Actor, signed_in]
    ) -> Response:
        """Put the case back into the queue."""
        command = ReturnCase(case_id=case_id, actor=actor.id, seen=seen, reason=body.reason)
        return _versioned(await commands.perform(request, command, actor, line=str(case_id)))


def _add_lists(app: FastAPI, viewing: Viewing, signed_in: Any) -> None:
    """Lists, filtered by what the reader may see."""

    @app.get("/clinics/{clinic_id}/queue")
    async def queue(
        clinic_id: str, actor: Annotated[Actor, signed_in], after: After = "", size: Size = 50
    ) -> Response:
        """What waits at the clinic, the oldest first."""
        await viewing.clinic(actor, clinic_id, Act.SEE_QUEUE)
        return json_response(await viewing.reading.queue(clinic_id, after, size))

    @app.get("/clinics/{clinic_id}/stranded")
    async def stranded(
        clinic_id: str, actor: Annotated[Actor, signed_in], after: After = "", size: Size = 50
    ) -> Response:
        """Cases whose holder is locked, absent or no longer permitted."""
        await viewing.clinic(actor, clinic_id, Act.SEE_STRANDED)
        return json_response(await viewing.reading.stranded(clinic_id, after, size))

    @app.get("/clinics/{clinic_id}/caregivers")
    async def caregivers(clinic_id: str, actor: Annotated[Actor, signed_in]) -> Response:
        """Who can be given a case, and what each of them holds; locked ones are shown as such."""
        await viewing.clinic(actor, clinic_id, Act.SEE_CAREGIVERS)
        return json_response({"caregivers": await viewing.reading.caregivers(clinic_id)})

    @app.get("/cases/mine")
    async def mine(actor: Annotated[Actor, signed_in], after: After = "", size: Size = 50) -> Response:
        """What the reader holds, the longest held first."""
        clinic_ids = await viewing.own_clinics(actor)
        return json_response(await viewing.reading.mine(actor.id, clinic_ids, after, size))


def _add_views(app: FastAPI, viewing: Viewing, signed_in: Any) -> None:
    """One case."""

    @app.get("/cases/{case_id}")
    async def case(case_id: UUID, actor: Annotated[Actor, signed_in]) -> Response:
        """Whose the case is."""
        return _versioned(await viewing.case(actor, case_id, Act.SEE_CASE))

    @app.get("/cases/{case_id}/history")
    async def history(case_id: UUID, actor: Annotated[Actor, signed_in]) -> Response:
        """Each version: who, when, why."""
        await viewing.case(actor, case_id, Act.SEE_HISTORY)
        return json_response({"steps": await viewing.reading.history(case_id)})

    @app.get("/cases/{case_id}/explanation")
    async def explanation(case_id: UUID, actor: Annotated[Actor, signed_in]) -> Response:
        """Why rounds chose as they did: candidates, who was filtered and for what, scores."""
        await viewing.case(actor, case_id, Act.SEE_EXPLANATION)
        rounds = await viewing.reading.rounds(case_id)
        return json_response(
            {"choices": [explain(round_, position, version=version) for version, position, round_ in rounds]}
        )


def _versioned(case: dict[str, Any]) -> Response:
    return json_response(case, headers={"ETag": f'"{case["version"]}"'})
