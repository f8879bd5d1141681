"""Planned absences begin and end at midnight in Sweden, and name who stands in."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.admin.application.accounts.absences import follow_absences, plan_absence
from services.admin.application.accounts.commands import FollowAbsences, PlanAbsence
from services.admin.application.accounts.wishes import AbsenceWish
from services.admin.domain.account import BY_SYSTEM, Account
from shared.contracts.events.admin import LockReason, Role, StaffAccountPublished
from shared.errors import NotFound, Refused
from tests.unit.admin.builders import NOW, FakeRows, an_account

TODAY = date(2026, 3, 2)


def two_colleagues() -> tuple[Account, Account]:
    return an_account("ANNA", hill=Role.CAREGIVER), an_account("BO", hill=Role.CAREGIVER)


def planning(account: Account, *others: Account, actor: Account | None = None, **wish: Any) -> None:
    command = PlanAbsence(
        actor=(actor or account).id,
        staff_id=account.id,
        expected_version=account.version,
        wish=AbsenceWish(**wish) if wish else None,
    )
    plan_absence(command, actor or account, account, FakeRows(account, *others), NOW)


def following(account: Account, at: datetime) -> None:
    follow_absences(FollowAbsences(staff_ids=(account.id,)), FakeRows(account), at)


def told(account: Account) -> list[tuple[bool, str]]:
    facts = [event for event in account.events if isinstance(event, StaffAccountPublished)]
    return [(fact.present, fact.substitute) for fact in facts]


def test_an_absence_begins_and_ends_by_itself_and_each_is_told_once() -> None:
    anna, bo = two_colleagues()
    planning(anna, bo, first_on=date(2026, 3, 28), last_on=date(2026, 3, 29), substitute=bo.id)
    midnight = datetime(2026, 3, 27, 23, 0, tzinfo=UTC)
    summer_time = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    for at in (midnight - timedelta(seconds=1), midnight, midnight, summer_time - timedelta(seconds=1)):
        following(anna, at)
    assert told(anna) == [(True, ""), (False, bo.id)]
    following(anna, summer_time)
    following(anna, summer_time)
    assert told(anna) == [(True, ""), (False, bo.id), (True, "")]
    assert anna.absence is None
    assert anna.changed_by == BY_SYSTEM


def test_who_is_ill_today_is_away_at_once_until_somebody_says_otherwise() -> None:
    anna, receiver = an_account("ANNA", hill=Role.CAREGIVER), an_account("RUT", hill=Role.RECEIVER)
    planning(anna, actor=receiver, first_on=TODAY)
    following(anna, NOW + timedelta(days=400))
    planning(anna)
    assert told(anna) == [(False, ""), (True, "")]


def test_an_absence_does_not_bring_back_who_has_said_to_be_away() -> None:
    anna, _ = two_colleagues()
    anna.present = False
    planning(anna, first_on=TODAY, last_on=TODAY)
    following(anna, NOW + timedelta(days=1))
    assert told(anna) == [(False, ""), (False, "")]


@pytest.mark.parametrize(
    ("wish", "code"),
    (
        ({"first_on": TODAY, "last_on": TODAY - timedelta(days=1)}, "before_first"),
        ({"first_on": date(2026, 1, 1), "last_on": date(2026, 3, 1)}, "over_already"),
        ({"first_on": TODAY, "substitute": "SE2321000016-NOBODY"}, "unfit"),
        ({"first_on": TODAY, "substitute": "SE2321000016-ANNA"}, "unfit"),
        ({"first_on": TODAY, "substitute": "SE2321000016-FAR"}, "unfit"),
        ({"first_on": TODAY, "substitute": "SE2321000016-LOCKED"}, "unfit"),
    ),
)
def test_what_makes_no_sense_is_refused(wish: dict[str, Any], code: str) -> None:
    anna, bo = two_colleagues()
    far = an_account("FAR", lake=Role.CAREGIVER)
    locked = an_account("LOCKED", hill=Role.CAREGIVER)
    locked.locked = LockReason.LEAVE
    with pytest.raises(Refused) as refused:
        planning(anna, bo, far, locked, an_account("NOBODY"), **wish)
    assert [fault.code for fault in refused.value.faults] == [code]
    assert anna.absence is None


def test_a_colleague_without_a_role_for_it_plans_nobody_s_absence() -> None:
    anna, bo = two_colleagues()
    with pytest.raises(NotFound):
        planning(anna, actor=bo, first_on=TODAY)
