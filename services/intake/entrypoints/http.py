"""The routes: for portals and for staff. What a request becomes is in `consumers.py`.

Who asks is found out before anything that they sent is looked at.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, Query, Request
from starlette.responses import Response

from services.intake.adapters.offers import Offers
from services.intake.application.commands import (
    AnswerCase,
    AskCitizen,
    CloseCase,
    FindReferences,
    ListCases,
    ReadCase,
    StartCase,
)
from services.intake.application.policy import Act, holds
from services.intake.domain.faults import SCOPE_MISSING
from services.intake.entrypoints import bodies
from services.intake.entrypoints.http_grants import add_grants
from services.intake.entrypoints.http_offers import add_offers
from services.intake.entrypoints.submission import SUBMISSION_SCHEMA, read_submission
from shared.contracts.commands.intake import MarkMessageRead, ReplyToCase, WithdrawCase
from shared.contracts.message import Message
from shared.errors import Forbidden
from shared.faults import Fault
from shared.http.commands import ActorOf, Commands, VersionSeen
from shared.http.json import json_response
from shared.http.problems import language_of
from shared.http.rates import Rates
from shared.messaging.heard import Freshness
from shared.security.tokens import Actor

_ONLY_PORTALS = Fault(
    "",
    "only_portals",
    "Bara portaler får göra detta. Använd en portals token.",
    "Only portals may do this. Use a portal's token.",
)
_ONLY_STAFF = Fault(
    "",
    "only_staff",
    "Bara personal får göra detta. Logga in som medarbetare.",
    "Only staff may do this. Sign in as a member of staff.",
)
_ONLY_REVIEWERS = Fault(
    "clinic_id",
    "only_reviewers",
    "Bara mottagningens granskare får göra detta. Be en av dem.",
    "Only reviewers of the clinic may do this. Ask one of them.",
)
MOST_IDS = 200
CaseIds = Annotated[list[UUID], Query(min_length=1, max_length=MOST_IDS)]


class Routes:
    """What every route needs: who asks, and the way through the batch runner."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._rates = Rates()

    async def reader(self, request: Request) -> Actor:
        """Whoever wants to read a case. Raises BadToken; Forbidden and TooManyRequests for portals."""
        actor = await self._commands.actor(request)
        if actor.kind == "portal":
            self._admit(actor, Act.READ)
        return actor

    def portal(self, act: Act) -> ActorOf:
        """Finds the portal that asks for this act.

        Raises BadToken; Forbidden for anybody else, and for a token that does not reach so far; TooManyRequests.
        """

        async def portal(request: Request) -> Actor:
            actor = await self._commands.actor(request)
            if actor.kind != "portal":
                raise Forbidden(_ONLY_PORTALS)
            self._admit(actor, act)
            return actor

        return portal

    def _admit(self, portal: Actor, act: Act) -> None:
        """As far as the token says; what the directory says now is asked with the act."""
        self._rates.take(portal.id, portal.per_minute)
        if portal.scopes is not None and not holds(portal.scopes, act):
            raise Forbidden(SCOPE_MISSING)

    async def staff(self, request: Request) -> Actor:
        """The staff member who asks. Raises BadToken; Forbidden for anybody else."""
        actor = await self._commands.actor(request)
        if actor.kind != "staff":
            raise Forbidden(_ONLY_STAFF)
        return actor

    async def act(self, request: Request, actor: Actor, command: Message, case_id: UUID) -> Response:
        """Take an act through; the answer carries the conversation's version."""
        told: dict[str, Any] = await self._commands.perform(request, command, actor, line=str(case_id))
        headers = {"ETag": f'"{told["version"]}"'} if "version" in told else {}
        return json_response(told, headers=headers)

    async def look(self, request: Request, actor: Actor, command: Message, name: str) -> Any:
        """Take a query through. It stands in a line of its own: a case that is parked can be read."""
        return await self._commands.perform(request, command, actor, line=f"look:{name}")


def add_routes(app: FastAPI, commands: Commands, offers: Offers, freshness: Freshness | None) -> None:
    """All routes of intake."""
    routes = Routes(commands)
    add_offers(app, routes.portal(Act.SEE_OFFERS), offers, freshness)
    _portal_routes(app, routes)
    _reading_routes(app, routes)
    _review_routes(app, routes)
    add_grants(app, routes.staff, commands)
    _staff_routes(app, routes)


def _portal_routes(app: FastAPI, routes: Routes) -> None:
    submitter, replier, withdrawer, marker = map(
        routes.portal, (Act.SUBMIT, Act.REPLY, Act.WITHDRAW, Act.MARK_READ)
    )

    @app.post("/cases", status_code=202, openapi_extra=SUBMISSION_SCHEMA)
    async def submit(request: Request) -> Response:
        """Submit a case (portals). 202: it is stored, and will not be lost."""
        actor = await submitter(request)
        command = read_submission(await request.body(), actor, request.headers.get("idempotency-key", ""))
        told = await routes.act(request, actor, command, command.case_id)
        told.status_code = 202
        told.headers["Location"] = f"/cases/{command.case_id}"
        return told

    @app.post("/cases/{case_id}/replies")
    async def reply(
        request: Request, case_id: UUID, body: bodies.Reply, *, actor: Actor = Depends(replier)
    ) -> Response:
        """The citizen answers a counter-question (portals)."""
        command = ReplyToCase(case_id=case_id, message_id=body.message_id, text=body.text)
        return await routes.act(request, actor, command, case_id)

    @app.post("/cases/{case_id}/withdrawal")
    async def withdraw(request: Request, case_id: UUID, *, actor: Actor = Depends(withdrawer)) -> Response:
        """The citizen takes the case back (portals)."""
        return await routes.act(request, actor, WithdrawCase(case_id=case_id), case_id)

    @app.post("/cases/{case_id}/messages/{message_id}/read")
    async def mark_read(
        request: Request, case_id: UUID, message_id: UUID, *, actor: Actor = Depends(marker)
    ) -> Response:
        """The citizen has read a message (portals)."""
        command = MarkMessageRead(case_id=case_id, message_id=message_id)
        return await routes.act(request, actor, command, case_id)


def _reading_routes(app: FastAPI, routes: Routes) -> None:
    @app.get("/cases/{case_id}")
    async def read(request: Request, case_id: UUID, *, actor: Actor = Depends(routes.reader)) -> Response:
        """Show a case: to its portal, to its holder, to receivers of its clinic. Every look is logged."""
        language = "en" if language_of(request) == "en" else "sv"
        command = ReadCase(actor=actor.id, actor_kind=actor.kind, case_id=case_id, language=language)
        view = await routes.look(request, actor, command, str(case_id))
        return json_response(view, headers={"ETag": f'"{view["version"]}"', "Cache-Control": "no-store"})

    @app.get("/cases")
    async def rows(request: Request, ids: CaseIds, *, actor: Actor = Depends(routes.staff)) -> Response:
        """The citizens' names for a list of cases (staff). Each row is logged; what may not be seen is left out."""
        command = ListCases(actor=actor.id, case_ids=tuple(dict.fromkeys(ids)))
        found = await routes.look(request, actor, command, "list")
        return json_response({"cases": found}, headers={"Cache-Control": "no-store"})


def _review_routes(app: FastAPI, routes: Routes) -> None:
    @app.post("/citizen-references")
    async def find_references(
        request: Request, body: bodies.Person, *, actor: Actor = Depends(routes.staff)
    ) -> Response:
        """The references that the access log knows a person by (reviewers of the clinic). Asking is logged."""
        command = FindReferences(actor=actor.id, clinic_id=body.clinic_id, citizen=body.citizen)
        found = await routes.look(request, actor, command, "references")
        if found is None:
            raise Forbidden(_ONLY_REVIEWERS)
        return json_response({"citizen_refs": found}, headers={"Cache-Control": "no-store"})


def _staff_routes(app: FastAPI, routes: Routes) -> None:
    @app.post("/cases/{case_id}/start")
    async def start(
        request: Request, case_id: UUID, body: bodies.Start, *, actor: Actor = Depends(routes.staff)
    ) -> Response:
        """Begin to work on the case (its holder)."""
        command = StartCase(actor=actor.id, case_id=case_id, epoch=body.epoch)
        return await routes.act(request, actor, command, case_id)

    @app.post("/cases/{case_id}/questions")
    async def ask(
        request: Request,
        case_id: UUID,
        body: bodies.Question,
        *,
        actor: Actor = Depends(routes.staff),
        seen: VersionSeen,
    ) -> Response:
        """Ask the citizen something (the holder)."""
        command = AskCitizen(
            actor=actor.id,
            case_id=case_id,
            epoch=body.epoch,
            version=seen,
            text=body.text,
            reply_by=body.reply_by,
        )
        return await routes.act(request, actor, command, case_id)

    @app.post("/cases/{case_id}/answer")
    async def answer(
        request: Request,
        case_id: UUID,
        body: bodies.Answer,
        *,
        actor: Actor = Depends(routes.staff),
        seen: VersionSeen,
    ) -> Response:
        """Answer the case (the holder). The first accepted answer is the only one."""
        command = AnswerCase(
            actor=actor.id, case_id=case_id, epoch=body.epoch, version=seen, form=body.form, text=body.text
        )
        return await routes.act(request, actor, command, case_id)

    @app.post("/cases/{case_id}/close")
    async def close(
        request: Request, case_id: UUID, *, actor: Actor = Depends(routes.staff), seen: VersionSeen
    ) -> Response:
        """Close an answered case (receivers, and whoever answered it)."""
        return await routes.act(
            request, actor, CloseCase(actor=actor.id, case_id=case_id, version=seen), case_id
        )
