"""Portals and readers that share no line of code with us: they hold on to what is documented, and so do we."""

import json
from collections import defaultdict
from functools import cache, partial
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

from deploy.local.home import REPOSITORY
from deploy.local.region import Region, until
from shared.clock import utc_now
from shared.contracts.catalogue import EVENTS
from shared.contracts.topics import CASE_EVENTS, RESPONSIBILITY_EVENTS, portal_outcomes
from tests.end_to_end.conftest import StaffClient
from tests.end_to_end.people import FREJA, OTHER_PORTAL, OTTO, PORTAL, RECEIVER, a_case
from tests.end_to_end.steps import answer, assign, in_queue, shown
from tests.end_to_end.wire import (
    ACCEPTED,
    REPLY,
    SUBMIT,
    WITHDRAW,
    Ear,
    Headers,
    Heard,
    Wire,
    codes,
    envelope,
    id_of,
)

GUIDE = REPOSITORY / "docs" / "portal-guide.md"
SCHEMAS = REPOSITORY / "shared" / "contracts" / "schemas"
FACTS = (CASE_EVENTS.name, RESPONSIBILITY_EVENTS.name)
OUTCOMES = "intake.{portal_id}.outcomes"


def test_the_bytes_in_the_guide_are_a_case(wire: Wire) -> None:
    """As documented, but for what an example can't know: the portal, the clinic and its form, the ids, and today."""
    block = GUIDE.read_text().split("```text\ntopic: ", 1)[1].split("\n```", 1)[0]
    place, stated, value = f"topic: {block}".split("\n\n")
    about, body = _pairs(place), a_case()
    assert about["topic"] == wire.commands.replace(PORTAL, "example-portal")
    headers: Headers = {name: text.encode() for name, text in _pairs(stated).items()}
    headers |= {"ce_id": str(uuid4()).encode(), "ce_time": utc_now().isoformat().encode()}
    written = json.loads(value)
    assert written["case_id"] == about["key"]
    assert written.keys() == body.keys()
    value = value.replace(about["key"], body["case_id"]).replace(written["clinic_id"], body["clinic_id"])
    value = value.split('"form"')[0] + '"form": ' + json.dumps(body["form"], indent=4) + "\n}"
    wire.send(value.encode(), headers, key=body["case_id"])
    assert wire.told(id_of(headers))["type"] == ACCEPTED


@pytest.mark.parametrize("codec", ("gzip", "snappy", "lz4", "zstd"))
def test_a_producer_may_compress_by_any_codec(wire: Wire, codec: str) -> None:
    producer = wire.new_producer(**{"compression.type": codec, "linger.ms": 20})
    sent = [envelope() for _ in range(20)]
    for headers in sent:
        body = a_case()
        value, stated = json.dumps(body).encode(), _pairs_of(headers)
        producer.produce(wire.commands, value, body["case_id"].encode(), headers=stated, partition=1)
    assert producer.flush(15) == 0
    assert {wire.told(id_of(headers))["type"] for headers in sent} == {ACCEPTED}


@pytest.mark.parametrize("timestamp", (1, -(10**17)))
def test_a_producer_may_give_a_record_any_time(wire: Wire, timestamp: int) -> None:
    for headers in (envelope(), envelope() | {"ce_time": b"1999-01-01T00:00:00Z"}):
        value, stated = json.dumps(a_case()).encode(), _pairs_of(headers)
        wire.producer.produce(wire.commands, value, headers=stated, timestamp=timestamp)
        assert wire.producer.flush(15) == 0
        assert wire.told(id_of(headers))
    assert codes(wire.told(id_of(headers))) == ["time_out_of_window"]


@pytest.mark.parametrize("first", (SUBMIT, WITHDRAW, REPLY))
def test_parts_of_a_portal_that_place_a_key_differently_lose_nothing(
    region: Region, wire: Wire, staff: StaffClient, first: str
) -> None:
    ear = Ear(region.stack.infrastructure.kafka, "outsider", *FACTS)
    cases = []
    for _ in range(10):
        body = a_case()
        case_id = {"case_id": body["case_id"]}
        commands: dict[str, Any] = {
            SUBMIT: (0, body, envelope(SUBMIT)),
            WITHDRAW: (7, case_id, envelope(WITHDRAW)),
            REPLY: (7, case_id | {"message_id": str(uuid4()), "text": "Hej"}, envelope(REPLY)),
        }
        for type_ in sorted(commands, key=lambda type_: type_ != first):
            partition, value, headers = commands[type_]
            stated, key = _pairs_of(headers), body["case_id"].encode()
            content = json.dumps(value).encode()
            wire.producer.produce(wire.commands, content, key, headers=stated, partition=partition)
        cases.append(
            (body["case_id"], {type_: id_of(headers) for type_, (_, _, headers) in commands.items()})
        )
    assert wire.producer.flush(15) == 0
    for case_id, ids in cases:
        assert wire.told(ids[SUBMIT])["type"] == wire.told(ids[WITHDRAW])["type"] == ACCEPTED
        assert codes(wire.told(ids[REPLY]))[0] in ("not_when_open", "not_when_withdrawn")
        ear.until(partial(_is_the_end, case_id), "routing has ended the case")
        facts = [it for it in ear.heard if it.key == case_id.encode() and it.topic == CASE_EVENTS.name]
        assert [it.type.split(".")[1] for it in facts] == ["case-received", "case-withdrawn"]
    assert all(wire.times_told(id_) == 1 for _, ids in cases[:3] for id_ in ids.values())
    ear.close()


def test_every_event_can_be_read_by_the_official_library_and_fits_its_schema(
    region: Region, wire: Wire, staff: StaffClient, portal_by_http: httpx.Client
) -> None:
    _whole_life_of_a_case(wire, staff, portal_by_http)
    topics = (*FACTS, *(portal_outcomes(portal).name for portal in (PORTAL, OTHER_PORTAL)))
    ear = Ear(region.stack.infrastructure.kafka, "outsider", *topics, from_start=True)
    wanted = {it.TYPE for it in EVENTS if it.TOPIC in (*FACTS, OUTCOMES)}
    until(lambda: wanted <= {it.type for it in ear.to_the_end()}, f"all types are seen: {wanted}")
    for record in ear.heard:
        assert not _wrong_with(record), (record.topic, record.offset)
    _are_numbered_without_gaps(ear.heard)
    ids = [(it.topic, it.headers["ce_id"]) for it in ear.heard]
    assert len(ids) == len(set(ids)), "an event is published once"
    ear.close()


def _is_the_end(case_id: str, record: Heard) -> bool:
    return record.key == case_id.encode() and record.type == "routing.case-ended.v1"


def _wrong_with(record: Heard) -> list[str]:
    """What an outsider, with the specification and our schemas, finds wrong with a record."""
    event = from_binary(KafkaMessage(dict(record.headers), record.key, record.value), JSONFormat())
    described = _schema(event.get_type())
    found = [error.message for error in described.iter_errors(event.get_data())]
    about: Any = event.get_data()
    key = about["case_id"] or about["command_id"]
    expected = ("1.0", "application/json", str(key), f"/vardvaxel/{event.get_type().split('.')[0]}")
    seen = (
        event.get_specversion(),
        event.get_datacontenttype(),
        record.key.decode(),
        event.get_source(),
    )
    return [*found, *([] if seen == expected and event.get_time() else [str(seen)])]


def _are_numbered_without_gaps(records: list[Heard]) -> None:
    versions: dict[tuple[str, bytes], list[int]] = defaultdict(list)
    for record in records:
        if record.topic in FACTS:
            versions[record.topic, record.key].append(record.body["version"])
    assert all(seen == list(range(1, len(seen) + 1)) for seen in versions.values())


@cache
def _schema(type_: str) -> Any:
    schema = json.loads((SCHEMAS / f"{type_}.json").read_text())
    return Draft202012Validator(schema, format_checker=FormatChecker())


def _pairs(lines: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in lines.splitlines())


def _pairs_of(headers: Headers) -> list[tuple[str, str | bytes | None]]:
    return list(headers.items())


def _whole_life_of_a_case(wire: Wire, staff: StaffClient, portal: httpx.Client) -> None:
    """Question, reply, reading, hand-over, return, answer, closing; and another one that is refused or withdrawn."""
    body, receiver, freja, otto = (
        a_case(),
        staff("routing", RECEIVER),
        staff("intake", FREJA),
        staff("intake", OTTO),
    )
    case_id = {"case_id": body["case_id"]}
    path = f"/cases/{body['case_id']}"
    wire.do(SUBMIT, body)
    version = in_queue(receiver, body["case_id"])["version"]
    version = _version(assign(receiver, body["case_id"], FREJA, version))
    seen = shown(freja, body["case_id"])["version"]
    question = freja.post(
        f"{path}/questions", json={"epoch": 1, "text": "?"}, headers={"If-Match": f'"{seen}"'}
    )
    message = question.json()["message_id"]
    assert portal.post(f"{path}/messages/{message}/read").status_code == 200
    assert wire.do(REPLY, case_id | {"message_id": str(uuid4()), "text": "!"})["type"] == ACCEPTED
    until(lambda: receiver.get(path).json()["version"] >= version, "routing has heard")
    version = _version(
        assign(receiver, body["case_id"], OTTO, receiver.get(path).json()["version"], reason="other")
    )
    returned = receiver.post(f"{path}/return", json={"reason": "other"}, headers={"If-Match": f'"{version}"'})
    version = _version(assign(receiver, body["case_id"], OTTO, _version(returned)))
    seen = shown(otto, body["case_id"])["version"]
    until(lambda: answer(otto, body["case_id"], 3, seen).status_code == 200, "Otto has answered")
    seen = shown(otto, body["case_id"])["version"]
    assert otto.post(f"{path}/close", headers={"If-Match": f'"{seen}"'}).status_code == 200
    assert codes(wire.do(WITHDRAW, case_id)) == ["not_when_closed"]
    wire.do(SUBMIT, other := a_case())
    assert wire.do(WITHDRAW, {"case_id": other["case_id"]})["type"] == ACCEPTED


def _version(answer: httpx.Response) -> int:
    assert answer.status_code == 200, answer.text
    return int(answer.json()["version"])
