"""HTTP: case types."""

from typing import Any

from fastapi import APIRouter, Request, Response

from services.admin.adapters.documents import DocumentReading
from services.admin.application.catalogue.commands import PublishCaseType
from services.admin.application.catalogue.kind import CASE_TYPES
from services.admin.application.catalogue.wishes import CaseTypeWish
from services.admin.application.documents.views import DocumentView
from services.admin.entrypoints.asking import PROBLEMS, Asking
from services.admin.entrypoints.http.documents import DocumentRoutes
from shared.contracts.message import Slug
from shared.http.commands import VersionSeen


def case_type_routes(asking: Asking, reading: DocumentReading) -> APIRouter:
    """Routes about case types."""
    routes = APIRouter(prefix=CASE_TYPES.path, tags=["case types"], responses=PROBLEMS)
    DocumentRoutes(routes, asking, reading, CASE_TYPES).add()

    @routes.post("/{document_id}/versions", response_model=DocumentView, status_code=201)
    async def publish(
        request: Request, response: Response, document_id: Slug, version: VersionSeen, wish: CaseTypeWish
    ) -> Any:
        """Publish the next version without a draft; `If-Match: "0"` makes a national type that is not there yet."""
        command = PublishCaseType(id=document_id, seen=version, wish=wish)
        return await asking.perform(request, response, command, line=document_id)

    return routes
