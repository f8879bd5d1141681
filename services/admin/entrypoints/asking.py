"""Who asks, and what they may read: what every route of admin needs."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from services.admin.adapters.directory import Directory
from services.admin.application.commands import AdminCommand
from services.admin.application.faults import STAFF_ONLY, UNKNOWN_ACTOR
from services.admin.application.policy import Act, Subject, must, must_be_staff
from services.admin.domain.account import Account
from shared.errors import Forbidden
from shared.http.commands import Commands
from shared.security.tokens import Actor

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {"application/problem+json": {}}}
    for status, text in (
        (401, "No valid token"),
        (403, "Not permitted, or the account is locked"),
        (404, "Unknown, or not the actor's to see"),
        (409, "Somebody was first: read it again"),
        (422, "What is wrong, field by field"),
        (428, "If-Match is missing"),
    )
}


@dataclass(frozen=True, slots=True)
class Asking:
    """The doors to the batch runner and to the service's own tables."""

    commands: Commands
    directory: Directory

    async def staff(self, request: Request) -> Actor:
        """The member of staff who asks. Raises BadToken, and Forbidden for portals."""
        actor = await self.commands.actor(request)
        if actor.kind != "staff":
            raise Forbidden(STAFF_ONLY)
        return actor

    async def account(self, request: Request) -> Account:
        """Their account as it is at this moment. Raises Forbidden if it is unknown or locked."""
        account = await self.directory.account((await self.staff(request)).id)
        must_be_staff(account)
        if account is None:
            raise Forbidden(UNKNOWN_ACTOR)
        return account

    async def reader(self, request: Request, act: Act, subject: Subject | None = None) -> Account:
        """Their account, if they may read this. Raises Forbidden."""
        return must(await self.account(request), act, subject or Subject())

    async def perform(self, request: Request, response: Response, command: AdminCommand, *, line: str) -> Any:
        """Take a command through the batch runner; the answer's version becomes its ETag."""
        answer = await self.act(request, command, line=line)
        tag(response, answer["version"])
        return answer

    async def act(self, request: Request, command: AdminCommand, *, line: str) -> Any:
        """The same for an act whose answer has no version."""
        actor = await self.staff(request)
        named = command.model_copy(update={"actor": actor.id})
        return await self.commands.perform(request, named, actor, line=line)


def tag(response: Response, version: int) -> None:
    """Say which version this is, for `If-Match`."""
    response.headers["ETag"] = f'"{version}"'
