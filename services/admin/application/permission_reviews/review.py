"""Go through a clinic's permissions: open a review, judge each person, sign off, which takes what was not kept."""

from datetime import datetime

from services.admin.application.accounts.permissions import (
    Loss,
    keep_count,
    must_be_able_to_set,
    must_leave_an_administrator,
)
from services.admin.application.faults import not_found
from services.admin.application.permission_reviews.commands import (
    JudgePermission,
    OpenReview,
    ReviewCommand,
    SignOffReview,
)
from services.admin.application.permission_reviews.views import ReviewView, review_view
from services.admin.application.policy import Act, Subject, must
from services.admin.application.ports import Accounts, Clinics, Reviews
from services.admin.domain.account import Account, Roles
from services.admin.domain.clinic import Clinic
from services.admin.domain.permission_review import PermissionReview, Roll, Verdict
from shared.contracts.ids import ClinicId, StaffId

NOTHING: Roles = frozenset()


def open_review(
    command: OpenReview,
    actor: Account | None,
    clinic: Clinic | None,
    roll: Roll | None,
    reviews: Reviews,
    now: datetime,
) -> ReviewView:
    """Begin a review of everybody who has roles at the clinic at this moment."""
    _must_be_reviewer(command.clinic_id, actor)
    if clinic is None or roll is None:
        raise not_found("clinic_id")
    review = roll.open(command.actor, now)
    reviews.add(review)
    return review_view(review, now)


def judge_permission(
    command: JudgePermission,
    actor: Account | None,
    review: PermissionReview | None,
    account: Account | None,
    now: datetime,
) -> ReviewView:
    """Say whether somebody keeps their roles; who removes must be able to take them."""
    who = _must_be_reviewer(command.clinic_id, actor)
    review = _as_seen(command, review)
    if account is not None and command.wish.verdict is Verdict.REMOVE:
        must_be_able_to_set(who, account, {review.clinic_id: NOTHING}, {})
    review.judge(command.staff_id, command.wish.verdict, command.actor, now)
    return review_view(review, now)


def sign_off_review(
    command: SignOffReview,
    actor: Account | None,
    review: PermissionReview | None,
    accounts: Accounts,
    clinics: Clinics,
    now: datetime,
) -> ReviewView:
    """Everybody is judged: take away, all at once or not at all, the roles of those who don't keep them."""
    who = _must_be_reviewer(command.clinic_id, actor)
    review = _as_seen(command, review)
    review.must_be_judged()
    nothing_there = {review.clinic_id: NOTHING}
    found = [accounts.get(StaffId(staff_id)) for staff_id in review.to_remove]
    leaving = [
        account for account in found if account is not None and review.clinic_id in account.permissions
    ]
    for account in leaving:
        must_be_able_to_set(who, account, nothing_there, {})
    losing = [
        Loss("items", account.id, review.clinic_id)
        for account in leaving
        if review.clinic_id in account.administers
    ]
    must_leave_an_administrator(losing, clinics)
    for account in leaving:
        before = account.administers
        account.set_permissions(nothing_there)
        keep_count(before, account.administers, clinics)
        account.publish(command.actor, now)
    review.sign_off(command.actor, now)
    return review_view(review, now)


def _must_be_reviewer(clinic_id: str, actor: Account | None) -> Account:
    return must(actor, Act.REVIEW_PERMISSIONS, Subject(frozenset({ClinicId(clinic_id)})))


def _as_seen(command: ReviewCommand, review: PermissionReview | None) -> PermissionReview:
    if review is None:
        raise not_found("number")
    review.expect_version(command.expected_version)
    return review
