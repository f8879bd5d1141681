"""What a citizen wrote stays in intake: no event and no reply carries it."""

from datetime import timedelta
from uuid import uuid4

from services.intake.application.citizen_acts import reply_to_case
from services.intake.application.staff_acts import answer_case, ask_citizen
from services.intake.entrypoints.outcomes import Outcomes
from shared.contracts.commands.intake import ReplyToCase, SubmitCase
from shared.contracts.envelope import Envelope
from shared.errors import Refused
from shared.messaging.arrival import Arrival
from shared.messaging.parking import StoredRecord
from tests.unit.intake.builders import LATER, NOW, SECRET, Desk, a_submission, answer, question


def a_record(topic: str = "intake.karlstad.commands", key: bytes | None = None) -> StoredRecord:
    return StoredRecord(topic, 0, 1, 0, key, b"", ())


def an_arrival(
    command: SubmitCase | None, topic: str = "intake.karlstad.commands", line: str = "?"
) -> Arrival:
    envelope = Envelope("c1", SubmitCase.TYPE, "/portal/arvika", NOW)
    return Arrival(envelope, str(command.case_id) if command else line, command, a_record(topic))


def test_no_event_of_a_whole_conversation_carries_what_anybody_wrote() -> None:
    desk = Desk()
    case = desk.held()
    ask_citizen(
        question(case, text=SECRET),
        desk.staff,
        desk.clinic,
        case,
        desk.messages,
        timedelta(days=1),
        desk.access_log,
        uuid4(),
        NOW,
    )
    reply = ReplyToCase(case_id=case.id, message_id=uuid4(), text=SECRET)
    reply_to_case(reply, desk.portal, False, case, desk.messages, desk.access_log, uuid4(), LATER)
    answer_case(
        answer(case),
        desk.staff,
        desk.clinic,
        case,
        desk.forms,
        desk.messages,
        desk.access_log,
        uuid4(),
        LATER,
    )
    events = [*case.events, *desk.access_log.events]
    assert len(events) > 6
    for event in events:
        text = event.model_dump_json()
        assert SECRET not in text
        assert case.citizen_value not in text


def test_a_refusal_repeats_nothing_that_was_sent() -> None:
    desk = Desk()
    command = a_submission(form={"item": [{"linkId": SECRET}], SECRET: 1}, citizen_name=SECRET + "\x00")
    try:
        desk.submit(command)
    except Refused as refusal:
        told = Outcomes().refused(an_arrival(command), refusal.faults, NOW)
        assert told is not None
        assert SECRET not in told.model_dump_json()
    else:
        raise AssertionError("not refused")


def test_the_topic_says_whose_command_it_was_whatever_the_headers_say() -> None:
    told = Outcomes().accepted(an_arrival(a_submission()), NOW)
    assert told is not None
    assert told.topic() == "intake.karlstad.outcomes"


def test_an_unreadable_command_is_answered_by_its_place_and_key() -> None:
    told = Outcomes().refused(an_arrival(None), (), NOW)
    assert told is not None
    assert (told.topic(), told.key()) == ("intake.karlstad.outcomes", "c1")
    case_id = uuid4()
    told = Outcomes().refused(an_arrival(None, line=str(case_id)), (), NOW)
    assert told is not None
    assert told.key() == str(case_id)


def test_neighbours_are_not_told() -> None:
    fact = an_arrival(a_submission(), "routing.case.events")
    assert Outcomes().accepted(fact, NOW) is None
    assert Outcomes().refused(fact, (), NOW) is None
