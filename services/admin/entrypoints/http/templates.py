"""HTTP: templates."""

from typing import Any

from fastapi import APIRouter, Request, Response

from services.admin.adapters.documents import DocumentReading
from services.admin.application.documents.views import DocumentView
from services.admin.application.policy import Act
from services.admin.application.templates.commands import ApproveTemplate, SendBackTemplate, SubmitTemplate
from services.admin.application.templates.kind import TEMPLATES
from services.admin.entrypoints.asking import PROBLEMS, Asking, tag
from services.admin.entrypoints.http.documents import DocumentRoutes
from shared.contracts.message import Slug
from shared.contracts.texts import VARIABLES
from shared.http.commands import VersionSeen


def template_routes(asking: Asking, reading: DocumentReading) -> APIRouter:
    """Routes about templates."""
    routes = APIRouter(prefix=TEMPLATES.path, tags=["templates"], responses=PROBLEMS)

    @routes.get("/variables", response_model=dict[str, str])
    async def variables(request: Request) -> Any:
        """What `{{…}}` can stand for."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        return VARIABLES

    DocumentRoutes(routes, asking, reading, TEMPLATES).add()
    _approval(routes, asking)
    return routes


def _approval(routes: APIRouter, asking: Asking) -> None:
    @routes.post("/{document_id}/draft/submission", response_model=DocumentView)
    async def submit(request: Request, response: Response, document_id: Slug, version: VersionSeen) -> Any:
        """Hand the draft in for approval; `If-Match` is its number. To change it then takes it back."""
        answer = await asking.act(request, SubmitTemplate(id=document_id, seen=version), line=document_id)
        tag(response, answer["draft_revision"])
        return answer

    @routes.post("/{document_id}/draft/approval", response_model=DocumentView)
    async def approve(request: Request, response: Response, document_id: Slug, version: VersionSeen) -> Any:
        """Publish the draft that waits (an administrator of its owner who has had no hand in it)."""
        command = ApproveTemplate(id=document_id, seen=version)
        return await asking.perform(request, response, command, line=document_id)

    @routes.delete("/{document_id}/draft/submission", response_model=DocumentView)
    async def send_back(request: Request, response: Response, document_id: Slug, version: VersionSeen) -> Any:
        """Do not approve the draft like this, or take it back: it can be changed and handed in again."""
        answer = await asking.act(request, SendBackTemplate(id=document_id, seen=version), line=document_id)
        tag(response, answer["draft_revision"])
        return answer
