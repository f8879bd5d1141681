"""A review of permissions: judged person by person, never by the judged; signed off once, all of it or nothing."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.admin.application.permission_reviews.commands import JudgePermission, OpenReview, SignOffReview
from services.admin.application.permission_reviews.review import (
    judge_permission,
    open_review,
    sign_off_review,
)
from services.admin.application.permission_reviews.views import review_view
from services.admin.application.permission_reviews.wishes import Judgement
from services.admin.domain.account import Account
from services.admin.domain.clinic import Clinic
from services.admin.domain.permission_review import (
    PermissionReview,
    Reviewed,
    Roll,
    Verdict,
    reviewed_from,
)
from shared.contracts.events.admin import LockReason, Role
from shared.contracts.ids import ClinicId, StaffId
from shared.errors import Conflict, Forbidden, NotFound, Refused
from tests.unit.admin.builders import HILL, LAKE, NOW, FakeRows, a_clinic, an_account

KEEP, REMOVE = Verdict.KEEP, Verdict.REMOVE
REGION = an_account("REGION", unit=Role.NATIONAL_ADMIN)


class Hill:
    """A clinic, its people, and its review."""

    def __init__(self, *people: Account) -> None:
        self.accounts: FakeRows[StaffId, Account] = FakeRows(*people)
        administrators = sum(HILL in person.administers for person in people)
        self.clinics: FakeRows[ClinicId, Clinic] = FakeRows(a_clinic(HILL, administrators))
        items = [Reviewed(person.id, person.roles_at(HILL)) for person in people]
        self.roll = Roll(HILL, 0, under_review=False, people=items)
        self.reviews: FakeRows[str, PermissionReview] = FakeRows()

    @property
    def review(self) -> PermissionReview:
        return self.reviews.the(f"{HILL}/1")

    def open(self, actor: Account) -> "Hill":
        command = OpenReview(actor=actor.id, clinic_id=HILL)
        open_review(command, actor, self.clinics.get(HILL), self.roll, self.reviews, NOW)
        return self

    def judge(self, actor: Account, who: str, verdict: Verdict, seen: int | None = None) -> None:
        command = JudgePermission(
            actor=actor.id,
            clinic_id=HILL,
            review_id=self.review.id,
            expected_version=self.review.version if seen is None else seen,
            staff_id=who,
            wish=Judgement(verdict=verdict),
        )
        judge_permission(command, actor, self.review, self.accounts.get(StaffId(who)), NOW)

    def sign_off(self, actor: Account) -> None:
        command = SignOffReview(
            actor=actor.id,
            clinic_id=HILL,
            review_id=self.review.id,
            expected_version=self.review.version,
        )
        sign_off_review(command, actor, self.review, self.accounts, self.clinics, NOW)


BOSS, DEPUTY = "SE2321000016-BOSS", "SE2321000016-DEPUTY"
CARER = "SE2321000016-CARER"


def people() -> tuple[Account, Account, Account]:
    return (
        an_account("BOSS", hill=Role.CLINIC_ADMIN),
        an_account("DEPUTY", hill=(Role.CLINIC_ADMIN, Role.RECEIVER)),
        an_account("CARER", hill=Role.CAREGIVER, lake=Role.CAREGIVER),
    )


def test_who_is_not_kept_loses_the_roles_at_this_clinic_when_the_review_is_signed_off() -> None:
    boss, deputy, carer = people()
    hill = Hill(boss, deputy, carer).open(boss)

    hill.judge(boss, DEPUTY, REMOVE)
    hill.judge(boss, CARER, REMOVE)
    hill.judge(deputy, BOSS, KEEP)
    assert carer.roles_at(HILL), "nothing changes before the sign-off"
    hill.sign_off(boss)

    assert (deputy.permissions, carer.permissions) == ({}, {LAKE: frozenset({Role.CAREGIVER})})
    assert hill.clinics.the(HILL).administrators == 1
    assert [(event.version, carer.changed_by) for event in carer.events] == [(2, BOSS)]
    assert (hill.review.signed_off_by, hill.review.signed_off_at, hill.review.version) == (BOSS, NOW, 5)
    assert [item.judged_by for item in hill.review.items] == [DEPUTY, BOSS, BOSS]
    assert not boss.events, "who is kept is not touched"


def test_a_sign_off_that_would_leave_no_administrator_is_refused_as_a_whole() -> None:
    boss, deputy, carer = people()
    hill = Hill(boss, deputy, carer).open(boss)
    for who in (BOSS, DEPUTY, CARER):
        hill.judge(REGION, who, REMOVE)

    with pytest.raises(Refused, match="last_administrator") as refusal:
        hill.sign_off(REGION)
    assert {fault.en.split()[0] for fault in refusal.value.faults} == {BOSS, DEPUTY}

    assert all(person.roles_at(HILL) for person in (boss, deputy, carer))
    assert (hill.review.signed_off_at, hill.clinics.the(HILL).administrators) == (None, 2)
    hill.judge(REGION, DEPUTY, KEEP)
    hill.sign_off(REGION)
    assert hill.clinics.the(HILL).administrators == 1


def test_what_is_signed_off_stays_as_it_is() -> None:
    boss, deputy, _ = people()
    hill = Hill(boss, deputy).open(boss)
    hill.judge(boss, DEPUTY, REMOVE)
    hill.judge(boss, DEPUTY, KEEP)
    hill.judge(deputy, BOSS, KEEP)
    hill.sign_off(boss)

    with pytest.raises(Refused, match="signed_off"):
        hill.judge(boss, DEPUTY, REMOVE)
    with pytest.raises(Refused, match="signed_off"):
        hill.sign_off(boss)
    assert deputy.roles_at(HILL)


def test_nobody_judges_their_own_permission_but_the_region_does() -> None:
    boss, *_ = people()
    hill = Hill(boss).open(boss)

    with pytest.raises(Refused, match="own_permission"):
        hill.judge(boss, BOSS, KEEP)
    hill.judge(REGION, BOSS, KEEP)
    hill.sign_off(boss)


def test_only_who_was_there_is_judged_and_everybody_must_be() -> None:
    boss, deputy, carer = people()
    hill = Hill(boss, deputy, carer).open(boss)
    hill.judge(boss, CARER, KEEP)

    with pytest.raises(Refused, match="not_in_review"):
        hill.judge(boss, "SE2321000016-STRANGER", KEEP)
    with pytest.raises(Refused) as refused:
        hill.sign_off(boss)
    assert refused.value.faults[0].en.startswith("2 of 3 are not judged yet.")


def test_who_may_not_take_a_role_does_not_judge_it_away() -> None:
    boss, region = an_account("BOSS", hill=Role.CLINIC_ADMIN), an_account("UP", hill=Role.REGIONAL_ADMIN)
    hill = Hill(boss, region).open(boss)

    with pytest.raises(Forbidden):
        hill.judge(boss, region.id, REMOVE)
    hill.judge(boss, region.id, KEEP)
    hill.judge(REGION, region.id, REMOVE)
    hill.judge(region, BOSS, KEEP)
    with pytest.raises(Forbidden):
        hill.sign_off(boss)
    assert (region.central, hill.review.signed_off_at) == (True, None)


def test_who_has_left_meanwhile_is_left_alone() -> None:
    boss, deputy, carer = people()
    hill = Hill(boss, deputy, carer).open(boss)
    for who in (DEPUTY, CARER):
        hill.judge(boss, who, REMOVE)
    hill.judge(deputy, BOSS, KEEP)
    carer.set_permissions({HILL: frozenset()})
    hill.sign_off(boss)

    assert (carer.version, carer.events) == (1, [])


def test_one_review_at_a_time_is_open() -> None:
    boss, *_ = people()
    hill = Hill(boss).open(boss)

    with pytest.raises(Refused, match="open_already"):
        hill.open(boss)
    assert hill.roll.reviews == 1


@pytest.mark.parametrize(
    "role",
    [role for role in Role if role not in (Role.CLINIC_ADMIN, Role.REGIONAL_ADMIN, Role.NATIONAL_ADMIN)],
)
def test_only_administrators_review(role: Role) -> None:
    boss, *_ = people()
    somebody = an_account("X", hill=role)
    hill = Hill(boss, somebody).open(boss)

    for act in (
        lambda: hill.open(somebody),
        lambda: hill.judge(somebody, BOSS, REMOVE),
        lambda: hill.sign_off(somebody),
    ):
        with pytest.raises(Forbidden):
            act()


def test_a_review_that_somebody_changed_meanwhile_is_a_conflict_and_an_unknown_one_is_not_found() -> None:
    boss, deputy, _ = people()
    hill = Hill(boss, deputy).open(boss)
    with pytest.raises(Conflict):
        hill.judge(boss, DEPUTY, KEEP, seen=0)

    unknown = SignOffReview(actor=BOSS, clinic_id=HILL, review_id=f"{HILL}/9", expected_version=1)
    with pytest.raises(NotFound):
        sign_off_review(unknown, boss, None, hill.accounts, hill.clinics, NOW)
    with pytest.raises(NotFound):
        open_review(OpenReview(actor=REGION.id, clinic_id=LAKE), REGION, None, None, hill.reviews, NOW)


def test_a_review_is_overdue_thirty_days_after_its_opening_until_it_is_signed_off() -> None:
    boss, *_ = people()
    review = Hill(boss).open(boss).review

    assert not review.overdue(NOW + timedelta(days=30))
    assert review.overdue(NOW + timedelta(days=31))
    review.signed_off_at = NOW
    assert not review.overdue(NOW + timedelta(days=31))


def test_the_roles_of_then_are_shown_beside_those_of_now() -> None:
    boss, deputy, carer = people()
    review = Hill(boss, deputy, carer).open(boss).review
    deputy.set_permissions({HILL: frozenset({Role.RECEIVER})}, {HILL: date(2026, 6, 1)})
    deputy.locked = LockReason.LEAVE

    shown = review_view(review, NOW, {deputy.id: deputy}).items

    present = shown[1].present
    assert (shown[1].roles, shown[0].present) == (["clinic_admin", "receiver"], None)
    assert present is not None
    assert (present.name, present.roles, present.last_on, present.locked) == (
        "Deputy Andersson",
        ["receiver"],
        date(2026, 6, 1),
        LockReason.LEAVE,
    )


def test_people_are_read_as_they_were_listed_and_as_they_were_kept() -> None:
    listed = {"staff_id": CARER, "roles": ["caregiver"], "last_on": None}
    kept = {
        **listed,
        "last_on": "2026-06-01",
        "verdict": "remove",
        "judged_by": BOSS,
        "judged_at": NOW.isoformat(),
    }
    roles = frozenset({Role.CAREGIVER})
    assert reviewed_from([listed, kept]) == [
        Reviewed(CARER, roles),
        Reviewed(CARER, roles, date(2026, 6, 1), REMOVE, BOSS, NOW),
    ]


PERSON = st.fixed_dictionaries(
    {
        "roles": st.frozensets(
            st.sampled_from((Role.CLINIC_ADMIN, Role.CAREGIVER, Role.REGIONAL_ADMIN)), min_size=1
        ),
        "locked": st.sampled_from((None, None, LockReason.INACTIVITY)),
        "last_on": st.sampled_from((None, None, date(2026, 6, 1))),
        "verdict": st.sampled_from(Verdict),
        "meanwhile": st.sampled_from((None, None, frozenset(), frozenset({Role.CLINIC_ADMIN}))),
    }
)


@given(described=st.lists(PERSON, min_size=1, max_size=5), by=st.integers(0, 5))
def test_no_sign_off_leaves_a_clinic_without_an_administrator(
    described: list[Mapping[str, object]], by: int
) -> None:
    people_ = [a_person(number, one) for number, one in enumerate(described)]
    hill = Hill(*people_).open(REGION)
    for person, one in zip(people_, described, strict=True):
        hill.judge(REGION, person.id, Verdict(str(one["verdict"])))
        if one["meanwhile"] is not None:
            person.set_permissions({HILL: frozenset(one["meanwhile"])})  # type: ignore[call-overload]
    clinic = hill.clinics.the(HILL)
    clinic.administrators = before = counted(people_)
    states = [dict(person.permissions) for person in people_]

    try:
        hill.sign_off(people_[by] if by < len(people_) else REGION)
    except Refused:
        assert [person.permissions for person in people_] == states
        assert (hill.review.signed_off_at, clinic.administrators) == (None, before)
    else:
        removed = [one["verdict"] is REMOVE for one in described]
        assert [HILL in person.permissions for person in people_] == [
            HILL in state and not gone for state, gone in zip(states, removed, strict=True)
        ]
        assert clinic.administrators >= min(before, 1)
    assert clinic.administrators == counted(people_)


def a_person(number: int, one: Mapping[str, object]) -> Account:
    person = an_account(f"P{number}", hill=tuple(one["roles"]))  # type: ignore[arg-type]
    person.locked = one["locked"]  # type: ignore[assignment]
    if one["last_on"] is not None:
        person.last_on[HILL] = one["last_on"]  # type: ignore[assignment]
    return person


def counted(people_: list[Account]) -> int:
    return sum(HILL in person.administers for person in people_)
