"""The life of one mail."""

from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import services.notify
from services.notify.domain.notification import (
    OPEN,
    TRANSITIONS,
    Act,
    NotAllowed,
    Notification,
    State,
    mermaid,
)
from services.notify.domain.outcome import Outcome, Verdict
from services.notify.domain.staff_member import Kind
from shared.contracts.events.notify import NotificationFailed, NotificationSent
from tests.unit.notify.builders import ANNA, NOW, PATIENCE, a_mail, member

LEASE = NOW + timedelta(seconds=30)
OVER = (State.SENT, State.FAILED, State.CANCELLED)


def taken(attempts: int = 0) -> Notification:
    """A mail on the line."""
    mail = a_mail(State.RETRY if attempts else State.WAITING, attempts=attempts)
    assert mail.take(member(), PATIENCE, LEASE, NOW)
    return mail


@pytest.mark.parametrize(("state", "act"), tuple(product(State, Act)))
def test_the_table_alone_decides_what_an_act_leads_to(state: State, act: Act) -> None:
    mail = a_mail(state)
    after = TRANSITIONS.get((state, act))
    if after is None:
        with pytest.raises(NotAllowed):
            mail._apply(act, NOW)
        assert (mail.state, mail.changed) == (state, False)
    else:
        mail._apply(act, NOW)
        assert mail.state is after


@pytest.mark.parametrize("act", (Act.CANCEL, Act.ACCEPT))
def test_facts_have_a_row_for_every_state(act: Act) -> None:
    assert all((state, act) in TRANSITIONS for state in State)


def test_every_state_can_be_left_for_an_end_or_is_one() -> None:
    for state in State:
        ends = {TRANSITIONS[pair] for pair in TRANSITIONS if pair[0] is state} & set(OVER)
        assert ends


def test_a_mail_is_cancelled_when_its_last_case_is_handled() -> None:
    mail = a_mail(cases=2)
    mail.drop(NOW)
    assert (mail.state, mail.cases) == (State.WAITING, 1)
    mail.drop(NOW)
    assert (mail.state, mail.events) == (State.CANCELLED, [])


@pytest.mark.parametrize("state", OVER)
def test_a_handled_case_changes_nothing_about_a_mail_that_is_over(state: State) -> None:
    mail = a_mail(state)
    mail.drop(NOW)
    assert (mail.state, mail.cases, mail.changed) == (state, 1, False)


@pytest.mark.parametrize(
    "nobody", (None, member(locked="leave"), member(email=""), member(on_assignment=False))
)
def test_a_due_mail_that_nobody_wants_any_more_is_cancelled(nobody: object) -> None:
    for state in (State.WAITING, State.RETRY, State.SENDING):
        mail = a_mail(state)
        assert not mail.take(nobody, PATIENCE, LEASE, NOW)  # type: ignore[arg-type]
        assert mail.state is State.CANCELLED


def test_a_taken_mail_is_ours_until_the_lease_ends() -> None:
    mail = taken()
    assert (mail.state, mail.attempts, mail.due_at) == (State.SENDING, 1, LEASE)


def test_the_servers_yes_is_told_once() -> None:
    mail = taken()
    for _ in range(2):
        mail.conclude(1, Outcome(Verdict.ACCEPTED, "250"), PATIENCE, NOW)
    assert mail.state is State.SENT
    assert mail.events == [NotificationSent(notification_id=mail.id, staff_id=ANNA, at=NOW)]


def test_a_late_yes_counts_even_when_somebody_else_had_taken_the_mail() -> None:
    mail = taken()
    mail.take(member(), PATIENCE, LEASE, NOW)
    mail.conclude(1, Outcome(Verdict.PUT_OFF, "451"), PATIENCE, NOW)
    states = [mail.state]
    for attempt, verdict in ((1, Verdict.ACCEPTED), (2, Verdict.REFUSED)):
        mail.conclude(attempt, Outcome(verdict, "x"), PATIENCE, NOW)
        states.append(mail.state)
    assert states == [State.SENDING, State.SENT, State.SENT], (
        "an earlier try's no is of no interest, its yes is"
    )


def test_pauses_double_and_are_spread() -> None:
    assert [PATIENCE.next_try(n, 0, NOW) - NOW for n in (1, 2, 3, 99)] == [
        timedelta(seconds=2),
        timedelta(seconds=4),
        timedelta(seconds=8),
        timedelta(hours=1),
    ]
    assert PATIENCE.next_try(1, 1, NOW) - NOW == timedelta(seconds=2.4)


@pytest.mark.parametrize("verdict", (Verdict.PUT_OFF, Verdict.UNCERTAIN))
def test_after_the_last_try_a_mail_is_given_up(verdict: Verdict) -> None:
    mail = taken(attempts=PATIENCE.attempts - 1)
    mail.conclude(PATIENCE.attempts, Outcome(verdict, "451 4.7.1"), PATIENCE, NOW)
    assert mail.state is State.FAILED
    [event] = mail.events
    assert event == NotificationFailed(notification_id=mail.id, staff_id=ANNA, at=NOW, code="451 4.7.1")


def test_a_mail_whose_senders_always_die_is_given_up_too() -> None:
    mail = taken(attempts=PATIENCE.attempts - 1)
    assert not mail.take(member(), PATIENCE, LEASE, NOW)
    assert (mail.state, mail.code) == (State.FAILED, "interrupted")


def test_what_was_not_tried_costs_no_try() -> None:
    mail = taken()
    mail.conclude(1, Outcome(Verdict.NOT_TRIED, "stopped"), PATIENCE, NOW)
    assert (mail.state, mail.attempts, mail.due_at, mail.gathers) == (State.RETRY, 0, NOW, True)


def test_nothing_is_gathered_into_a_mail_that_may_have_arrived() -> None:
    unsure, left = taken(), taken()
    unsure.conclude(1, Outcome(Verdict.UNCERTAIN, "line broke"), PATIENCE, NOW)
    left.take(member(), PATIENCE, LEASE, NOW)
    left.conclude(2, Outcome(Verdict.PUT_OFF, "451"), PATIENCE, NOW)
    assert (unsure.state, unsure.gathers) == (State.RETRY, False)
    assert (left.state, left.gathers) == (State.RETRY, False)


def test_a_suspended_address_keeps_mails_until_it_is_changed() -> None:
    anna = member()
    assert anna.suspend(anna.email)
    assert not anna.suspend(anna.email), "told once"
    new, old = Notification.about(a_mail().id, anna, Kind.ASSIGNED, NOW, NOW), a_mail(State.RETRY)
    assert not old.take(anna, PATIENCE, LEASE, NOW)
    assert new.state is old.state is State.SUSPENDED
    old.resume(LEASE, NOW)
    assert (old.state, old.due_at) == (State.WAITING, LEASE)


def test_an_address_that_was_changed_meanwhile_is_not_suspended() -> None:
    anna = member(email="new@example.org")
    assert not anna.suspend("old@example.org")
    assert not anna.suspended


@given(st.lists(st.sampled_from(["gather", "drop", "take", "resume", *Verdict]), max_size=40))
def test_whatever_happens_a_mail_is_told_of_at_most_once_and_counts_its_cases(steps: list[str]) -> None:
    mail, anna, attempt = a_mail(), member(), 0
    for step in steps:
        if step == "gather" and mail.gathers:
            mail.gather(NOW)
        elif step == "drop" and mail.cases:
            mail.drop(NOW)
        elif step == "take" and mail.state in (*OPEN, State.SENDING) and mail.state is not State.SUSPENDED:
            mail.take(anna, PATIENCE, LEASE, NOW)
            attempt = mail.attempts
        elif step == "resume":
            mail.resume(NOW, NOW)
        elif step in list(Verdict):
            mail.conclude(attempt, Outcome(Verdict(step), "x"), PATIENCE, NOW)
    assert mail.cases >= 0
    assert mail.state not in OPEN or mail.cases > 0
    assert sum(isinstance(event, NotificationSent) for event in mail.events) <= 1
    assert (mail.state is State.SENT) == any(isinstance(event, NotificationSent) for event in mail.events)


def test_the_readme_draws_the_table() -> None:
    readme = Path(services.notify.__file__).with_name("README.md").read_text()
    assert f"```mermaid\n{mermaid()}\n```" in readme
