"""HTTP: the terms for staff, and the record of sign-ins."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.admin.adapters.sessions import Sessions
from services.admin.application.faults import not_found
from services.admin.application.policy import Act, about, may
from services.admin.application.sign_in.commands import PublishTerms
from services.admin.application.sign_in.views import SignInView, TermsView
from services.admin.application.sign_in.wishes import NewTerms
from services.admin.entrypoints.asking import PROBLEMS, Asking, tag
from shared.contracts.message import HsaId
from shared.http.commands import VersionSeen


def terms_routes(asking: Asking, sessions: Sessions) -> APIRouter:
    """Reading the terms needs nobody to be signed in; publishing them is for national administrators."""
    routes = APIRouter(tags=["sign-in"], responses=PROBLEMS)

    @routes.get("/terms", response_model=TermsView)
    async def current_terms(response: Response) -> Any:
        """The terms that count now; the version as ETag. 404: there are none yet."""
        return await read(response, await sessions.terms_version())

    @routes.get("/terms/{version}", response_model=TermsView)
    async def terms_of_old(response: Response, version: int) -> Any:
        """A version of the terms as it was published."""
        return await read(response, version)

    async def read(response: Response, version: int) -> dict[str, Any]:
        found = await sessions.terms(version) if 0 < version < 2**31 else None
        if found is None:
            raise not_found("version")
        tag(response, version)
        return dict(found)

    @routes.post("/terms", response_model=TermsView, status_code=201)
    async def publish(request: Request, response: Response, version: VersionSeen, wish: NewTerms) -> Any:
        """Publish new terms (national administrators); `If-Match` is the current version, "0" before the first.

        Everybody accepts them at their next sign-in, and who is signed in before their next act.
        """
        command = PublishTerms(expected_version=version, wish=wish)
        response.headers["Location"] = f"/terms/{version + 1}"
        return await asking.perform(request, response, command, line="terms")

    @routes.get("/sign-ins", response_model=list[SignInView])
    async def read_sign_ins(
        request: Request,
        staff_id: HsaId,
        before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 100,
    ) -> Any:
        """What happened around somebody's sign-ins (they themselves, reviewers of their clinics), newest first.

        The next page is `before` the last number.
        """
        reader = await asking.account(request)
        account = await asking.directory.account(staff_id)
        if account is None or not may(reader, Act.READ_SIGN_INS, about(account)):
            raise not_found("staff_id")
        return await sessions.record_of(staff_id, before, limit)

    return routes
