"""A week's sample: judged one by one, never by who is judged, and signed off once."""

from datetime import UTC, date, datetime

import pytest

from services.admin.application.access_log.commands import JudgeAccess, SignOffSample
from services.admin.application.access_log.samples import judge_access, sign_off_sample
from services.admin.application.access_log.wishes import Finding
from services.admin.domain.access_sample import (
    AccessSample,
    Deviation,
    Item,
    Verdict,
    days_of,
    items_from,
    week_of,
)
from services.admin.domain.account import Account
from shared.contracts.events.admin import Role
from shared.contracts.ids import ClinicId, StaffId
from shared.errors import Conflict, Forbidden, NotFound, Refused
from tests.unit.admin.builders import HILL as CLINIC
from tests.unit.admin.builders import NOW

REVIEWER = "SE2321000016-R"


def a_sample() -> AccessSample:
    items = [Item(7, "SE2321000016-A"), Item(9, REVIEWER)]
    return AccessSample(f"{CLINIC}/2026-W47", ClinicId(CLINIC), "2026-W47", items, version=1)


def a_reviewer(role: Role = Role.REVIEWER, id_: str = REVIEWER) -> Account:
    return Account(StaffId(id_), "Rut Granskare", permissions={ClinicId(CLINIC): frozenset({role})})


def judging(
    sample: AccessSample, number: int, finding: Finding, by: str = REVIEWER, seen: int | None = None
) -> None:
    command = JudgeAccess(
        actor=by,
        clinic_id=CLINIC,
        sample_id=sample.id,
        expected_version=sample.version if seen is None else seen,
        number=number,
        wish=finding,
    )
    judge_access(command, a_reviewer(id_=by), sample, NOW)


def signing_off(sample: AccessSample, actor: Account | None = None) -> None:
    command = SignOffSample(
        actor=REVIEWER, clinic_id=CLINIC, sample_id=sample.id, expected_version=sample.version
    )
    sign_off_sample(command, actor or a_reviewer(), sample, NOW)


JUSTIFIED = Finding(verdict=Verdict.JUSTIFIED)
DEVIATION = Finding(verdict=Verdict.DEVIATION, reason=Deviation.NO_CARE_RELATION, reference="AVV-2026-17")


def test_a_sample_is_judged_access_by_access_and_then_signed_off() -> None:
    sample = a_sample()

    judging(sample, 7, DEVIATION)
    judging(sample, 9, JUSTIFIED, by="SE2321000016-S")
    signing_off(sample)

    assert (sample.deviations, sample.signed_off_by, sample.signed_off_at) == (1, REVIEWER, NOW)
    assert sample.version == 4


def test_a_finding_can_be_changed_until_the_sample_is_signed_off() -> None:
    sample = a_sample()
    judging(sample, 7, DEVIATION)
    judging(sample, 7, JUSTIFIED)
    judging(sample, 9, JUSTIFIED, by="SE2321000016-S")
    signing_off(sample)

    assert sample.deviations == 0
    with pytest.raises(Refused, match="signed_off"):
        judging(sample, 7, DEVIATION)
    with pytest.raises(Refused, match="signed_off"):
        signing_off(sample)


@pytest.mark.parametrize(
    ("number", "finding", "code"),
    (
        (9, JUSTIFIED, "own_access"),
        (8, JUSTIFIED, "not_in_sample"),
        (7, Finding(verdict=Verdict.DEVIATION), "reason_required"),
        (7, Finding(verdict=Verdict.JUSTIFIED, reason=Deviation.OTHER), "reason_unwanted"),
    ),
)
def test_what_makes_no_sense_is_refused(number: int, finding: Finding, code: str) -> None:
    sample = a_sample()
    with pytest.raises(Refused) as refused:
        judging(sample, number, finding)
    assert [fault.code for fault in refused.value.faults] == [code]
    assert sample.version == 1


def test_what_is_not_judged_is_not_signed_off() -> None:
    sample = a_sample()
    judging(sample, 7, JUSTIFIED)
    with pytest.raises(Refused) as refused:
        signing_off(sample)
    assert refused.value.faults[0].en.startswith("1 of 2 are not judged yet.")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.REVIEWER])
def test_only_reviewers_check(role: Role) -> None:
    with pytest.raises(Forbidden):
        signing_off(a_sample(), a_reviewer(role))


def test_a_sample_that_somebody_changed_meanwhile_is_a_conflict() -> None:
    sample = a_sample()
    with pytest.raises(Conflict):
        judging(sample, 7, JUSTIFIED, seen=0)


def test_a_sample_that_does_not_exist_is_not_found() -> None:
    command = SignOffSample(actor=REVIEWER, clinic_id=CLINIC, sample_id="x", expected_version=1)
    with pytest.raises(NotFound):
        sign_off_sample(command, a_reviewer(), None, NOW)


@pytest.mark.parametrize(
    ("day", "week"),
    ((date(2026, 11, 22), "2026-W47"), (date(2027, 1, 3), "2026-W53"), (date(2024, 12, 30), "2025-W01")),
)
def test_weeks_are_iso_weeks(day: date, week: str) -> None:
    assert week_of(day) == week
    first, after = days_of(week)
    assert first <= day < after
    assert (after - first).days == 7


def test_a_sample_is_overdue_two_weeks_after_its_week() -> None:
    sample = a_sample()
    assert not sample.overdue(datetime(2026, 12, 7, 23, tzinfo=UTC))
    assert sample.overdue(datetime(2026, 12, 8, 1, tzinfo=UTC))


def test_items_are_read_as_they_were_drawn_and_as_they_were_kept() -> None:
    drawn = {"number": 7, "actor_id": "SE2321000016-A"}
    kept = drawn | {"verdict": "deviation", "reason": "other", "reference": "x"}
    assert items_from([drawn, kept]) == [
        Item(7, "SE2321000016-A"),
        Item(7, "SE2321000016-A", Verdict.DEVIATION, Deviation.OTHER, "x"),
    ]
