"""Who gets what: the use cases over rows in memory."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.application import policy
from services.notify.application.directory import learn_staff_member
from services.notify.application.tell import (
    note_end,
    tell_holder,
    tell_new_holder,
    tell_of_return,
    tell_receivers,
)
from services.notify.domain.notification import State
from shared.contracts.events.admin import LockReason, MailAt, StaffAccountPublished
from shared.contracts.events.routing import (
    CaseAssigned,
    CaseEnded,
    CaseQueued,
    CaseReassigned,
    CaseReturned,
    QueueReason,
)
from shared.contracts.message import Message
from tests.unit.notify.builders import (
    ANNA,
    BERTIL,
    CLINIC,
    NOW,
    OTHER_CLINIC,
    RITA,
    SOON,
    a_mail,
    account,
    assigned,
    ended,
    queued,
    reassigned,
    returned,
)
from tests.unit.notify.fakes import FakeCases, FakeNotifications, FakeReceivers, FakeStaff

CASE = UUID(int=1)


class Post:
    """Everything a fact meets."""

    def __init__(self, *accounts: StaffAccountPublished) -> None:
        self.cases, self.staff, self.mails = FakeCases(), FakeStaff(), FakeNotifications()
        self.receivers = FakeReceivers(self.staff)
        self.hear(*accounts)

    def hear(self, *facts: Message) -> "Post":
        """One fact after the other."""
        for fact in facts:
            self._hear(fact)
        return self

    def _hear(self, fact: Message) -> None:
        rows = (self.staff, self.mails, uuid4(), SOON, NOW)
        if isinstance(fact, CaseQueued):
            tell_receivers(fact, self.cases, self.receivers, *rows)
        elif isinstance(fact, CaseReturned):
            tell_of_return(fact, self.cases, self.receivers, *rows)
        elif isinstance(fact, CaseAssigned):
            tell_holder(fact, self.cases, *rows)
        elif isinstance(fact, CaseReassigned):
            tell_new_holder(fact, self.cases, *rows)
        elif isinstance(fact, CaseEnded):
            note_end(fact, self.cases, self.mails, NOW)
        elif isinstance(fact, StaffAccountPublished):
            learn_staff_member(fact, self.staff, self.mails, NOW)

    def waiting(self) -> dict[str, int]:
        """How many cases each person is about to be told of."""
        mails = [mail for mail in self.mails.values() if mail.state is State.WAITING]
        assert len({(mail.staff_id, mail.kind) for mail in mails}) == len(mails)
        return {mail.staff_id: mail.cases for mail in mails}


def test_the_holder_is_told_and_cases_are_gathered() -> None:
    post = Post(account(ANNA), account(BERTIL))
    post.hear(assigned(CASE), assigned(uuid4()), assigned(uuid4(), BERTIL))
    assert post.waiting() == {ANNA: 2, BERTIL: 1}
    assert {mail.due_at for mail in post.mails.values()} == {NOW + SOON}


def test_after_a_change_of_holder_only_the_new_one_is_told() -> None:
    post = Post(account(ANNA), account(BERTIL)).hear(assigned(CASE), reassigned(CASE, BERTIL, ANNA))
    assert post.waiting() == {BERTIL: 1}


@pytest.mark.parametrize(
    "anna",
    (
        account(ANNA, locked=LockReason.LEAVE),
        account(ANNA, email=""),
        account(ANNA, email="  "),
        account(ANNA, on_assignment=False),
    ),
)
def test_who_is_locked_has_no_address_or_does_not_want_mail_is_not_told(anna: StaffAccountPublished) -> None:
    assert Post(anna).hear(assigned(CASE)).mails == {}


def test_somebody_whom_the_directory_does_not_know_is_not_told() -> None:
    assert Post().hear(assigned(CASE)).mails == {}


@pytest.mark.parametrize(
    ("reason", "told"),
    (
        (QueueReason.RECEIVED, {RITA: 1}),
        (QueueReason.RETURNED, {RITA: 1}),
        (QueueReason.REOPENED, {}),
        (QueueReason.HOLDER_LOCKED, {}),
    ),
)
def test_receivers_of_the_clinic_are_told_of_its_queue(reason: QueueReason, told: dict[str, int]) -> None:
    post = Post(
        account(RITA, receives_at=[CLINIC]), account(BERTIL, receives_at=[OTHER_CLINIC]), account(ANNA)
    )
    assert post.hear(queued(CASE, reason=reason)).waiting() == told


def with_wishes(fact: StaffAccountPublished, *wishes: MailAt) -> StaffAccountPublished:
    return fact.model_copy(update={"mail_at": wishes})


def a_wish(clinic: str, *, on_assignment: bool = False, on_new_case: bool = False) -> MailAt:
    return MailAt(clinic_id=clinic, on_assignment=on_assignment, on_new_case=on_new_case)


def test_a_wish_for_one_clinic_holds_there_alone() -> None:
    quiet_here = with_wishes(account(ANNA), a_wish(CLINIC))
    only_here = with_wishes(account(BERTIL, on_assignment=False), a_wish(CLINIC, on_assignment=True))
    elsewhere = with_wishes(account(RITA, on_assignment=False), a_wish(OTHER_CLINIC, on_assignment=True))
    post = Post(quiet_here, only_here, elsewhere)
    for holder in (ANNA, BERTIL, RITA):
        post.hear(assigned(uuid4(), holder))
    assert post.waiting() == {BERTIL: 1}


def test_a_receiver_can_be_told_of_one_clinics_queue_and_not_of_anothers() -> None:
    both = account(RITA, receives_at=[CLINIC, OTHER_CLINIC])
    post = Post(with_wishes(both, a_wish(OTHER_CLINIC)))
    post.hear(queued(uuid4()), queued(uuid4(), clinic=OTHER_CLINIC))
    assert post.waiting() == {RITA: 1}
    only_other = both.model_copy(update={"mail_on_new_case": False, "version": 2})
    post = Post(with_wishes(only_other, a_wish(OTHER_CLINIC, on_new_case=True)))
    post.hear(queued(uuid4()), queued(uuid4(), clinic=OTHER_CLINIC), queued(uuid4(), clinic=OTHER_CLINIC))
    assert post.waiting() == {RITA: 2}


def test_a_wish_for_a_clinic_where_one_is_no_receiver_gives_nothing() -> None:
    post = Post(with_wishes(account(ANNA), a_wish(CLINIC, on_new_case=True)))
    assert post.hear(queued(CASE)).waiting() == {}


def test_a_returned_case_is_told_of_once_whichever_facts_say_so() -> None:
    post = Post(account(RITA, receives_at=[CLINIC]), account(ANNA))
    post.hear(assigned(CASE), returned(CASE), queued(CASE, 3, QueueReason.RETURNED))
    assert post.waiting() == {RITA: 1}


@pytest.mark.parametrize("late", (assigned(CASE, ANNA, 1), queued(CASE, 2), ended(CASE, 3)))
def test_a_late_fact_changes_nothing(late: Message) -> None:
    post = Post(account(ANNA), account(BERTIL), account(RITA, receives_at=[CLINIC]))
    post.hear(assigned(CASE, BERTIL, 3)).hear(late)
    assert post.waiting() == {BERTIL: 1}


def test_another_address_sends_what_waited_for_it() -> None:
    post = Post(account(ANNA)).hear(assigned(CASE))
    post.staff[ANNA].suspend(post.staff[ANNA].email)
    [mail] = post.mails.values()
    mail.take(post.staff[ANNA], None, NOW, NOW)  # type: ignore[arg-type]
    post.hear(account(ANNA, version=2, language="en"))
    assert mail.state is State.SUSPENDED
    post.hear(account(ANNA, version=3, email="new@example.org"))
    assert post.waiting() == {ANNA: 1}


def test_an_older_version_of_an_account_is_ignored() -> None:
    post = Post(account(ANNA, version=2, email="new@example.org"), account(ANNA, version=1))
    assert post.staff[ANNA].email == "new@example.org"


_FACTS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["queued", "assigned", "reassigned", "returned", "ended"])),
    max_size=30,
)


@given(_FACTS)
def test_each_mail_tells_of_exactly_the_cases_that_count_on_it(steps: list[tuple[int, str]]) -> None:
    post = Post(account(ANNA), account(BERTIL), account(RITA, receives_at=[CLINIC]))
    for version, (number, step) in enumerate(steps, 1):
        case_id = UUID(int=number)
        fact = {
            "queued": queued(case_id, version),
            "assigned": assigned(case_id, ANNA, version),
            "reassigned": reassigned(case_id, BERTIL, ANNA, version),
            "returned": returned(case_id, version=version),
            "ended": ended(case_id, version),
        }[step]
        post.hear(fact)
    for mail in post.mails.values():
        counted = [case for case in post.cases.values() if mail.id in case.counted_in]
        assert mail.cases == len(counted)
        assert all(case.holder in ("", mail.staff_id) for case in counted)
    holders = [case.holder for case in post.cases.values() if case.holder]
    in_queue = [case for case in post.cases.values() if not case.holder and not case.ended]
    expected = {who: holders.count(who) for who in set(holders)} | ({RITA: len(in_queue)} if in_queue else {})
    assert post.waiting() == expected


@pytest.mark.parametrize(
    ("kind", "who", "act", "locked", "allowed"),
    (
        ("staff", ANNA, policy.SEE_NOTIFICATION, False, True),
        ("staff", ANNA, policy.SEE_NOTIFICATION, True, False),
        ("staff", BERTIL, policy.SEE_NOTIFICATION, False, False),
        ("portal", ANNA, policy.SEE_NOTIFICATION, False, False),
        ("staff", ANNA, "anything_else", False, False),
    ),
)
def test_only_the_person_concerned_sees_a_mails_state(
    kind: str, who: str, act: str, locked: bool, allowed: bool
) -> None:
    assert policy.may(kind, who, act, a_mail(), locked=locked) is allowed
