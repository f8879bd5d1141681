"""What an operator does at three in the morning, by the runbooks: look, mend, and put things back in line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource

from deploy.local.region import Region, until
from deploy.local.stack import Stack
from shared.contracts.topics import MAX_MESSAGE_BYTES, RESPONSIBILITY_EVENTS, SERVICES, portal_outcomes
from shared.outbox.packing import pack
from tests.end_to_end.conftest import StaffClient
from tests.end_to_end.operating import a_fault_of_ours, number, operate, rows
from tests.end_to_end.people import OTHER_PORTAL, RECEIVER, a_case
from tests.end_to_end.wire import ACCEPTED, SUBMIT, WITHDRAW, Ear, Wire, codes, envelope, id_of

HELD = "SELECT topic, key, reason FROM outbox_held ORDER BY id"
FIGURES = (
    "vardvaxel_messages_total",
    "vardvaxel_outbox_rows",
    "vardvaxel_outbox_held_total",
    "vardvaxel_relayed_total",
    "vardvaxel_parked_messages",
)


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_says_whether_it_lives_and_is_ready_and_what_it_does(
    region: Region, service: str
) -> None:
    for probe in ("/livez", "/readyz"):
        answer = httpx.get(f"{region.url(service)}{probe}", timeout=15)
        assert (answer.status_code, answer.json()) == (200, {"ok": True, "wrong": []})
    text = httpx.get(f"{region.url(service)}/metrics", timeout=15).text
    assert [figure for figure in FIGURES if figure not in text] == []
    assert number(region.stack.service(service), "vardvaxel_relay_leads") == 1


def test_a_case_that_our_fault_killed_is_redriven_when_the_fault_is_mended(
    region: Region, wire: Wire, staff: StaffClient, portal_by_http: httpx.Client
) -> None:
    body, withdrawal = a_case(), envelope(WITHDRAW)
    ear = Ear(region.stack.infrastructure.kafka, "dead letters", "intake.dead-letters")
    submission = envelope(SUBMIT)
    with a_fault_of_ours(region.stack, body["case_id"]):
        place = wire.send(body, submission)
        until(lambda: _count_of(region.stack, body["case_id"]), "the case is parked")
        line = _parked(region.stack, place)
        assert "state=parked" in line
        assert "handler=submit_case  reason=RaiseError" in line
        wire.send({"case_id": body["case_id"]}, withdrawal)
        assert wire.do(SUBMIT, a_case())["type"] == ACCEPTED, "the others go on"
        until(lambda: _count_of(region.stack, body["case_id"]) == 2, "what comes later stands behind it")
        act = portal_by_http.post(f"/cases/{body['case_id']}/withdrawal")
        assert (act.status_code, act.json()["reasons"][0]["code"]) == (409, "case_parked")
        _let_it_have_failed_often(region.stack, body["case_id"])
        assert codes(wire.told(id_of(submission))) == ["given_up"]
        letter = ear.until(lambda it: it.headers["dead_offset"].decode() == place.split("/")[2], "the letter")
        ear.close()
        assert (letter.headers["dead_handler"], letter.headers["dead_attempts"]) == (b"submit_case", b"8")
    dead = _parked(region.stack, place)
    assert "state=dead" in dead
    assert not any(secret in dead for secret in ("Tolvan", "191212121212", "Exempeldryl"))
    id_ = dead.split("  ")[0].removeprefix("id=")
    assert operate(region.stack, "intake", "redrive", id_) == "1 messages are tried again\n"
    until(lambda: wire.times_told(id_of(submission)) == 2, "the case is decided after all")
    assert wire.told(id_of(submission))["type"] == ACCEPTED
    assert wire.told(id_of(withdrawal))["type"] == ACCEPTED
    receiver = staff("routing", RECEIVER)
    until(lambda: _status(receiver, body["case_id"]) == "ended", "routing has it, and its end")
    assert _parked(region.stack, place) == ""
    assert operate(region.stack, "intake", "redrive", id_) == "0 messages are tried again\n"


def test_what_the_broker_refuses_is_held_while_others_go_on_and_is_sent_when_that_is_mended(
    region: Region, wire: Wire, other_wire: Wire, staff: StaffClient
) -> None:
    before = number(region.stack.service("intake"), "vardvaxel_outbox_held_total")
    body, submission, withdrawal = a_case(), envelope(SUBMIT), envelope(WITHDRAW)
    with _small_records_only(region.stack, portal_outcomes(OTHER_PORTAL).name):
        other_wire.send(body, submission)
        until(lambda: rows(region.stack, "intake", HELD), "the outcome is held")
        other_wire.send({"case_id": body["case_id"]}, withdrawal)
        until(lambda: len(rows(region.stack, "intake", HELD)) == 3, "the later ones stand behind it")
        assert wire.do(SUBMIT, a_case())["type"] == ACCEPTED
        receiver = staff("routing", RECEIVER)
        until(lambda: _status(receiver, body["case_id"]) == "ended", "routing has heard all the same")
    held = rows(region.stack, "intake", HELD)
    assert {(row["topic"], row["key"].decode()) for row in held} == {
        (portal_outcomes(OTHER_PORTAL).name, body["case_id"])
    }
    assert ["TooLarge" in row["reason"] for row in held] == [True, False, False]
    assert number(region.stack.service("intake"), "vardvaxel_outbox_held_total") - before == 3
    assert operate(region.stack, "intake", "release-held") == "3 rows are back in line\n"
    assert other_wire.told(id_of(submission))["type"] == ACCEPTED
    assert other_wire.told(id_of(withdrawal))["type"] == ACCEPTED
    told = [it.type.split(".")[1] for it in other_wire.ear.heard if it.key == body["case_id"].encode()]
    assert told == ["command-accepted", "case-progressed", "command-accepted"]
    assert rows(region.stack, "intake", HELD) == []


def test_a_row_for_a_topic_of_others_is_held_and_stops_nobody(region: Region, wire: Wire) -> None:
    insert = "INSERT INTO outbox (topic, count, messages) VALUES ($1, 1, $2)"
    rows(region.stack, "intake", insert, RESPONSIBILITY_EVENTS.name, pack(b"forged", b"\n" * 9, b"{}"))
    assert wire.do(SUBMIT, a_case())["type"] == ACCEPTED
    [held] = until(lambda: rows(region.stack, "intake", HELD), "the row is held")
    assert (held["key"], "Authorization" in held["reason"]) == (b"forged", True)
    rows(region.stack, "intake", "DELETE FROM outbox_held")


@contextmanager
def _small_records_only(stack: Stack, topic: str) -> Iterator[None]:
    admin = AdminClient({**stack.infrastructure.kafka.for_confluent(), "log_level": 0})

    def limit(size: int) -> None:
        entry = ConfigEntry("max.message.bytes", str(size), incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
        for future in admin.incremental_alter_configs([resource]).values():
            future.result(15)
        asked = ConfigResource(ConfigResource.Type.TOPIC, topic)
        until(lambda: _limit_of(admin, asked) == size, "the broker knows the limit")

    limit(100)
    try:
        yield
    finally:
        limit(MAX_MESSAGE_BYTES)


def _limit_of(admin: AdminClient, topic: ConfigResource) -> int:
    [future] = admin.describe_configs([topic]).values()
    described: Any = future.result(15)
    return int(described["max.message.bytes"].value)


def _let_it_have_failed_often(stack: Stack, case_id: str) -> None:
    often = "UPDATE parked SET attempts = 7, try_at = now() WHERE line = $1 AND attempts > 0"
    rows(stack, "intake", often, case_id)


def _count_of(stack: Stack, line: str) -> int:
    return len(rows(stack, "intake", "SELECT FROM parked WHERE line = $1", line))


def _parked(stack: Stack, place: str) -> str:
    """What the operator's list says of one record; empty if it is not in it."""
    topic, partition, offset = place.split("/")
    of_record = f"topic={topic}  partition={partition}  offset={offset}  "
    lines = operate(stack, "intake", "parked").splitlines()
    return next((line for line in lines if of_record in line), "")


def _status(receiver: httpx.Client, case_id: str) -> str:
    answer = receiver.get(f"/cases/{case_id}")
    return str(answer.json()["status"]) if answer.is_success else ""
