"""The life of a case's responsibility: the whole table, and any sequence of acts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

import services.routing
from services.routing.domain.case import FACTS, HELD, TRANSITIONS, Act, Case, Status
from services.routing.domain.diagram import mermaid
from shared.contracts.events.routing import (
    CaseAssigned,
    CaseEnded,
    CaseQueued,
    CaseReassigned,
    CaseReturned,
    QueueReason,
)
from shared.errors import Conflict, Refused

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
ANNA, BERTIL, RITA = "SE2321000016-ANNA", "SE2321000016-BERTIL", "SE2321000016-RITA"

DO: dict[Act, Callable[[Case], None]] = {
    Act.ASSIGN: lambda case: case.assign(ANNA, by=RITA, at=NOW),
    Act.CLAIM: lambda case: case.assign(ANNA, by=ANNA, at=NOW, act=Act.CLAIM),
    Act.REASSIGN: lambda case: case.reassign(
        BERTIL if case.holder != BERTIL else ANNA, by=RITA, at=NOW, reason="ill"
    ),
    Act.RETURN: lambda case: case.return_to_queue(by=RITA, at=NOW, reason="ill"),
    Act.RELEASE: lambda case: case.release(at=NOW, reason=QueueReason.HOLDER_LOCKED),
    Act.RECEIVE: lambda case: case.receive_again(),
    Act.START: lambda case: case.start(case.epoch),
    Act.ANSWER: lambda case: case.answer(ANNA, NOW),
    Act.CLOSE: lambda case: case.close("", NOW),
    Act.WITHDRAW: lambda case: case.withdraw(NOW),
}
WAY: dict[Status, tuple[Act, ...]] = {
    Status.QUEUED: (),
    Status.ASSIGNED: (Act.ASSIGN,),
    Status.STARTED: (Act.ASSIGN, Act.START),
    Status.DONE: (Act.ASSIGN, Act.ANSWER),
    Status.ENDED: (Act.WITHDRAW,),
}


def a_case(status: Status = Status.QUEUED) -> Case:
    """A case that has come this far."""
    case = Case.received(uuid4(), "SE2321000016-1A2B", "ask", NOW - timedelta(hours=1), NOW)
    for act in WAY[status]:
        DO[act](case)
    assert case.status is status
    return case


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("act", Act)
def test_every_act_in_every_state_does_what_the_table_says_or_is_refused_without_a_trace(
    status: Status, act: Act
) -> None:
    case = a_case(status)
    before = (case.status, case.holder, case.version, case.epoch, len(case.events), len(case.steps))
    if (status, act) in TRANSITIONS:
        DO[act](case)
        assert case.status is TRANSITIONS[status, act]
    else:
        with pytest.raises(Refused):
            DO[act](case)
        assert (
            case.status,
            case.holder,
            case.version,
            case.epoch,
            len(case.events),
            len(case.steps),
        ) == before


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("fact", sorted(FACTS))
def test_a_fact_is_never_refused(status: Status, fact: Act) -> None:
    assert (status, fact) in TRANSITIONS


def test_a_late_withdrawal_of_a_done_case_changes_nothing() -> None:
    case = a_case(Status.DONE)
    version = case.version
    case.withdraw(NOW)
    assert (case.status, case.version) == (Status.DONE, version)


def test_an_answer_of_a_former_holder_ends_the_new_assignment() -> None:
    case = a_case(Status.ASSIGNED)
    case.reassign(BERTIL, by=RITA, at=NOW, reason="ill")
    case.answer(ANNA, NOW)
    ended = case.events[-1]
    assert isinstance(ended, CaseEnded)
    assert (case.status, case.holder, ended.former_holder) == (Status.DONE, None, BERTIL)


def test_a_start_under_an_earlier_assignment_changes_nothing() -> None:
    case = a_case(Status.ASSIGNED)
    case.reassign(BERTIL, by=RITA, at=NOW, reason="ill")
    case.start(1)
    assert case.status is Status.ASSIGNED


def test_a_case_cannot_be_reassigned_to_who_has_it() -> None:
    case = a_case(Status.ASSIGNED)
    with pytest.raises(Refused, match="already_holder"):
        case.reassign(ANNA, by=RITA, at=NOW, reason="ill")
    assert case.version == 2


def test_who_saw_an_old_version_is_told_who_changed_it_and_when() -> None:
    case = a_case(Status.ASSIGNED)
    with pytest.raises(Conflict) as lost:
        case.expect_version(1)
    [fault] = lost.value.faults
    for text in (fault.sv, fault.en):
        assert ANNA in text
        assert RITA in text
        assert "2026-03-01T08:00:00" in text


def test_a_case_that_was_given_back_is_not_for_the_same_person_at_once() -> None:
    case = a_case(Status.ASSIGNED)
    case.return_to_queue(by=ANNA, at=NOW, reason="workload")
    assert (case.returned, case.last_holder) == (True, ANNA)
    case.assign(BERTIL, by="", at=NOW)
    assert not case.returned


@given(st.lists(st.sampled_from(Act), max_size=30))
def test_whatever_happens_versions_have_no_gaps_epochs_grow_by_one_and_holders_never_overlap(
    acts: list[Act],
) -> None:
    case = a_case()
    for act in acts:
        try:
            DO[act](case)
        except Refused:
            assert act not in FACTS
        assert (case.holder is not None) == (case.status in HELD)
    assert [event.version for event in case.events] == list(range(1, case.version + 1))
    assert [step.version for step in case.steps] == [event.version for event in case.events]
    holder, epoch = None, 0
    for event in case.events:
        if isinstance(event, CaseAssigned):
            assert (holder, event.epoch) == (None, epoch + 1)
            holder, epoch = event.holder, event.epoch
        elif isinstance(event, CaseReassigned):
            assert (event.former_holder, event.epoch) == (holder, epoch + 1)
            holder, epoch = event.holder, event.epoch
        elif isinstance(event, CaseReturned):
            assert (event.former_holder, event.epoch) == (holder, epoch)
            holder = None
        elif isinstance(event, CaseEnded):
            assert event.former_holder == (holder or "")
            holder = None
        else:
            assert isinstance(event, CaseQueued)
    assert case.holder == holder


def test_the_readme_shows_the_table() -> None:
    readme = Path(services.routing.__file__).with_name("README.md").read_text()
    assert f"```mermaid\n{mermaid()}\n```" in readme
