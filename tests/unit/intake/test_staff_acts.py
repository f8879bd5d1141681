"""What the holder does, and what stands in the way."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.intake.application.commands import CloseCase
from services.intake.application.staff_acts import answer_case, ask_citizen, close_case, start_case
from services.intake.domain.case import Case
from shared.contracts.commands.admin import AccessAct
from shared.errors import Conflict, Forbidden, NotFound, NotYetKnown, Refused
from tests.unit.intake.builders import (
    ANNA,
    BO,
    EVA,
    LATER,
    NOW,
    RUT,
    Desk,
    answer,
    filled,
    names_of,
    question,
    start,
)


def do_answer(desk: Desk, case: Case | None, command: Any, now: Any = LATER) -> Any:
    return answer_case(
        command, desk.staff, desk.clinic, case, desk.forms, desk.messages, desk.access_log, uuid4(), now
    )


def do_ask(desk: Desk, case: Case, command: Any) -> Any:
    return ask_citizen(
        command,
        desk.staff,
        desk.clinic,
        case,
        desk.messages,
        timedelta(days=30),
        desk.access_log,
        uuid4(),
        NOW,
    )


def do_start(desk: Desk, case: Case | None, command: Any) -> Any:
    return start_case(command, desk.staff, case, desk.access_log, uuid4(), NOW)


def do_close(desk: Desk, case: Case | None, command: Any) -> Any:
    return close_case(command, desk.staff, case, desk.access_log, uuid4(), LATER)


def refusals(desk: Desk) -> list[str]:
    """Who was refused, as the access log has it."""
    told: list[Any] = desk.access_log.events
    return [access.actor_id for access in told if access.act is AccessAct.REFUSED]


def test_each_act_on_a_case_is_logged() -> None:
    desk = Desk()
    case, other = desk.held(), desk.held()
    do_start(desk, case, start(case))
    do_answer(desk, case, answer(case))
    do_close(desk, case, CloseCase(actor=RUT, case_id=case.id, version=case.version))
    do_ask(desk, other, question(other))
    acts = [access.act for access in desk.access_log.events]  # type: ignore[attr-defined]
    assert acts == [AccessAct.START, AccessAct.ANSWER, AccessAct.CLOSE, AccessAct.ASK]


def test_an_answer_starts_the_case_ends_it_and_is_logged() -> None:
    desk = Desk()
    case = desk.held()
    told = do_answer(desk, case, answer(case))
    assert (told["state"], told["version"]) == ("answered", 3)
    assert names_of(case) == ["CaseReceived", "CaseStarted", "CaseAnswered", "CaseProgressed"]
    [sent] = desk.messages.of(case.id)
    assert str(sent.id) == told["message_id"]
    [access] = desk.access_log.events
    assert access.act is AccessAct.ANSWER  # type: ignore[attr-defined]


def test_without_a_signature_an_answer_ends_with_greeting_name_title_and_date() -> None:
    desk = Desk()
    case = desk.held()
    do_answer(desk, case, answer(case))
    [sent] = desk.messages.of(case.id)
    assert sent.body["signature"] == "Med vänliga hälsningar\nAnna Ask\nLäkare\n2026-03-02"


def test_who_signs_as_the_clinic_is_named_by_its_name() -> None:
    desk = Desk()
    case = desk.held()
    anna = desk.staff.find(ANNA)
    assert anna is not None
    assert desk.clinic is not None
    desk.clinic.name, anna.sign_as_clinic = "Backa vårdcentral", True
    do_answer(desk, case, answer(case))
    [sent] = desk.messages.of(case.id)
    assert sent.body["signature"] == "Med vänliga hälsningar\nBacka vårdcentral\n2026-03-02"


def test_a_signature_of_ones_own_is_used_as_it_is() -> None:
    desk = Desk()
    anna = desk.staff.find(ANNA)
    assert anna is not None
    anna.signature = "/Anna"
    case = desk.held()
    do_answer(desk, case, answer(case))
    assert desk.messages.of(case.id)[0].body["signature"] == "/Anna"


def test_the_second_answer_is_told_who_was_first_and_when() -> None:
    desk = Desk()
    case = desk.held()
    second = answer(case)
    do_answer(desk, case, answer(case))
    with pytest.raises(Conflict, match="already_answered") as conflict:
        do_answer(desk, case, second)
    [fault] = conflict.value.faults
    assert "Anna Ask" in fault.sv
    assert "2026-03-02 10:00" in fault.en, "local time"
    assert len(desk.messages.of(case.id)) == 1


def test_who_held_the_case_before_is_told_who_holds_it_now_and_since_when() -> None:
    desk = Desk()
    case = desk.held()
    late = answer(case)
    case.held_by(BO, ANNA, 2, 3, LATER)
    with pytest.raises(Conflict, match="no_longer_yours") as conflict:
        do_answer(desk, case, late)
    assert "Bo Bok 2026-03-02 10:00" in conflict.value.faults[0].sv
    case.held_by("", BO, 2, 4, LATER)
    with pytest.raises(Conflict, match="no_longer_yours") as conflict:
        do_answer(desk, case, answer(case, BO, epoch=2))
    assert "went back to the clinic" in conflict.value.faults[0].en


def test_an_assignment_that_has_not_arrived_here_is_waited_for() -> None:
    desk = Desk()
    case = desk.stored()
    with pytest.raises(NotYetKnown, match="assignment_not_yet_known"):
        do_start(desk, case, start(case))
    case.held_by(ANNA, "", 1, 2, NOW)
    do_start(desk, case, start(case))
    assert case.state == "started"


@pytest.mark.parametrize("actor", (BO, RUT, EVA, "SE1-NOBODY"))
def test_a_case_that_is_not_theirs_does_not_exist_for_them(actor: str) -> None:
    desk = Desk()
    case = desk.held()
    with pytest.raises(NotFound):
        do_answer(desk, case, answer(case, actor))
    with pytest.raises(NotFound):
        do_start(desk, case, start(case, actor))
    with pytest.raises(NotFound):
        do_ask(desk, case, question(case, actor))
    assert case.state == "open"
    assert refusals(desk) == [actor] * 3


def test_an_act_on_no_case_at_all_concerns_no_patient() -> None:
    desk = Desk()
    case = desk.held()
    for act, command in ((do_answer, answer(case)), (do_start, start(case))):
        with pytest.raises(NotFound):
            act(desk, None, command)
    assert desk.access_log.events == []


def test_whoever_is_locked_or_has_lost_the_role_can_do_nothing_at_once() -> None:
    desk = Desk()
    anna = desk.staff.find(ANNA)
    assert anna is not None
    case = desk.held()
    anna.locked = True
    for of in (case, None):
        with pytest.raises(Forbidden, match="account_locked"):
            do_answer(desk, of, answer(case))
    anna.locked, anna.permissions = False, {}
    with pytest.raises(NotFound):
        do_answer(desk, case, answer(case))


def test_an_answer_to_what_the_actor_did_not_see_is_refused() -> None:
    desk = Desk()
    case = desk.held()
    for version in (0, 2):
        with pytest.raises(Conflict, match="version_changed"):
            do_answer(desk, case, answer(case, version=version))


@pytest.mark.parametrize(
    ("fields", "place", "code"),
    (
        ({"form": {}}, "form.answers.message", "required"),
        ({"form": filled("medicine")}, "form.answers.item[0]", "unknown_question"),
        ({"text": "\x00"}, "text", "invalid_characters"),
    ),
)
def test_a_wrong_answer_is_refused_with_its_reasons_and_nothing_is_sent(
    fields: dict[str, Any], place: str, code: str
) -> None:
    desk = Desk()
    case = desk.held()
    with pytest.raises(Refused) as refusal:
        do_answer(desk, case, answer(case, **fields))
    assert (place, code) in [(fault.field, fault.code) for fault in refusal.value.faults]
    assert (case.state, case.version) == ("open", 1)
    assert desk.messages.of(case.id) == []


def test_a_question_starts_the_case_and_lets_it_wait_until_a_date() -> None:
    desk = Desk()
    case = desk.held()
    told = do_ask(desk, case, question(case))
    assert (told["state"], told["version"]) == ("waiting", 3)
    assert case.reply_by == NOW + timedelta(days=30)
    assert names_of(case)[1:] == ["CaseStarted", "CounterQuestionSent", "CaseProgressed"]


@pytest.mark.parametrize("days", (-1, 0, 400))
def test_the_reply_by_date_lies_in_the_future(days: int) -> None:
    desk = Desk()
    case = desk.held()
    with pytest.raises(Refused, match="not_in_the_future"):
        do_ask(desk, case, question(case, reply_by=NOW + timedelta(days=days)))


def test_a_case_that_waits_is_answered_once_the_time_to_reply_has_run_out() -> None:
    desk = Desk()
    case = desk.held()
    do_ask(desk, case, question(case))
    with pytest.raises(Conflict, match="waits_for_the_citizen"):
        do_answer(desk, case, answer(case))
    do_answer(desk, case, answer(case), NOW + timedelta(days=31))
    assert case.state == "answered"


@pytest.mark.parametrize(("actor", "allowed"), ((ANNA, True), (RUT, True), (BO, False), (EVA, False)))
def test_a_case_is_closed_by_a_receiver_or_by_whoever_answered_it(actor: str, allowed: bool) -> None:
    desk = Desk()
    case = desk.held()
    do_answer(desk, case, answer(case))
    case.held_by("", ANNA, 1, 9, LATER)
    command = CloseCase(actor=actor, case_id=case.id, version=case.version)
    if not allowed:
        with pytest.raises(NotFound):
            do_close(desk, case, command)
        assert refusals(desk) == [actor]
        return
    do_close(desk, case, command)
    assert (case.state, case.closed_by) == ("closed", actor)


def test_ids_of_messages_are_the_same_in_every_repeat() -> None:
    desk = Desk()
    case, again = desk.held(), desk.held()
    again.id = case.id
    assert (
        do_answer(desk, case, answer(case))["message_id"]
        == do_answer(desk, again, answer(again))["message_id"]
    )
