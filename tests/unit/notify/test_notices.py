"""Mails about the account itself: told once, whatever else somebody wishes to hear of, and never out of time."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.notify.application.deliver import take_due
from services.notify.application.directory import learn_staff_member, notices_of
from services.notify.domain.notification import State
from services.notify.domain.staff_member import TOLD_WITHIN, Kind
from shared.contracts.events.admin import LockReason, StaffAccountPublished
from tests.unit.notify.builders import ANNA, NOW, PATIENCE, account
from tests.unit.notify.fakes import FakeNotifications, FakeStaff

MONTH = timedelta(days=30)


def state(version: int = 2, **fields: Any) -> StaffAccountPublished:
    return account(version=version, on_assignment=False).model_copy(update=fields)


def hear(
    *facts: StaffAccountPublished, staff: FakeStaff | None = None, mails: FakeNotifications | None = None
) -> tuple[FakeStaff, FakeNotifications]:
    staff, mails = (
        staff if staff is not None else FakeStaff(),
        mails if mails is not None else FakeNotifications(),
    )
    for fact in facts:
        learn_staff_member(fact, staff, mails, NOW)
    return staff, mails


def kinds(mails: FakeNotifications) -> list[Kind]:
    return [mail.kind for mail in mails.values() if mail.state is State.WAITING]


def test_who_is_reactivated_is_told_once_however_often_it_is_published() -> None:
    staff, mails = hear(state(1, locked=LockReason.LEAVE), state(2, reactivated_at=NOW))
    hear(state(2, reactivated_at=NOW), state(3, reactivated_at=NOW), staff=staff, mails=mails)

    assert kinds(mails) == [Kind.REACTIVATED]
    assert list(mails) == notices_of(state(reactivated_at=NOW))


def test_a_projection_that_is_built_anew_tells_nobody_again() -> None:
    fact = state(reactivated_at=NOW - timedelta(hours=1), locks_at=NOW + MONTH)
    _, mails = hear(fact)

    hear(fact, mails=mails)
    assert sorted(kinds(mails)) == [Kind.INACTIVE, Kind.REACTIVATED]
    _, none = hear(state(reactivated_at=NOW - TOLD_WITHIN, locks_at=NOW - timedelta(seconds=1)))
    assert kinds(none) == []


def test_a_second_lock_and_reactivation_is_a_second_mail() -> None:
    _, mails = hear(state(2, reactivated_at=NOW - timedelta(hours=2)), state(3, reactivated_at=NOW))

    assert kinds(mails) == [Kind.REACTIVATED] * 2


@pytest.mark.parametrize("void", ({"locks_at": None}, {"locked": LockReason.SECURITY}, {"email": ""}))
def test_a_warning_that_is_void_before_it_is_sent_is_not_sent(void: dict[str, Any]) -> None:
    staff, mails = hear(state(2, locks_at=NOW + MONTH))
    hear(state(3, **{"locks_at": NOW + MONTH} | void), staff=staff, mails=mails)
    [warning] = mails.values()

    assert not warning.take(staff[ANNA], PATIENCE, NOW + MONTH, NOW)
    assert warning.state is State.CANCELLED


def test_an_older_state_tells_nothing() -> None:
    _, mails = hear(state(5), state(4, reactivated_at=NOW, locks_at=NOW + MONTH))

    assert kinds(mails) == []


def test_an_address_to_verify_gets_one_mail_whose_link_shows_that_it_was_read() -> None:
    code = uuid4()
    fact = state(2, unverified_email="new@example.org", verification_id=code)
    staff, mails = hear(state(1), fact, fact)
    [mail] = mails.values()
    assert (mail.id, mail.kind, list(mails)) == (code, Kind.VERIFY_ADDRESS, notices_of(fact))

    sent = take_due([(mail, staff[ANNA])], PATIENCE, NOW, NOW)
    assert [one.address for one in sent] == ["new@example.org"]


def test_an_address_that_is_not_wanted_any_more_gets_no_mail() -> None:
    staff, mails = hear(state(2, unverified_email="new@example.org", verification_id=uuid4()), state(3))
    [mail] = mails.values()
    assert take_due([(mail, staff[ANNA])], PATIENCE, NOW, NOW) == []


def test_a_person_whose_own_address_is_suspended_can_verify_another() -> None:
    staff, mails = hear(state(1))
    staff[ANNA].suspend(staff[ANNA].email)
    hear(state(2, unverified_email="new@example.org", verification_id=uuid4()), staff=staff, mails=mails)
    assert len(take_due([(mail, staff[ANNA]) for mail in mails.values()], PATIENCE, NOW, NOW)) == 1
