"""The life of a conversation: the whole table, and any walk through it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.case import Case
from services.intake.domain.life import TRANSITIONS, Act, State, mermaid
from shared.contracts.events.intake import CaseEvent
from shared.errors import Conflict
from tests.unit.intake.builders import ANNA, CLINIC, LATER, NOW, seen


def a_case(state: str) -> Case:
    case = Case(
        uuid4(), "karlstad", CLINIC, "renewal", 2, "personnummer", "198112289874", "Tolvan", b"", NOW,
        state=state, version=3, said_version=3, holder=ANNA, epoch=2, routing_version=3,
        started_epoch=0 if state in ("open", "withdrawn") else 1,
    )  # fmt: skip
    if state == State.WAITING:
        case.reply_by = NOW
    if state in (State.ANSWERED, State.CLOSED):
        case.answered_by, case.answered_at = ANNA, NOW
    return case


def perform(case: Case, act: Act, epoch: int = 2) -> None:
    """Each act by its public verb, by somebody who may; the time to reply has run out unless a reply comes."""
    acts: dict[Act, Callable[[], object]] = {
        Act.START: lambda: case.start(seen(epoch=epoch), LATER),
        Act.ASK: lambda: case.ask(seen(epoch=epoch), LATER, LATER),
        Act.REPLY: lambda: case.take_reply(uuid4(), NOW),
        Act.ANSWER: lambda: case.answer(seen(epoch=epoch), LATER + timedelta(days=1)),
        Act.CLOSE: lambda: case.close(ANNA, None, LATER),
        Act.WITHDRAW: lambda: case.withdraw(LATER),
        Act.READ: lambda: case.note_read(uuid4(), LATER),
    }
    acts[act]()


@pytest.mark.parametrize("act", tuple(Act))
@pytest.mark.parametrize("state", tuple(State))
def test_every_pair_of_state_and_act_does_what_the_table_says(state: State, act: Act) -> None:
    case = a_case(state.value)
    after = TRANSITIONS.get((state, act))
    if after is None:
        with pytest.raises(Conflict):
            perform(case, act)
        assert (case.state, case.version, case.events) == (state, 3, [])
    else:
        perform(case, act)
        assert case.state == after
        assert case.version > 3


@given(st.lists(st.sampled_from(Act), max_size=25))
def test_whatever_is_tried_the_facts_of_a_case_are_numbered_without_gaps(acts: list[Act]) -> None:
    case = a_case("open")
    case.version = case.said_version = 0
    case.receive()
    for act in acts:
        before = (case.state, case.version, len(case.events))
        try:
            perform(case, act)
        except Conflict:
            assert (case.state, case.version, len(case.events)) == before
    facts = [event for event in case.events if isinstance(event, CaseEvent)]
    assert [fact.version for fact in facts] == list(range(1, len(facts) + 1))
    assert facts[-1].version == case.version
    assert sum(type(fact).__name__ == "CaseAnswered" for fact in facts) <= 1


@given(st.permutations([(2, ANNA, 1), (3, "", 1), (4, "SE1-BO", 2), (5, "SE1-RUT", 3), (6, "", 3)]))
def test_facts_of_routing_end_the_same_in_whatever_order_they_come(facts: list[tuple[int, str, int]]) -> None:
    case = a_case("open")
    case.routing_version = 0
    for version, holder, epoch in facts:
        case.held_by(holder, "", epoch, version, NOW)
    assert (case.holder, case.epoch, case.routing_version) == ("", 3, 6)
    assert case.version == 3, "the conversation has its own version"


def test_to_begin_twice_under_one_assignment_is_to_have_begun() -> None:
    case = a_case("open")
    perform(case, Act.START)
    facts = len(case.events)
    perform(case, Act.START)
    assert len(case.events) == facts
    case.held_by(ANNA, "", 3, 9, NOW)
    perform(case, Act.START, epoch=3)
    assert len(case.events) > facts, "a new assignment is begun anew"


def test_whoever_held_a_withdrawn_case_is_told_that_and_not_that_it_went_back() -> None:
    case = a_case("withdrawn")
    case.held_by("", ANNA, 2, 9, NOW)
    with pytest.raises(Conflict, match="not_when_withdrawn"):
        perform(case, Act.ANSWER)


def test_the_table_prints_itself() -> None:
    assert "    waiting --> started: reply" in mermaid()
