"""Permissions for a time: they end at the midnight after their last day, and nobody to rely on is lost by it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.admin.application.accounts.commands import EndPermissions, SetPermissions
from services.admin.application.accounts.permissions import end_permissions, set_permissions
from services.admin.application.accounts.views import AccountView
from services.admin.application.accounts.wishes import Permissions, RolesAt
from services.admin.application.policy import Act, Subject, may
from services.admin.domain.account import BY_SYSTEM, Account
from services.admin.domain.calendar import end_of, today
from shared.contracts.events.admin import Role
from shared.errors import Forbidden, Refused
from tests.unit.admin.builders import HILL, LAKE, NOW, FakeRows, a_clinic, an_account

BOSS = an_account("BOSS", hill=Role.CLINIC_ADMIN)
TODAY = date(2026, 3, 2)


def give(
    account: Account, roles: set[Role], last_on: date | None, actor: Account = BOSS, administrators: int = 2
) -> Any:
    part = RolesAt(clinic_id=HILL, roles=frozenset(roles), last_on=last_on)
    command = SetPermissions(
        actor=actor.id,
        staff_id=account.id,
        expected_version=account.version,
        wish=Permissions(permissions=(part,)),
    )
    return set_permissions(command, actor, account, FakeRows(a_clinic(administrators=administrators)), NOW)


def end(account: Account, at: datetime) -> None:
    end_permissions(EndPermissions(staff_ids=(account.id, "SE2321000016-GONE")), FakeRows(account), at)


@pytest.mark.parametrize(
    ("day", "midnight"),
    (
        (date(2026, 1, 31), "2026-01-31T23:00:00+00:00"),
        (date(2026, 7, 31), "2026-07-31T22:00:00+00:00"),
        (date(2026, 3, 28), "2026-03-28T23:00:00+00:00"),  # the clock goes forward in the night after
        (date(2026, 3, 29), "2026-03-29T22:00:00+00:00"),  # a day of 23 hours
        (date(2026, 10, 24), "2026-10-24T22:00:00+00:00"),  # the clock goes back in the night after
        (date(2026, 10, 25), "2026-10-25T23:00:00+00:00"),  # a day of 25 hours
        (date(2028, 2, 29), "2028-02-29T23:00:00+00:00"),
        (date(2026, 12, 31), "2026-12-31T23:00:00+00:00"),
    ),
)
def test_a_day_ends_at_swedish_midnight(day: date, midnight: str) -> None:
    end_ = end_of(day)

    assert end_.isoformat() == midnight
    assert (today(end_ - timedelta(microseconds=1)), today(end_)) == (day, day + timedelta(days=1))


def test_a_permission_for_a_time_is_published_with_its_end_and_taken_away_then() -> None:
    anna = an_account()
    view = give(anna, {Role.CAREGIVER}, date(2026, 3, 29))

    assert isinstance(view, AccountView)
    assert view.permissions[0].last_on == date(2026, 3, 29)
    assert anna.events[-1].permissions[0].ends_at == datetime(2026, 3, 29, 22, tzinfo=UTC)

    end(anna, datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC))
    assert anna.version == 2, "one second before nothing happens"
    end(anna, datetime(2026, 3, 29, 22, tzinfo=UTC))
    assert (anna.version, anna.changed_by, anna.permissions, anna.last_on) == (3, BY_SYSTEM, {}, {})
    assert anna.events[-1].permissions == ()
    end(anna, datetime(2026, 3, 30, tzinfo=UTC))
    assert anna.version == 3, "and once is enough"


def test_what_ends_elsewhere_does_not_touch_the_rest() -> None:
    anna = an_account(lake=Role.RECEIVER)
    give(anna, {Role.CAREGIVER}, TODAY)

    end(anna, datetime(2026, 3, 3, tzinfo=UTC))

    assert anna.permissions == {LAKE: {Role.RECEIVER}}


def test_a_permission_that_is_given_anew_without_a_last_day_stays() -> None:
    anna = an_account()
    give(anna, {Role.CAREGIVER}, TODAY)
    give(anna, {Role.CAREGIVER}, None)

    end(anna, datetime(2026, 4, 1, tzinfo=UTC))

    assert anna.permissions == {HILL: {Role.CAREGIVER}}
    assert anna.events[-1].permissions[0].ends_at is None


def test_a_day_that_is_over_is_refused_and_today_is_not() -> None:
    with pytest.raises(Refused, match="over_already"):
        give(an_account(), {Role.CAREGIVER}, TODAY - timedelta(days=1))

    give(an_account(), {Role.CAREGIVER}, TODAY)


def test_what_has_ended_gives_nothing_before_anybody_has_taken_it_away() -> None:
    anna = an_account(hill=(Role.CLINIC_ADMIN, Role.NATIONAL_ADMIN))
    anna.last_on[HILL] = TODAY
    assert may(anna, Act.CHANGE_CLINIC, Subject(frozenset({HILL})))

    anna.ended = anna.over(datetime(2026, 3, 3, tzinfo=UTC))

    assert anna.permissions, "the row still has it"
    assert [act for act in Act if may(anna, act, Subject(frozenset({HILL, LAKE})))] == []
    assert not may(anna, Act.SET_ROLES, Subject(frozenset({HILL}), roles=frozenset({Role.RECEIVER})))


def test_the_last_administrator_can_not_be_made_one_for_a_time() -> None:
    anna = an_account(hill=Role.CLINIC_ADMIN)

    with pytest.raises(Refused, match="last_administrator"):
        give(anna, {Role.CLINIC_ADMIN}, date(2026, 6, 1), administrators=1)
    assert (anna.last_on, anna.changed) == ({}, False)


def test_who_administers_for_a_time_is_not_counted_and_may_end() -> None:
    anna, clinics = an_account(), FakeRows[Any, Any](a_clinic(administrators=1))
    part = RolesAt(clinic_id=HILL, roles=frozenset({Role.CLINIC_ADMIN}), last_on=TODAY)
    command = SetPermissions(
        actor=BOSS.id, staff_id=anna.id, expected_version=1, wish=Permissions(permissions=(part,))
    )
    set_permissions(command, BOSS, anna, clinics, NOW)
    assert clinics.the(HILL).administrators == 1

    end(anna, datetime(2026, 3, 3, tzinfo=UTC))

    assert (anna.permissions, clinics.the(HILL).administrators) == ({}, 1)


def test_a_permission_administrator_does_not_shorten_what_they_could_not_give() -> None:
    giver = an_account("GIVER", hill=Role.PERMISSION_ADMIN)
    anna = an_account(hill=(Role.CLINIC_ADMIN, Role.RECEIVER))

    with pytest.raises(Forbidden):
        give(anna, {Role.CLINIC_ADMIN, Role.RECEIVER}, date(2026, 6, 1), giver)
    with pytest.raises(Forbidden):
        give(anna, {Role.CLINIC_ADMIN}, date(2026, 6, 1), giver)
    nils = an_account("NILS", hill=Role.RECEIVER)
    give(nils, {Role.RECEIVER}, date(2026, 6, 1), giver)
    assert nils.last_on == {HILL: date(2026, 6, 1)}


def test_one_administrator_left_is_a_warning_in_the_answer() -> None:
    anna = an_account(hill=Role.CLINIC_ADMIN)

    view = give(anna, {Role.RECEIVER}, None, administrators=2)

    assert isinstance(view, AccountView)
    assert [(warning.clinic_id, warning.code) for warning in view.warnings] == [
        (HILL, "one_administrator_left")
    ]
