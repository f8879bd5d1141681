"""HTTP: the recurring review of a clinic's permissions, for its administrators and those of the region."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from services.admin.adapters.review_reading import ReviewReading
from services.admin.application.faults import not_found
from services.admin.application.permission_reviews.commands import JudgePermission, OpenReview, SignOffReview
from services.admin.application.permission_reviews.views import ReviewView, review_view
from services.admin.application.permission_reviews.wishes import Judgement
from services.admin.application.policy import Act, Subject
from services.admin.domain.permission_review import review_id
from services.admin.entrypoints.asking import PROBLEMS, Asking, tag
from shared.clock import Clock
from shared.contracts.ids import ClinicId
from shared.contracts.message import HsaId
from shared.http.commands import VersionSeen

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


def review_routes(asking: Asking, reading: ReviewReading, clock: Clock) -> APIRouter:
    """All routes about reviews."""
    routes = APIRouter(
        prefix="/clinics/{clinic_id}/permission-reviews", tags=["permission reviews"], responses=PROBLEMS
    )
    _reads(routes, asking, reading, clock)
    _acts(routes, asking)
    return routes


def _reads(routes: APIRouter, asking: Asking, reading: ReviewReading, clock: Clock) -> None:
    @routes.get("", response_model=list[ReviewView])
    async def list_reviews(
        request: Request,
        clinic_id: HsaId,
        before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
        open: bool = False,  # noqa: A002 -- the name that clients read
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> Any:
        """The reviews of a clinic, newest first; the next page is `before` the last number.

        `open`: only the one that is not signed off.
        """
        await _must_review(asking, request, clinic_id)
        found = await reading.reviews(clinic_id, before, open_only=open, limit=limit)
        return [review_view(review, clock()) for review in found]

    @routes.get("/{number}", response_model=ReviewView)
    async def read_review(request: Request, response: Response, clinic_id: HsaId, number: Number) -> Any:
        """One review: each person's roles when it was opened, and beside them the person and the roles of now."""
        await _must_review(asking, request, clinic_id)
        review = await reading.review(review_id(clinic_id, number))
        if review is None:
            raise not_found("number")
        tag(response, review.version)
        return review_view(review, clock(), await reading.people_of(review))


def _acts(routes: APIRouter, asking: Asking) -> None:
    @routes.post("", response_model=ReviewView, status_code=201)
    async def open_review(request: Request, response: Response, clinic_id: HsaId) -> Any:
        """Begin a review now, of everybody who has roles at the clinic. One at a time is open."""
        answer = await asking.perform(request, response, OpenReview(clinic_id=clinic_id), line=clinic_id)
        response.headers["Location"] = f"/clinics/{clinic_id}/permission-reviews/{answer['number']}"
        return answer

    @routes.put("/{number}/items/{staff_id}", response_model=ReviewView)
    async def judge(
        request: Request,
        response: Response,
        clinic_id: HsaId,
        number: Number,
        staff_id: HsaId,
        version: VersionSeen,
        wish: Judgement,
    ) -> Any:
        """Say whether one person keeps their roles (never one's own); nothing changes before the sign-off."""
        command = JudgePermission(
            clinic_id=clinic_id,
            review_id=review_id(clinic_id, number),
            expected_version=version,
            staff_id=staff_id,
            wish=wish,
        )
        return await asking.perform(request, response, command, line=command.review_id)

    @routes.post("/{number}/sign-off", response_model=ReviewView)
    async def sign_off(
        request: Request, response: Response, clinic_id: HsaId, number: Number, version: VersionSeen
    ) -> Any:
        """Everybody is judged: the review stays as it is, and roles that are not kept end with it, all at once.

        Refused as a whole if the clinic would have no administrator left.
        """
        id_ = review_id(clinic_id, number)
        command = SignOffReview(clinic_id=clinic_id, review_id=id_, expected_version=version)
        return await asking.perform(request, response, command, line=id_)


async def _must_review(asking: Asking, request: Request, clinic_id: HsaId) -> None:
    await asking.reader(request, Act.REVIEW_PERMISSIONS, Subject(frozenset({ClinicId(clinic_id)})))
