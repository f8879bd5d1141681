"""What a portal gets wrong on Kafka: it is told, nobody else notices, and nothing is lost.

All of it goes to one partition, and a good case behind each must come through. A handler that raises for one case of
500 can't be had from outside: tests/component/intake/test_submission.py has it.
"""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.errors import LocalStackError
from deploy.local.region import Region, until
from deploy.local.story import CITIZEN
from shared.contracts.topics import CATALOGUE_EVENTS, DIRECTORY_EVENTS, RESPONSIBILITY_EVENTS, portal_commands
from tests.end_to_end.operating import aside, ended, ends, operate, rows
from tests.end_to_end.people import OTHER_PORTAL, PORTAL, a_case
from tests.end_to_end.wire import (
    ACCEPTED,
    REFUSED,
    REPLY,
    SUBMIT,
    WITHDRAW,
    Ear,
    Wire,
    codes,
    envelope,
    id_of,
)

PARTITION = 3
TAKEN = (
    portal_commands(PORTAL),
    portal_commands(OTHER_PORTAL),
    RESPONSIBILITY_EVENTS,
    DIRECTORY_EVENTS,
    CATALOGUE_EVENTS,
)
"""All that intake takes. None of these tests asks it anything by HTTP, which would count too."""


@pytest.fixture(scope="module", autouse=True)
def the_numbers_add_up(region: Region) -> Iterator[None]:
    """Whatever is on intake's topics was handled, refused, given up, or is set aside: to the last record."""
    topics = [topic.name for topic in TAKEN]

    def unaccounted() -> int | None:
        """None while heartbeats come in."""
        records = ends(region.stack, *topics)
        found = records - ended(region, "intake") - aside(region, "intake")
        return found if ends(region.stack, *topics) == records else None

    [kept] = rows(region.stack, "intake", "SELECT count(*) FROM parked WHERE state <> 'dead'")
    until(lambda: aside(region, "intake") == kept[0], "what is set aside was measured")
    before = until(lambda: _twice_the_same(unaccounted), "intake is at rest")[0]
    yield
    until(lambda: unaccounted() == before, "every message is accounted for")


@pytest.fixture(autouse=True)
def those_behind_come_through(wire: Wire) -> Iterator[None]:
    """A good case of the same portal, on the same partition, after whatever the test did."""
    yield
    assert wire.do(SUBMIT, a_case(), partition=PARTITION)["type"] == ACCEPTED


@pytest.mark.parametrize(
    "value",
    (b"{not json", b"", None, b"\x00\x01\x02", b"\xff\xfe{}", b'{"case_id": "\\ud800"}', b"[" * 500_000),
    ids=("text", "nothing", "null", "binary", "not UTF-8", "lone surrogate", "nested without end"),
)
def test_what_is_no_json_is_told_and_kept_sealed(region: Region, wire: Wire, value: bytes | None) -> None:
    ear = Ear(region.stack.infrastructure.kafka, "dead letters", "intake.dead-letters")
    case_id, headers = str(uuid4()), envelope()
    place = wire.send(value, headers, key=case_id, partition=PARTITION)
    told = wire.told(id_of(headers))
    assert (codes(told), told["case_id"]) == (["unreadable"], case_id)
    letter = ear.until(lambda record: _place(record.headers) == place, f"the dead letter of {place}")
    ear.close()
    assert letter.headers["dead_reason"].startswith((b"not_json", b"empty"))
    assert not value or value not in letter.value


@pytest.mark.parametrize("type_", ("intake.nobody-knows.v1", "nonsense", "admin.record-access.v1"))
def test_a_type_that_is_no_command_of_portals_is_told(wire: Wire, type_: str) -> None:
    assert wire.do(type_, a_case(), partition=PARTITION)["type"] == REFUSED


@pytest.mark.parametrize("name", ("ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time"))
@pytest.mark.parametrize("how", ("missing", "null", "not UTF-8"))
def test_a_header_that_can_not_be_read_is_named(wire: Wire, name: str, how: str) -> None:
    headers = envelope() | ({name: None} if how == "null" else {name: b"\xff\xfe"})
    if how == "missing":
        del headers[name]
    place = wire.send(a_case(), headers, partition=PARTITION)
    told = wire.told(place if name == "ce_id" else id_of(headers))
    assert codes(told) == ["unreadable"]
    assert name in told["reasons"][0]["en"]


def test_headers_of_others_may_hold_anything(wire: Wire) -> None:
    headers = envelope() | {"foreign": b"\xff\x00", "nothing": None, "åäö": b"x" * 5_000}
    wire.send(a_case(), headers, partition=PARTITION)
    assert wire.told(id_of(headers))["type"] == ACCEPTED


def test_a_version_to_come_is_parked_and_listed_and_nobody_is_told_yet(region: Region, wire: Wire) -> None:
    body, headers = a_case(), envelope("intake.submit-case.v2")
    place = wire.send(body, headers, partition=PARTITION)
    partition, offset = place.split("/")[1:]
    line = until(
        lambda: [
            line
            for line in operate(region.stack, "intake", "parked").splitlines()
            if f"partition={partition}  offset={offset} " in line
        ],
        "the operator sees it",
    )[0]
    assert "state=parked" in line
    assert "reason=unknown_version" in line
    assert not any(secret in line for secret in ("Tolvan", "191212121212", "Exempeldryl"))
    assert wire.times_told(id_of(headers)) == 0


def test_what_is_too_large_never_gets_onto_the_topic(region: Region, wire: Wire) -> None:
    large = json.dumps(a_case() | {"citizen_name": "x" * 10_000_000}).encode()
    before = ends(region.stack, wire.commands)
    for codec in ("none", "gzip"):
        producer = wire.new_producer(**{"compression.type": codec})
        with pytest.raises(LocalStackError, match="MSG_SIZE_TOO_LARGE"):
            wire.send(large, producer=producer, partition=PARTITION)
    assert ends(region.stack, wire.commands) == before


def test_a_command_without_a_key_is_a_command(wire: Wire) -> None:
    headers = envelope()
    wire.send(a_case(), headers, key=None)
    assert wire.told(id_of(headers))["type"] == ACCEPTED
    nothing = envelope()
    place = wire.send(b"{", {"ce_type": nothing["ce_type"]}, key=None, partition=PARTITION)
    assert codes(wire.told(place)) == ["unreadable"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    (
        ({"citizen": {"kind": "personnummer", "value": "191212121213"}}, "not_a_person_id"),
        ({"citizen": {"kind": "personnummer", "value": "1912\x0012121212"}}, "bad_format"),
        ({"citizen": {"kind": "passport", "value": "1"}}, "not_an_option"),
        ({"clinic_id": "SE2321000016-NONE"}, "clinic_unknown"),
        ({"clinic_id": "SE2321000016-1000"}, "clinic_inactive"),
        ({"case_type": "no-such-type"}, "case_type_unknown"),
        ({"case_type": "ask-nurse"}, "case_type_not_offered"),
        ({"case_id": "not a uuid"}, "bad_format"),
        ({"portal_id": OTHER_PORTAL}, "unknown_field"),
        ({"\x00": 1}, "unknown_field"),
        ({"citizen_name": "Tolvan\x00Tolvansson"}, "invalid_characters"),
        ({"citizen_name": "x" * 201}, "too_long"),
        ({"form": {"item": [{"linkId": "medicine", "answer": [{"valueString": "a\x00b"}]}]}}, "required"),
        ({"form": {"item": [{"linkId": "other", "answer": [{"valueString": "x" * 900_000}]}]}}, "required"),
        ({"form": []}, "wrong_type"),
    ),
)
def test_a_case_that_is_wrong_is_refused_with_a_code(wire: Wire, wrong: dict[str, Any], code: str) -> None:
    assert code in codes(wire.do(SUBMIT, a_case() | wrong, partition=PARTITION))


@pytest.mark.parametrize("depth", (60, 150, 2_000))
def test_a_form_that_is_nested_too_deep_is_refused(wire: Wire, depth: int) -> None:
    nested = '{"item":[' * depth + "{}" + "]}" * depth
    headers = envelope()
    value = json.dumps(a_case() | {"form": "HERE"}).replace('"HERE"', nested).encode()
    wire.send(value, headers, key=str(uuid4()), partition=PARTITION)
    assert set(codes(wire.told(id_of(headers)))) & {"required", "unreadable", "malformed"}


@pytest.mark.parametrize("time", ("1999-01-01T00:00:00Z", "2999-01-01T00:00:00Z"))
def test_a_message_from_another_age_is_refused(wire: Wire, time: str) -> None:
    told = wire.do(SUBMIT, a_case(), {"ce_time": time.encode()}, partition=PARTITION)
    assert codes(told) == ["time_out_of_window"]


def test_the_same_id_is_done_once_and_with_another_body_refused(wire: Wire) -> None:
    body, headers = a_case(), envelope()
    for _ in range(3):
        wire.send(body, headers, partition=PARTITION)
    assert wire.told(id_of(headers))["type"] == ACCEPTED
    wire.do(SUBMIT, a_case(), partition=PARTITION)
    assert wire.times_told(id_of(headers)) == 1
    wire.send(a_case(), headers, partition=PARTITION)
    until(lambda: wire.times_told(id_of(headers)) == 2, "the reuse of an id is told")
    assert codes(wire.told(id_of(headers))) == ["id_reused"]
    other = body | {"citizen_name": "Någon Annan"}
    assert codes(wire.do(SUBMIT, other, partition=PARTITION)) == ["case_id_taken"]


def test_what_comes_before_its_case_waits_and_is_decided_with_it(region: Region, wire: Wire) -> None:
    body = a_case()
    withdrawal, reply = envelope(WITHDRAW), envelope(REPLY)
    early = {"case_id": body["case_id"], "message_id": str(uuid4()), "text": "För tidigt"}
    wire.send({"case_id": body["case_id"]}, withdrawal, partition=PARTITION)
    wire.send(early, reply, partition=PARTITION)
    wire.do(SUBMIT, a_case(), partition=PARTITION)
    assert wire.times_told(id_of(withdrawal)) == wire.times_told(id_of(reply)) == 0
    assert wire.do(SUBMIT, body, partition=PARTITION)["type"] == ACCEPTED
    assert wire.told(id_of(withdrawal))["type"] == ACCEPTED
    assert codes(wire.told(id_of(reply))) == ["not_when_withdrawn"]


def test_of_a_burst_full_of_errors_every_good_case_comes_through_and_every_bad_one_is_told(
    wire: Wire,
) -> None:
    good, bad = [], []
    for number_ in range(400):
        headers = envelope()
        good.append(id_of(headers))
        wire.producer.produce(
            wire.commands, json.dumps(a_case()).encode(), headers=list(headers.items()), partition=PARTITION
        )
        if number_ % 8 == 0:
            headers = envelope("nonsense" if number_ % 16 else SUBMIT)
            bad.append(id_of(headers))
            wire.producer.produce(
                wire.commands, b"{" + json.dumps(CITIZEN).encode(), headers=list(headers.items()), partition=3
            )
    assert wire.producer.flush(15) == 0
    assert {wire.told(id_)["type"] for id_ in good} == {ACCEPTED}
    assert {code for id_ in bad for code in codes(wire.told(id_))} == {"unreadable"}


def _place(headers: dict[str, bytes]) -> str:
    return b"/".join(headers[f"dead_{part}"] for part in ("topic", "partition", "offset")).decode()


def _twice_the_same(look: Callable[[], int | None]) -> tuple[int] | None:
    first = look()
    time.sleep(0.3)
    return (first,) if first is not None and look() == first else None
