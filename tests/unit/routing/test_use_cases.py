"""Use cases on what is loaded, without a database."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from services.routing.application.commands import AssignCase, ClaimCase, MoveReason, ReturnCase
from services.routing.application.follow_conversation import end_withdrawn
from services.routing.application.follow_directory import follow_clinic, follow_staff_account
from services.routing.application.move_case import assign_case, claim_case, return_case
from services.routing.application.queue_case import queue_case
from services.routing.application.release_cases import release_cases
from services.routing.domain.case import Case, Status
from services.routing.domain.directory import Clinic, Person
from shared.contracts.events.admin import (
    ClinicPublished,
    Distribution,
    LockReason,
    Permission,
    Role,
    StaffAccountPublished,
)
from shared.contracts.events.intake import CaseReceived, CaseWithdrawn
from shared.errors import Conflict, NotFound, NotYetKnown, Refused

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
CLINIC = "SE2321000016-1A2B"
ANNA, BERTIL, RITA = "SE2321000016-ANNA", "SE2321000016-BERTIL", "SE2321000016-RITA"


class Fakes(dict[Any, Any]):
    """Rows in memory."""

    def add(self, entity: Any) -> None:
        self[entity.id] = entity


class FakeWanted:
    """Remembers what is wanted."""

    def __init__(self) -> None:
        self.rounds: set[str] = set()
        self.releases: list[tuple[str, set[str]]] = []

    def arrived(self, case: Case) -> None:
        self.rounds.add(case.clinic_id)

    def want_round(self, clinic_id: str) -> None:
        self.rounds.add(clinic_id)

    def want_rounds(self, clinic_ids: Iterable[str]) -> None:
        self.rounds.update(clinic_ids)

    def want_release(self, staff_id: str, clinic_ids: Iterable[str]) -> None:
        self.releases.append((staff_id, set(clinic_ids)))


def person(staff_id: str, *roles: Role, locked: str | None = None) -> Person:
    return Person(staff_id, 1, "N", locked, True, {CLINIC: frozenset(role.value for role in roles)})


def a_case(holder: str | None = None) -> Case:
    case = Case.received(uuid4(), CLINIC, "ask", NOW, NOW)
    if holder:
        case.assign(holder, by=RITA, at=NOW)
    return case


def account(
    version: int,
    *,
    locked: LockReason | None = None,
    present: bool = True,
    roles: Iterable[Role] = (Role.CAREGIVER,),
) -> StaffAccountPublished:
    permissions = (Permission(clinic_id=CLINIC, roles=frozenset(roles)),) if roles else ()
    return StaffAccountPublished(
        staff_id=ANNA,
        version=version,
        at=NOW,
        name="Anna",
        locked=locked,
        present=present,
        permissions=permissions,
    )


RECEIVER, CAREGIVER = person(RITA, Role.RECEIVER), person(ANNA, Role.CAREGIVER)
OPEN_CLINIC = Clinic(CLINIC, 1, "K", True, "manual", True)


def assign(
    case: Case | None, actor: Person | None, target: Person | None, seen: int = 1, reason: Any = None
) -> Any:
    holder = target.id if target else BERTIL
    command = AssignCase(
        case_id=case.id if case else uuid4(),
        actor=actor.id if actor else "",
        seen=seen,
        holder=holder,
        reason=reason,
    )
    return assign_case(command, case, OPEN_CLINIC, actor, target, NOW)


def test_a_received_case_waits_and_wants_a_round() -> None:
    cases, wanted = Fakes(), FakeWanted()
    fact = CaseReceived(
        case_id=uuid4(),
        version=1,
        clinic_id=CLINIC,
        at=NOW,
        case_type="ask",
        case_type_version=1,
        portal_id="p",
    )
    queue_case(fact, cases, wanted, NOW)
    queue_case(fact, cases, wanted, NOW)
    assert cases[fact.case_id].version == 1
    assert wanted.rounds == {CLINIC}


def test_a_receiver_assigns_and_reassigns_with_a_reason() -> None:
    case = a_case()
    assert assign(case, RECEIVER, CAREGIVER)["holder"] == ANNA
    with pytest.raises(Refused, match="required"):
        assign(case, RECEIVER, person(BERTIL, Role.CAREGIVER), seen=2)
    assert assign(case, RECEIVER, person(BERTIL, Role.CAREGIVER), seen=2, reason=MoveReason.ILL)["epoch"] == 2


@pytest.mark.parametrize(
    ("target", "code"),
    (
        (None, "holder_unknown"),
        (person(BERTIL, Role.RECEIVER), "holder_unknown"),
        (person(BERTIL, Role.CAREGIVER, locked="leave"), "holder_locked"),
    ),
)
def test_only_an_active_caregiver_of_the_clinic_gets_a_case(target: Person | None, code: str) -> None:
    case = a_case()
    with pytest.raises(Refused, match=code):
        assign(case, RECEIVER, target)
    assert (case.status, case.version) == (Status.QUEUED, 1)


def test_a_case_of_others_is_not_there_and_an_old_version_is_a_conflict() -> None:
    with pytest.raises(NotFound):
        assign(None, RECEIVER, CAREGIVER)
    with pytest.raises(NotFound):
        assign(a_case(BERTIL), CAREGIVER, CAREGIVER)
    with pytest.raises(Conflict):
        assign(a_case(ANNA), RECEIVER, person(BERTIL, Role.CAREGIVER), seen=1)


def test_a_caregiver_claims_what_waits_and_gives_it_back() -> None:
    case = a_case()
    claim_case(ClaimCase(case_id=case.id, actor=ANNA, seen=1), case, OPEN_CLINIC, CAREGIVER, NOW)
    assert case.holder == ANNA
    back = ReturnCase(case_id=case.id, actor=ANNA, seen=2, reason=MoveReason.WORKLOAD)
    return_case(back, case, OPEN_CLINIC, CAREGIVER, NOW)
    assert (case.status, case.holder or "nobody") == (Status.QUEUED, "nobody")


def test_a_fact_about_an_unknown_case_waits() -> None:
    fact = CaseWithdrawn(case_id=uuid4(), version=2, clinic_id=CLINIC, at=NOW)
    with pytest.raises(NotYetKnown):
        end_withdrawn(fact, None, NOW)


@pytest.mark.parametrize(
    ("then", "reason"),
    (
        (account(2, locked=LockReason.SECURITY), "holder_locked"),
        (account(2, present=False), "holder_absent"),
        (account(2, roles=()), "holder_not_permitted"),
        (account(2, roles=(Role.RECEIVER,)), "holder_not_permitted"),
    ),
)
def test_who_cannot_begin_any_more_gives_back_what_is_not_begun(
    then: StaffAccountPublished, reason: str
) -> None:
    people, wanted = Fakes(), FakeWanted()
    follow_staff_account(account(1), people, wanted, NOW)
    assert (wanted.rounds, wanted.releases) == ({CLINIC}, [])
    follow_staff_account(then, people, wanted, NOW)
    assert wanted.releases == [(ANNA, {CLINIC})]
    begun, waiting = a_case(ANNA), a_case(ANNA)
    begun.start(1)
    release_cases(people[ANNA], [begun, waiting, a_case(BERTIL)], wanted, NOW)
    assert (begun.status, waiting.status) == (Status.STARTED, Status.QUEUED)
    assert waiting.events[-1].reason == reason


def test_an_older_state_of_an_account_or_a_clinic_changes_nothing() -> None:
    people, clinics, wanted = Fakes(), Fakes(), FakeWanted()
    follow_staff_account(account(5), people, wanted, NOW)
    follow_staff_account(account(4, locked=LockReason.LEAVE), people, wanted, NOW)
    assert people[ANNA].locked is None
    for version, how in ((5, Distribution.ROUND_ROBIN), (4, Distribution.MANUAL)):
        fact = ClinicPublished(
            clinic_id=CLINIC,
            version=version,
            at=NOW,
            name="K",
            active=True,
            distribution=how,
            case_types=frozenset(),
        )
        follow_clinic(fact, clinics, wanted, NOW)
    assert clinics[CLINIC].distribution == "round_robin"
