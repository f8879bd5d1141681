"""Commands about reviews of permissions."""

from typing import ClassVar

from services.admin.application.commands import AdminCommand
from services.admin.application.permission_reviews.wishes import Judgement
from shared.contracts.message import HsaId


class OpenReview(AdminCommand):
    """An administrator wants the clinic's permissions looked through now."""

    TYPE: ClassVar[str] = "admin.open-permission-review.v1"

    clinic_id: HsaId


class ReviewCommand(AdminCommand):
    """Something about one review."""

    clinic_id: HsaId
    review_id: str
    expected_version: int


class JudgePermission(ReviewCommand):
    """An administrator says whether somebody keeps their roles at the clinic."""

    TYPE: ClassVar[str] = "admin.judge-permission.v1"

    staff_id: HsaId
    wish: Judgement


class SignOffReview(ReviewCommand):
    """An administrator is done with a review."""

    TYPE: ClassVar[str] = "admin.sign-off-permission-review.v1"
