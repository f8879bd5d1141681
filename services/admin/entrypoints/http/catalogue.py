"""HTTP: case types."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from services.admin.adapters.documents import DocumentReading
from services.admin.application.catalogue.commands import (
    CopyCaseType,
    CreateCaseType,
    DiscardCaseTypeDraft,
    ImportCaseType,
    PublishCaseType,
    PublishCaseTypeDraft,
    RetireCaseType,
    RollBackCaseType,
    SaveCaseTypeDraft,
)
from services.admin.application.catalogue.review import preview_case_type
from services.admin.application.catalogue.wishes import CaseTypeWish, NewCaseType
from services.admin.application.documents.preview import Preview
from services.admin.application.documents.views import DocumentView
from services.admin.application.documents.wishes import Questionnaire
from services.admin.application.policy import Act
from services.admin.application.wishes import Wish
from services.admin.entrypoints.asking import PROBLEMS, Asking
from services.admin.entrypoints.http.documents import DocumentKind, DocumentRoutes, language
from shared.contracts.message import Slug
from shared.http.commands import VersionSeen

CASE_TYPES = DocumentKind(
    path="/case-types",
    format="vardvaxel.case-type.v1",
    wish=CaseTypeWish,
    new=NewCaseType,
    review=preview_case_type,
    create=CreateCaseType,
    copy=CopyCaseType,
    import_=ImportCaseType,
    save=SaveCaseTypeDraft,
    discard=DiscardCaseTypeDraft,
    retire=RetireCaseType,
    roll_back=RollBackCaseType,
)


class Look(Wish):
    """What shall be looked at, and the answers so far if only what they show is wanted."""

    content: CaseTypeWish
    answers: Questionnaire | None = Field(
        default=None, description="A QuestionnaireResponse, also a partial one"
    )


def case_type_routes(asking: Asking, reading: DocumentReading) -> APIRouter:
    """Routes about case types."""
    routes = APIRouter(prefix=CASE_TYPES.path, tags=["case types"], responses=PROBLEMS)

    @routes.post("/preview", response_model=Preview)
    async def preview(request: Request, look: Look) -> Any:
        """A case type as citizens and caregivers will see it, with remarks. Nothing is stored."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        return preview_case_type(look.content.content(), language(request), look.answers)

    DocumentRoutes(routes, asking, reading, CASE_TYPES).add()

    @routes.post("/{document_id}/draft/publication", response_model=DocumentView)
    async def publish_draft(
        request: Request, response: Response, document_id: Slug, version: VersionSeen
    ) -> Any:
        """The draft becomes the next version, which never changes; `If-Match` is the draft's number."""
        command = PublishCaseTypeDraft(id=document_id, seen=version)
        return await asking.perform(request, response, command, line=document_id)

    @routes.post("/{document_id}/versions", response_model=DocumentView, status_code=201)
    async def publish(
        request: Request, response: Response, document_id: Slug, version: VersionSeen, wish: CaseTypeWish
    ) -> Any:
        """Publish the next version without a draft; `If-Match: "0"` makes a national type that is not there yet."""
        command = PublishCaseType(id=document_id, seen=version, wish=wish)
        return await asking.perform(request, response, command, line=document_id)

    return routes
