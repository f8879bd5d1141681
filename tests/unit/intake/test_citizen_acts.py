"""What citizens do after submitting."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.intake.application.citizen_acts import mark_message_read, reply_to_case, withdraw_case
from services.intake.application.staff_acts import ask_citizen
from services.intake.domain.case import Case
from shared.contracts.commands.admin import AccessAct
from shared.contracts.commands.intake import MarkMessageRead, ReplyToCase, WithdrawCase
from shared.errors import Conflict, Forbidden, NotFound, NotYetKnown, Refused
from tests.unit.intake.builders import LATER, NOW, Desk, names_of, question, seen


def asked(desk: Desk) -> Case:
    case = desk.held()
    ask_citizen(
        question(case),
        desk.staff,
        desk.clinic,
        case,
        desk.messages,
        timedelta(days=30),
        desk.access_log,
        uuid4(),
        NOW,
    )
    return case


def a_reply(case: Case, text: str = "Ja.") -> ReplyToCase:
    return ReplyToCase(case_id=case.id, message_id=uuid4(), text=text)


def test_a_reply_ends_the_waiting_and_the_same_reply_again_changes_nothing() -> None:
    desk = Desk()
    case = asked(desk)
    reply = a_reply(case)
    first = reply_to_case(reply, desk.portal, False, case, desk.messages, desk.access_log, uuid4(), LATER)
    assert first == reply_to_case(
        reply, desk.portal, False, case, desk.messages, desk.access_log, uuid4(), LATER
    )
    assert (case.state, case.reply_by) == ("started", None)
    assert names_of(case).count("CitizenReplied") == 1


def test_the_id_of_a_reply_holds_one_text() -> None:
    desk = Desk()
    case = asked(desk)
    reply = a_reply(case)
    reply_to_case(reply, desk.portal, False, case, desk.messages, desk.access_log, uuid4(), LATER)
    with pytest.raises(Refused, match="message_id_taken"):
        reply_to_case(
            reply.model_copy(update={"text": "Nej."}),
            desk.portal,
            False,
            case,
            desk.messages,
            desk.access_log,
            uuid4(),
            LATER,
        )


def test_a_reply_that_nobody_waits_for_is_refused() -> None:
    desk = Desk()
    case = desk.held()
    with pytest.raises(Conflict, match="not_when_open"):
        reply_to_case(a_reply(case), desk.portal, False, case, desk.messages, desk.access_log, uuid4(), LATER)


def test_a_reply_after_its_time_is_refused() -> None:
    desk = Desk()
    case = asked(desk)
    with pytest.raises(Conflict, match="reply_too_late"):
        reply_to_case(
            a_reply(case),
            desk.portal,
            False,
            case,
            desk.messages,
            desk.access_log,
            uuid4(),
            NOW + timedelta(days=31),
        )
    assert case.state == "waiting"


def test_a_reply_that_cannot_be_stored_is_refused() -> None:
    desk = Desk()
    case = asked(desk)
    with pytest.raises(Refused, match="invalid_characters"):
        reply_to_case(
            a_reply(case, "\x00"), desk.portal, False, case, desk.messages, desk.access_log, uuid4(), LATER
        )


def test_an_unknown_case_is_waited_for_on_kafka_and_not_found_by_http() -> None:
    desk = Desk()
    reply = a_reply(desk.stored())
    with pytest.raises(NotYetKnown, match="case_unknown"):
        reply_to_case(reply, desk.portal, False, None, desk.messages, desk.access_log, uuid4(), NOW)
    with pytest.raises(NotFound, match="case_unknown"):
        reply_to_case(reply, desk.portal, True, None, desk.messages, desk.access_log, uuid4(), NOW)


def test_another_portals_case_is_as_if_it_did_not_exist() -> None:
    desk = Desk()
    case = asked(desk)
    with pytest.raises(NotYetKnown, match="case_unknown"):
        reply_to_case(a_reply(case), desk.other, False, case, desk.messages, desk.access_log, uuid4(), NOW)
    with pytest.raises(NotFound, match="case_unknown"):
        withdraw_case(WithdrawCase(case_id=case.id), desk.other, True, case, desk.access_log, uuid4(), NOW)
    desk.other.active = False
    with pytest.raises(Forbidden, match="portal_inactive"):
        withdraw_case(WithdrawCase(case_id=case.id), desk.other, False, case, desk.access_log, uuid4(), NOW)
    assert case.state == "waiting"
    accesses: list[Any] = desk.access_log.events[1:]
    assert [(it.act, it.actor_kind, it.actor_id) for it in accesses] == [
        (AccessAct.REFUSED, "portal", "arvika")
    ] * 3


def test_an_inactive_portal_can_do_nothing() -> None:
    desk = Desk()
    case = desk.stored()
    desk.portal.active = False
    with pytest.raises(Refused, match="portal_inactive"):
        withdraw_case(WithdrawCase(case_id=case.id), desk.portal, False, case, desk.access_log, uuid4(), NOW)


def test_a_case_is_withdrawn_until_somebody_has_started() -> None:
    desk = Desk()
    case = desk.held()
    withdraw_case(WithdrawCase(case_id=case.id), desk.portal, False, case, desk.access_log, uuid4(), NOW)
    assert names_of(case) == ["CaseReceived", "CaseWithdrawn", "CaseProgressed"]
    started = desk.held()
    started.start(seen(), NOW)
    with pytest.raises(Conflict, match="not_when_started"):
        withdraw_case(
            WithdrawCase(case_id=started.id), desk.portal, False, started, desk.access_log, uuid4(), NOW
        )


def test_a_message_is_read_once_and_what_staff_saw_stays_current() -> None:
    desk = Desk()
    case = asked(desk)
    [sent] = desk.messages.of(case.id)
    command = MarkMessageRead(case_id=case.id, message_id=sent.id)
    before = case.version
    mark_message_read(command, desk.portal, False, case, desk.messages, desk.access_log, uuid4(), LATER)
    mark_message_read(command, desk.portal, False, case, desk.messages, desk.access_log, uuid4(), LATER)
    assert sent.read_at == LATER
    assert (case.version, case.said_version) == (before + 1, before)
    assert names_of(case).count("MessageRead") == 1


def test_only_what_staff_wrote_can_be_read() -> None:
    desk = Desk()
    case = asked(desk)
    reply = a_reply(case)
    reply_to_case(reply, desk.portal, False, case, desk.messages, desk.access_log, uuid4(), LATER)
    for message_id in (reply.message_id, case.id, uuid4()):
        with pytest.raises(Refused, match="message_unknown"):
            mark_message_read(
                MarkMessageRead(case_id=case.id, message_id=message_id),
                desk.portal,
                False,
                case,
                desk.messages,
                desk.access_log,
                uuid4(),
                NOW,
            )
