"""What citizens and caregivers write stays in intake: whatever goes wrong, no trace of it is anywhere else.

Last in its folder by name, so that it looks at all that the other stories left behind, too.
"""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.region import Region, until
from shared.contracts.topics import SERVICES, portal_commands, topics_of_a_region
from tests.end_to_end.operating import a_fault_of_ours, operate, rows
from tests.end_to_end.people import ANSWER, FREJA, OTHER_PORTAL, PORTAL, RECEIVER, a_case
from tests.end_to_end.steps import assign, in_queue, mails_to, shown
from tests.end_to_end.wire import ACCEPTED, REPLY, SUBMIT, Ear, Wire, envelope, id_of

NAME, TEXT, DRUG = f"Namn{uuid4().hex}", f"Text{uuid4().hex}", f"Medel{uuid4().hex}"
PERSON = "191212121212"
PLANTED = (NAME, TEXT, DRUG, PERSON, "Tolvan", "Exempeldryl")
KEPT_BY_INTAKE = {"cases", "messages", "grants", "parked"}
"""The tables that hold what people write, and whom clinics have given something; nothing else does."""


@pytest.fixture(scope="module", autouse=True)
def everything_is_tried(region: Region, wire: Wire) -> None:
    """A whole conversation, and every way in which one can fail, with planted words in each."""
    with (
        region.client("intake", region.portal_token(PORTAL)) as portal,
        region.client("routing", region.staff_token(RECEIVER)) as receiver,
        region.client("intake", region.staff_token(FREJA)) as freja,
    ):
        _talk(region, wire, portal, receiver, freja)
        _fail_by_kafka(region, wire)
        _fail_by_http(portal, receiver, freja)


def test_no_log_and_no_mail_tells_anything(region: Region) -> None:
    home = region.stack.home
    files = [*home.folder("log").iterdir(), *home.folder("mailbox").rglob("*")]
    assert {f"{service}-1.log" for service in SERVICES} <= {file.name for file in files}
    assert [file.name for file in files if file.is_file() and _tells(file.read_bytes())] == []
    assert not _tells(httpx.get(f"{region.stack.mailbox.url}/mails.json").content)


def test_no_topic_but_the_portals_own_commands_tells_anything(region: Region) -> None:
    written = {portal_commands(portal).name for portal in (PORTAL, OTHER_PORTAL)}
    topics = [it.name for it in topics_of_a_region((PORTAL, OTHER_PORTAL)) if it.name not in written]
    ear = Ear(region.stack.infrastructure.kafka, "outsider", *topics, from_start=True)
    heard = ear.to_the_end()
    ear.close()
    assert {"intake.case.events", "intake.dead-letters", "admin.access-log.commands"} <= {
        it.topic for it in heard
    }
    telling = [it for it in heard if _tells(it.key, it.value, *it.headers.values())]
    assert [(it.topic, it.offset) for it in telling] == []


@pytest.mark.parametrize("service", SERVICES)
def test_no_database_but_intakes_and_no_operators_list_tells_anything(region: Region, service: str) -> None:
    tables = """
        SELECT relname FROM pg_class
        WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
    """
    for [table] in rows(region.stack, service, tables):
        if service == "intake" and table in KEPT_BY_INTAKE:
            continue
        found = rows(region.stack, service, f'SELECT "{table}"::text FROM "{table}"')
        assert not any(_tells(row[0].encode()) for row in found), table
    assert not _tells(operate(region.stack, service, "parked").encode())
    assert not _tells(httpx.get(f"{region.url(service)}/metrics").content)


def test_what_was_planted_is_there_to_be_found(region: Region) -> None:
    """Or these tests would find nothing anywhere."""
    kept = rows(
        region.stack, "intake", "SELECT m::text || c::text FROM messages m JOIN cases c ON c.id = m.case_id"
    )
    told = "".join(row[0] for row in kept)
    assert [word for word in PLANTED if word not in told] == []


def _tells(*content: bytes) -> bool:
    """Whether anything planted stands in it, as it is or in hexadecimal."""
    return any(
        word.encode() in it or word.encode().hex().encode() in it for it in content for word in PLANTED
    )


def _planted(**other: Any) -> dict[str, Any]:
    answers = [
        {"linkId": "medicine", "answer": [{"valueString": DRUG}]},
        {"linkId": "supply", "answer": [{"valueCoding": {"code": "week"}}]},
        {"linkId": "other", "answer": [{"valueString": TEXT}]},
    ]
    return a_case() | {"citizen_name": NAME, "form": {"item": answers}} | other


def _talk(
    region: Region, wire: Wire, portal: httpx.Client, receiver: httpx.Client, freja: httpx.Client
) -> None:
    body, before = _planted(), len(mails_to(region, FREJA))
    path = f"/cases/{body['case_id']}"
    assert wire.do(SUBMIT, body)["type"] == ACCEPTED
    assert assign(receiver, body["case_id"], FREJA, in_queue(receiver, body["case_id"])["version"]).is_success
    until(lambda: len(mails_to(region, FREJA)) > before, "Freja has a mail")
    seen = shown(freja, body["case_id"])["version"]
    question = {"epoch": 1, "text": TEXT}
    assert freja.post(f"{path}/questions", json=question, headers={"If-Match": f'"{seen}"'}).is_success
    reply = {"case_id": body["case_id"], "message_id": str(uuid4()), "text": TEXT}
    assert wire.do(REPLY, reply)["type"] == ACCEPTED
    seen = shown(freja, body["case_id"])["version"]
    answer = {"epoch": 1, "text": TEXT, "form": ANSWER}
    assert freja.post(f"{path}/answer", json=answer, headers={"If-Match": f'"{seen}"'}).is_success
    assert TEXT in portal.get(path).text
    assert NAME in freja.get("/cases", params={"ids": body["case_id"]}).text


def _fail_by_kafka(region: Region, wire: Wire) -> None:
    cut = json.dumps(_planted()).encode()[:-1]
    for value, headers in (
        (cut, envelope()),
        (_planted(), envelope("intake.nobody-knows.v1")),
        (_planted(unknown=TEXT), envelope()),
        (_planted(clinic_id=NAME, case_type=TEXT), envelope()),
        (_planted(citizen={"kind": "personnummer", "value": f"{PERSON}0"}), envelope()),
        (_planted(form={"item": [{"linkId": TEXT, "answer": [{"valueString": NAME}]}]}), envelope()),
        (_planted(form={"item": {NAME: TEXT}}), envelope()),
    ):
        wire.send(value, headers, key=str(uuid4()))
        wire.told(id_of(headers))
    wire.send(_planted(), envelope("intake.submit-case.v3"))
    wire.send({"case_id": str(uuid4()), "message_id": str(uuid4()), "text": TEXT}, envelope(REPLY))
    body, headers = _planted(), envelope()
    with a_fault_of_ours(region.stack, body["case_id"]):
        wire.send(body, headers)
        often = "UPDATE parked SET attempts = 7, try_at = now() WHERE line = $1 AND attempts > 0 RETURNING id"
        until(lambda: rows(region.stack, "intake", often, body["case_id"]), "the case is parked")
        assert wire.told(id_of(headers))["reasons"][0]["code"] == "given_up"


def _fail_by_http(portal: httpx.Client, receiver: httpx.Client, freja: httpx.Client) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    for body in (_planted(), _planted(), _planted(**{NAME: TEXT}), _planted(clinic_id=NAME)):
        portal.post("/cases", json=body, headers=key)
    portal.post("/cases", content=json.dumps(_planted()).encode()[:-1])
    case_id = uuid4()
    for client, path in (
        (portal, "replies"),
        (freja, "answer"),
        (freja, "questions"),
        (receiver, "assignment"),
    ):
        client.post(f"/cases/{case_id}/{path}", json={NAME: TEXT, "text": TEXT}, headers={"If-Match": '"1"'})
        client.get(f"/cases/{TEXT}", params={"ids": NAME})
