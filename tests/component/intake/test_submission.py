"""A case by Kafka: stored and told, or refused with its reasons; once, whatever is repeated."""

import asyncio
import dataclasses
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.commands.intake import ReplyToCase, SubmitCase, WithdrawCase
from shared.security.sealing import unseal
from shared.testing.eventually import eventually
from tests.component.intake.stage import (
    ANNA,
    ELSEWHERE,
    GONE,
    OTHER,
    PERSON,
    PORTAL,
    SEALING_KEY,
    Stage,
    a_case,
    an_answered_form,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")
COMMANDS = f"intake.{PORTAL}.commands"


def reasons(outcome: dict[str, Any]) -> list[tuple[str, str]]:
    assert outcome["type"] == "intake.command-refused.v1"
    return [(reason["field"], reason["code"]) for reason in outcome["reasons"]]


async def test_a_case_is_stored_and_both_the_portal_and_routing_are_told(stage: Stage) -> None:
    case_id, command_id = await stage.submit()
    outcome = await stage.outcome(command_id)
    assert (outcome["type"], outcome["portal_id"]) == ("intake.command-accepted.v1", PORTAL)
    await eventually(lambda: stage.events_of(case_id), "CaseReceived")
    [(name, fact)] = stage.events_of(case_id)
    assert (name, fact["version"], fact["case_type_version"]) == ("case-received", 1, 2)
    assert (await stage.row(case_id))["state"] == "open"


async def test_a_refusal_tells_every_reason_at_once(stage: Stage) -> None:
    wrong = a_case(
        clinic_id=ELSEWHERE,
        case_type=GONE,
        form={},
        citizen=PERSON.model_copy(update={"value": "198112289875"}),
    )
    case_id, command_id = await stage.submit(wrong)
    outcome = await stage.outcome(command_id)
    assert outcome["reasons"][0]["sv"] == outcome["reasons"][0]["en"] == "Vi avvecklas. Välj Backa i stället."
    assert reasons(outcome) == [
        ("clinic_id", "clinic_inactive"),
        ("citizen.value", "not_a_person_id"),
        ("case_type", "case_type_inactive"),
        ("form.answers.medicine", "required"),
    ]
    assert await stage.row(case_id) is None


async def test_a_repeat_changes_nothing_and_the_same_id_with_another_body_is_refused(stage: Stage) -> None:
    command = a_case()
    first = await stage.tell(command, COMMANDS)
    await stage.outcome(first)
    await stage.tell(command, COMMANDS, id_=first)
    again = await stage.tell(command, COMMANDS)
    assert (await stage.outcome(again))["type"] == "intake.command-accepted.v1"
    other = await stage.tell(command.model_copy(update={"form": an_answered_form("annat")}), COMMANDS)
    assert reasons(await stage.outcome(other)) == [("case_id", "case_id_taken")]
    assert len(stage.events_of(command.case_id)) == 1
    assert sum(body.get("command_id") == first for _, _, body in stage.seen) == 1


async def test_another_portal_cannot_take_a_case_and_headers_cannot_change_whose_command_it_is(
    stage: Stage,
) -> None:
    case_id = await stage.stored()
    command_id = await stage.tell(
        WithdrawCase(case_id=case_id), f"intake.{OTHER}.commands", ce_source=f"/portal/{PORTAL}".encode()
    )
    taken = await stage.tell(a_case(case_id), f"intake.{OTHER}.commands")
    assert reasons(outcome := await stage.outcome(taken)) == [("case_id", "case_id_taken")]
    assert outcome["portal_id"] == OTHER
    assert (await stage.row(case_id))["state"] == "open"
    told = [body for _, _, body in stage.seen if body.get("command_id") == command_id]
    assert told == [], "it waits, as for an unknown case"


async def test_a_command_that_comes_before_its_case_waits_and_is_decided_with_it(stage: Stage) -> None:
    command = a_case()
    withdrawal = await stage.tell(WithdrawCase(case_id=command.case_id), COMMANDS)
    early = ReplyToCase(case_id=command.case_id, message_id=uuid4(), text="Hej")
    reply = await stage.tell(early, COMMANDS)
    await eventually(lambda: _waiting(stage, command.case_id, 2), "both waiting")
    await stage.tell(command, COMMANDS)
    assert (await stage.outcome(withdrawal))["type"] == "intake.command-accepted.v1"
    assert reasons(await stage.outcome(reply)) == [("", "not_when_withdrawn")]
    assert [fact["version"] for _, fact in stage.events_of(command.case_id)] == [1, 2]


async def _waiting(stage: Stage, case_id: Any, count: int) -> bool:
    rows = await stage.service.database.fetch("SELECT state FROM parked WHERE line = $1", str(case_id))
    return [row[0] for row in rows] == ["waiting"] * count


async def test_what_cannot_be_read_is_refused_and_goes_sealed_to_the_dead_letters(stage: Stage) -> None:
    secret = b'{"form": "Hemlig text'
    envelope = {"ce_specversion": b"1.0", "ce_id": str(uuid4()).encode(), "ce_type": SubmitCase.TYPE.encode()}
    envelope |= {"ce_source": b"/x", "ce_time": b"2999-01-01T00:00:00Z"}
    late = str(uuid4())
    await stage.tell_raw(COMMANDS, str(uuid4()), secret, envelope | {"ce_id": late.encode()})
    assert reasons(await stage.outcome(late)) == [("ce_time", "time_out_of_window")]
    unreadable = await stage.tell(a_case(), COMMANDS, ce_type=b"intake.nobody-knows.v1")
    assert reasons(await stage.outcome(unreadable)) == [("", "unreadable")]
    letters = await eventually(
        lambda: [b for topic, _, b in stage.seen if topic == "intake.dead-letters"], "the dead letter"
    )
    assert b"Levaxin" not in letters[-1]["raw"]
    assert b"Levaxin" in unseal(SEALING_KEY, letters[-1]["raw"])


async def test_a_record_without_any_header_is_answered_by_its_place(stage: Stage) -> None:
    case_id = uuid4()
    await stage.tell_raw(COMMANDS, str(case_id), b"{}", {})
    await eventually(
        lambda: [
            b for _, t, b in stage.seen if t == "intake.command-refused.v1" and b["case_id"] == str(case_id)
        ],
        "a refusal for what has no id",
    )


async def test_a_record_whose_headers_can_not_be_read_is_answered_by_its_id_where_it_has_one(
    stage: Stage,
) -> None:
    named = await stage.tell(a_case(), COMMANDS, ce_time=b"yesterday")
    assert reasons(await stage.outcome(named)) == [("", "unreadable")]


async def test_one_case_among_500_that_raises_is_parked_and_retried_and_its_neighbours_go_through(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [a_case() for _ in range(500)]
    poison = cases[250].case_id
    table: Any = stage.service.runner.parts.handlers.by_message
    line = table[SubmitCase]

    def submit_case(command: SubmitCase, **arguments: Any) -> Any:
        if command.case_id == poison:
            raise ZeroDivisionError
        return line.use_case(command, **arguments)

    with monkeypatch.context() as patch:
        patch.setitem(table, SubmitCase, dataclasses.replace(line, use_case=submit_case))
        ids = await stage.tell_many(cases, COMMANDS)
        for command_id in ids[:250] + ids[251:]:
            await stage.outcome(command_id)
        [row] = await stage.service.database.fetch(
            "SELECT state, reason FROM parked WHERE line = $1", str(poison)
        )
        assert (row["state"], row["reason"].split()[0]) == ("parked", "ZeroDivisionError")
    await stage.service.database.fetch("UPDATE parked SET try_at = now() WHERE line = $1", str(poison))
    assert (await stage.outcome(ids[250]))["type"] == "intake.command-accepted.v1"
    assert len(stage.events_of(poison)) == 1


async def test_two_portals_may_choose_the_same_id_for_their_commands(stage: Stage) -> None:
    ours, theirs = a_case(), a_case()
    id_ = str(uuid4())
    await stage.tell(ours, COMMANDS, id_=id_)
    await stage.tell(theirs, f"intake.{OTHER}.commands", id_=id_)
    for command in (ours, theirs):
        await stage.received(command.case_id)
    ids = {fact["ce_id"] for command in (ours, theirs) for _, fact in stage.events_of(command.case_id)}
    assert len(ids) == 2, "or routing would take the second for a repeat of the first"


async def test_the_same_case_by_kafka_and_http_at_once_is_one_case(stage: Stage) -> None:
    commands = [a_case() for _ in range(30)]
    by_http = [
        stage.ask(PORTAL, "POST", "/cases", json=command.model_dump(mode="json")) for command in commands
    ]
    ids, answers = await asyncio.gather(stage.tell_many(commands, COMMANDS), asyncio.gather(*by_http))
    assert {answer.status_code for answer in answers} == {202}
    for command_id in ids:
        assert (await stage.outcome(command_id))["type"] == "intake.command-accepted.v1"
    for command in commands:
        await stage.received(command.case_id)
        assert len(stage.events_of(command.case_id)) == 1


async def test_while_a_case_is_parked_its_acts_are_refused_and_it_can_still_be_read(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = await stage.held()
    table: Any = stage.service.runner.parts.handlers.by_message
    line = table[WithdrawCase]

    def withdraw_case(command: WithdrawCase, **arguments: Any) -> Any:
        if command.case_id == case_id:
            raise ZeroDivisionError
        return line.use_case(command, **arguments)

    monkeypatch.setitem(table, WithdrawCase, dataclasses.replace(line, use_case=withdraw_case))
    await stage.tell(WithdrawCase(case_id=case_id), COMMANDS)
    parked = "SELECT FROM parked WHERE line = $1 AND state = 'parked'"
    await eventually(lambda: stage.service.database.fetch(parked, str(case_id)), "the withdrawal is parked")
    act = await stage.ask(ANNA, "POST", f"/cases/{case_id}/start", json={"epoch": 1})
    assert (act.status_code, act.json()["reasons"][0]["code"]) == (409, "case_parked")
    assert (await stage.ask(ANNA, "GET", f"/cases/{case_id}")).status_code == 200
