"""Commands about reviews of permissions, and their use cases."""

from services.admin.adapters.work import AdminWork
from services.admin.application.permission_reviews.commands import JudgePermission, OpenReview, SignOffReview
from services.admin.application.permission_reviews.review import (
    judge_permission,
    open_review,
    sign_off_review,
)
from services.admin.entrypoints.handling.keys import ACTOR, body
from shared.messaging.arrival import Arrival
from shared.messaging.handlers import on, row, rows


def _reviewed(arrival: Arrival, work: AdminWork) -> list[str]:
    """Everybody in the review, whatever was found so far: the same batch may judge before it signs off."""
    review = work.reviews.get(body(arrival).review_id)
    return [item.staff_id for item in review.items] if review is not None else []


_REVIEW = row("reviews", "review_id")

REVIEWS = (
    on(
        OpenReview,
        open_review,
        actor=ACTOR,
        clinic=row("clinics", "clinic_id"),
        roll=row("rolls", "clinic_id"),
        reviews=rows("reviews"),
    ),
    on(JudgePermission, judge_permission, actor=ACTOR, review=_REVIEW, account=row("accounts", "staff_id")),
    on(
        SignOffReview,
        sign_off_review,
        actor=ACTOR,
        review=_REVIEW,
        accounts=rows("accounts", _reviewed),
        clinics=rows("clinics", "clinic_id"),
    ),
)
