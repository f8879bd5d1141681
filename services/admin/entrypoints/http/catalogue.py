"""HTTP: case types."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from services.admin.application.catalogue.commands import PublishCaseType
from services.admin.application.catalogue.views import CaseTypeLine, CaseTypeView, case_type_view
from services.admin.application.catalogue.wishes import CaseTypeWish
from services.admin.application.faults import not_found
from services.admin.application.policy import Act
from services.admin.entrypoints.asking import PROBLEMS, Asking, tag
from shared.contracts.message import Slug
from shared.http.commands import VersionSeen


def case_type_routes(asking: Asking) -> APIRouter:
    """Routes about case types."""
    routes = APIRouter(prefix="/case-types", tags=["case types"], responses=PROBLEMS)

    @routes.get("", response_model=list[CaseTypeLine])
    async def list_case_types(request: Request) -> Any:
        """The newest version of each case type, without the forms."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        return [case_type_view(case_type).model_dump() for case_type in await asking.directory.case_types()]

    @routes.get("/{case_type}", response_model=CaseTypeView)
    async def read_case_type(request: Request, response: Response, case_type: Slug) -> Any:
        """The newest version of one case type, with its forms."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        found = await asking.directory.case_types(case_type)
        if not found:
            raise not_found("case_type")
        tag(response, found[0].version)
        return case_type_view(found[0])

    @routes.get("/{case_type}/versions", response_model=list[dict[str, Any]])
    async def list_versions(request: Request, case_type: Slug) -> Any:
        """Every version that was published, whole, oldest first, with who published it."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        return await asking.directory.case_type_versions(case_type)

    @routes.post("/{case_type}/versions", response_model=CaseTypeView, status_code=201)
    async def publish(
        request: Request,
        response: Response,
        case_type: Annotated[Slug, Path()],
        version: VersionSeen,
        wish: CaseTypeWish,
    ) -> Any:
        """Publish the next version; `If-Match: "0"` where there is none yet (regional and national administrators)."""
        command = PublishCaseType(case_type=case_type, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=case_type)

    return routes
