"""A conversation by HTTP: who may, who was first, and that every look is logged."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.intake.invariants import INVARIANTS
from shared.testing.eventually import eventually
from tests.component.intake.stage import (
    ANNA,
    BO,
    EVA,
    OTHER,
    PORTAL,
    RUT,
    Stage,
    a_case,
    an_answer,
    assigned,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")


def path(case_id: UUID, act: str = "") -> str:
    return f"/cases/{case_id}{act and '/'}{act}"


async def accesses(stage: Stage, case_id: UUID, count: int) -> list[tuple[str, str, str]]:
    def look() -> list[tuple[str, str, str]]:
        found = stage.events_of(case_id, "admin.access-log.commands")
        told = [(access["actor_kind"], access["actor_id"], access["act"]) for _, access in found]
        assert len(told) == count, told
        return told

    result: list[tuple[str, str, str]] = await eventually(look, f"{count} accesses logged")
    return result


async def test_a_whole_conversation_from_question_to_closing(stage: Stage) -> None:
    case_id = await stage.held()
    asked = await stage.ask(
        ANNA, "POST", path(case_id, "questions"), seen=1, json={"epoch": 1, "text": "Hur länge?"}
    )
    assert asked.status_code == 200, asked.text
    assert asked.headers["etag"] == '"3"'
    message = asked.json()["message_id"]
    assert (await stage.ask(PORTAL, "POST", path(case_id, f"messages/{message}/read"))).status_code == 200
    reply = {"message_id": str(uuid4()), "text": "En vecka."}
    assert (await stage.ask(PORTAL, "POST", path(case_id, "replies"), json=reply)).json()[
        "state"
    ] == "started"
    answer = {"epoch": 1, "form": an_answer(), "text": "Hör av dig."}
    stale = await stage.ask(ANNA, "POST", path(case_id, "answer"), seen=3, json=answer)
    assert (stale.status_code, stale.json()["reasons"][0]["code"]) == (409, "version_changed")
    answered = await stage.ask(ANNA, "POST", path(case_id, "answer"), seen=5, json=answer)
    assert answered.json()["state"] == "answered", answered.text
    view = (await stage.ask(PORTAL, "GET", path(case_id))).json()
    assert [it["kind"] for it in view["messages"]] == [
        "question_form", "counter_question", "citizen_reply", "answer",
    ]  # fmt: skip
    assert "Anna Ask" in view["messages"][-1]["body"]["signature"]
    assert view["messages"][-1]["answers"][0]["answer"] == "Receptet är förnyat."
    closed = await stage.ask(RUT, "POST", path(case_id, "close"), seen=6)
    assert closed.json()["state"] == "closed", closed.text
    await eventually(lambda: len(stage.events_of(case_id)) == 7, "seven facts")
    assert [fact["version"] for _, fact in stage.events_of(case_id)] == list(range(1, 8))
    told = stage.events_of(case_id, f"intake.{PORTAL}.outcomes")
    statuses = [body["status"] for name, body in told if name == "case-progressed"]
    assert statuses == ["waiting", "started", "answered", "closed"]


async def test_of_two_answers_at_once_one_wins_and_the_other_is_told_who_and_when(stage: Stage) -> None:
    case_id = await stage.held()
    body = {"epoch": 1, "form": an_answer()}
    both = [stage.ask(ANNA, "POST", path(case_id, "answer"), seen=1, json=body) for _ in range(2)]
    answers = sorted(await asyncio.gather(*both), key=lambda it: it.status_code)
    assert [it.status_code for it in answers] == [200, 409]
    [reason] = answers[1].json()["reasons"]
    assert reason["code"] == "already_answered"
    assert "Anna Ask" in reason["message"]
    assert [name for name, _ in stage.events_of(case_id)].count("case-answered") <= 1


async def test_after_a_reassignment_the_former_holder_is_told_who_holds_the_case(stage: Stage) -> None:
    case_id = await stage.held()
    await stage.hand(case_id, BO, epoch=2)
    await stage.tell(assigned(case_id, ANNA, epoch=1))
    late = await stage.ask(
        ANNA, "POST", path(case_id, "answer"), seen=1, json={"epoch": 1, "form": an_answer()}
    )
    assert late.status_code == 409
    assert "Bo Bok" in late.json()["detail"]
    assert (await stage.row(case_id))["holder"] == BO


async def test_an_act_on_an_assignment_that_is_on_its_way_waits_for_it(stage: Stage) -> None:
    case_id = await stage.stored()
    act = asyncio.create_task(stage.ask(ANNA, "POST", path(case_id, "start"), json={"epoch": 1}))
    await asyncio.sleep(0.1)
    await stage.tell(assigned(case_id))
    assert (await act).status_code == 200
    never = await stage.ask(ANNA, "POST", path(case_id, "start"), json={"epoch": 7})
    assert (never.status_code, never.headers["retry-after"]) == (503, "2")


async def test_every_look_at_a_case_is_logged_and_every_refused_one(stage: Stage) -> None:
    case_id = await stage.held()
    for who, status in ((ANNA, 200), (RUT, 200), (BO, 404), (EVA, 404), (PORTAL, 200), (OTHER, 404)):
        assert (await stage.ask(who, "GET", path(case_id))).status_code == status
    rows = (await stage.ask(RUT, "GET", "/cases", params={"ids": [str(case_id)]})).json()["cases"]
    assert [row["citizen_name"] for row in rows] == ["Tolvan Tolvansson"]
    assert await accesses(stage, case_id, 7) == [
        ("staff", ANNA, "read"),
        ("staff", RUT, "read"),
        ("staff", BO, "refused"),
        ("staff", EVA, "refused"),
        ("portal", PORTAL, "read"),
        ("portal", OTHER, "refused"),
        ("staff", RUT, "list"),
    ]


async def test_every_refused_act_is_logged_in_the_transaction_that_refuses_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = await stage.held()
    acts: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (BO, "start", {"epoch": 1}),
        (RUT, "questions", {"epoch": 1, "text": "?"}),
        (EVA, "answer", {"epoch": 1, "form": an_answer()}),
        (BO, "close", {}),
        (OTHER, "withdrawal", {}),
    )
    for who, act, body in acts:
        answer = await stage.ask(who, "POST", path(case_id, act), seen=1, json=body)
        assert answer.status_code == 404, answer.text
    kinds = {OTHER: "portal"}
    expected = [(kinds.get(who, "staff"), who, "refused") for who, _, _ in acts]
    assert await accesses(stage, case_id, len(acts)) == expected

    async def fail(*_: Any) -> None:
        raise RuntimeError("the log can't be written")

    monkeypatch.setattr("shared.outbox.rows.Outbox.write", fail)
    for who, act, body in acts:
        answer = await stage.ask(who, "POST", path(case_id, act), seen=1, json=body)
        assert answer.status_code == 500, "a refusal that can't be logged is none"


async def test_a_look_that_cannot_be_logged_shows_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = await stage.held()

    async def fail(*_: Any) -> None:
        raise RuntimeError("the log can't be written")

    monkeypatch.setattr("shared.outbox.rows.Outbox.write", fail)
    answer = await stage.ask(ANNA, "GET", path(case_id))
    assert answer.status_code == 500
    assert "Tolvan" not in answer.text


async def test_a_case_by_http_is_the_same_case_however_often_it_is_sent(stage: Stage) -> None:
    body = a_case().model_dump(mode="json", exclude={"case_id"})
    key = {"Idempotency-Key": str(uuid4())}
    first = await stage.ask(PORTAL, "POST", "/cases", json=body, headers=key)
    again = await stage.ask(PORTAL, "POST", "/cases", json=body, headers=key)
    assert (first.status_code, again.status_code) == (202, 202), first.text
    assert first.headers["location"] == f"/cases/{first.json()['case_id']}"
    assert first.json() == again.json()
    other = await stage.ask(PORTAL, "POST", "/cases", json=body | {"citizen_name": "Annan"}, headers=key)
    assert (other.status_code, other.json()["reasons"][0]["code"]) == (422, "id_reused")
    case_id = UUID(first.json()["case_id"])
    await eventually(lambda: stage.events_of(case_id), "CaseReceived")
    assert len(stage.events_of(case_id)) == 1


@pytest.mark.parametrize(
    ("content", "status", "code"),
    (
        (b"{", 400, "not_json"),
        (b"[]", 400, "not_json"),
        (b"{}", 422, "required"),
        (b'{"case_id": "x"}', 422, "bad_format"),
    ),
)
async def test_a_wrong_body_is_answered_with_its_reasons(
    stage: Stage, content: bytes, status: int, code: str
) -> None:
    answer = await stage.ask(PORTAL, "POST", "/cases", content=content)
    assert answer.status_code == status
    assert code in [reason["code"] for reason in answer.json()["reasons"]]


async def test_staff_cannot_submit_and_portals_cannot_answer_and_strangers_can_do_nothing(
    stage: Stage,
) -> None:
    case_id = await stage.held()
    body = {"epoch": 1, "form": an_answer()}
    assert (await stage.ask(ANNA, "POST", "/cases", json={})).status_code == 403
    assert (await stage.ask(PORTAL, "POST", path(case_id, "answer"), seen=1, json=body)).status_code == 403
    assert (await stage.ask(EVA, "POST", path(case_id, "answer"), seen=1, json=body)).status_code == 404
    assert (await stage.ask(ANNA, "POST", path(case_id, "answer"), json=body)).status_code == 428
    assert (await stage.ask(OTHER, "POST", path(case_id, "withdrawal"))).status_code == 404
    assert (await stage.http.get(path(case_id))).status_code == 401


async def test_all_invariants_hold_after_all_this(stage: Stage) -> None:
    for name, statement in INVARIANTS.items():
        assert await stage.service.database.fetch(statement) == [], name
