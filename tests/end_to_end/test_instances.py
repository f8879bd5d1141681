"""Instances come and go, and offsets are set back, under load: each case is there once, and so is each event."""

import itertools
import json
import threading
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from deploy.local.region import Region, until
from deploy.local.stack import Stack
from shared.contracts.events.intake import (
    CaseAnswered,
    CaseClosed,
    CaseReceived,
    CaseStarted,
    CaseWithdrawn,
    CounterQuestionSent,
)
from shared.contracts.events.routing import CaseQueued
from shared.contracts.topics import CASE_EVENTS, RESPONSIBILITY_EVENTS
from tests.end_to_end.operating import number, operate, refused_to_operate, rows
from tests.end_to_end.people import a_case
from tests.end_to_end.wire import ACCEPTED, SUBMIT, WITHDRAW, Ear, Wire, envelope, id_of

PER_SECOND = 40
SHARED = ("intake", "routing")
FACTS = (CASE_EVENTS.name, RESPONSIBILITY_EVENTS.name)
USED_BY_ROUTING = {
    it.TYPE
    for it in (CaseReceived, CaseStarted, CounterQuestionSent, CaseAnswered, CaseClosed, CaseWithdrawn)
}


class Load:
    """Cases, and withdrawals of some of them by another partition, one after the other until told to stop."""

    def __init__(self, wire: Wire) -> None:
        self.cases: dict[str, str] = {}
        """Command by case."""
        self.withdrawals: list[str] = []
        self._wire = wire
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._send)

    def __enter__(self) -> "Load":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join()
        assert self._wire.producer.flush(30) == 0

    def _send(self) -> None:
        while not self._enough.wait(1 / PER_SECOND):
            body = a_case()
            self.cases[body["case_id"]] = self._publish(SUBMIT, body, len(self.cases) % 12)
            if len(self.cases) % 5 == 0:
                only_id = {"case_id": body["case_id"]}
                self.withdrawals.append(self._publish(WITHDRAW, only_id, (len(self.cases) + 6) % 12))

    def _publish(self, type_: str, body: dict[str, object], partition: int) -> str:
        headers = envelope(type_)
        stated: list[tuple[str, str | bytes | None]] = list(headers.items())
        key = str(body["case_id"]).encode()
        self._wire.producer.produce(
            self._wire.commands, json.dumps(body).encode(), key, headers=stated, partition=partition
        )
        self._wire.producer.poll(0)
        return id_of(headers)


def test_a_second_instance_takes_part_and_one_that_is_asked_to_stop_loses_nothing(
    region: Region, wire: Wire
) -> None:
    ear = Ear(region.stack.infrastructure.kafka, "outsider", *FACTS)
    with Load(wire) as load, _second_instances(region.stack) as second:
        learned = {service: _done(second, service) for service in SHARED}
        """From the directory: from here on it is cases."""
        for service in SHARED:
            until(partial(_has_done, second, service, learned[service] + 20), f"two share in {service}")
        for service in SHARED:
            second.service(service, 2).stop()
        before = len(load.cases)
        until(lambda: len(load.cases) > before + PER_SECOND, "those that stay go on")
    for command_id in load.cases.values():
        assert wire.told(command_id)["type"] == ACCEPTED
    assert all(wire.told(command_id) for command_id in load.withdrawals)
    until(lambda: _queued(ear).keys() >= load.cases.keys(), "every case has reached its clinic")
    records, queued = ear.to_the_end(), _queued(ear)
    stored = Counter(it.key.decode() for it in records if it.type == CaseReceived.TYPE)
    assert {(stored[case_id], queued[case_id]) for case_id in load.cases} == {(1, 1)}, (
        "stored and queued once"
    )
    ids = [it.headers["ce_id"] for it in records]
    assert len(ids) == len(set(ids)), "published once"
    told = Counter(it.body.get("command_id") for it in wire.ear.to_the_end())
    assert {told[id_] for id_ in (*load.cases.values(), *load.withdrawals)} == {1}, "told once"
    ear.close()


def test_a_group_that_is_set_back_takes_everything_again_and_does_nothing_twice(
    region: Region, wire: Wire
) -> None:
    ear = Ear(region.stack.infrastructure.kafka, "outsider", *FACTS, from_start=True)
    last = [_a_case_in(partition) for partition in range(CASE_EVENTS.partitions)]
    for body in last:
        wire.do(SUBMIT, body)
    until(lambda: all(_queued(ear)[body["case_id"]] for body in last), "routing is at the end of each")
    known = _of_routing(region.stack)
    used = [it for it in ear.to_the_end() if it.type in USED_BY_ROUTING]
    routing = region.stack.service("routing")
    routing.stop()
    back = ("rewind", "routing", "2026-01-01T00:00:00+00:00", CASE_EVENTS.name)
    for misspelt, why in (("rooting", "is no group of this service"), ("routing-x", "has never read")):
        assert why in refused_to_operate(region.stack, "routing", "rewind", misspelt, *back[2:])
    told = operate(region.stack, "routing", *back)
    assert [line.split("/")[0] for line in told.splitlines()] == [CASE_EVENTS.name] * CASE_EVENTS.partitions
    assert all(line.endswith(" continues at 0") for line in told.splitlines())
    routing.start()
    until(lambda: _count(region, "duplicate") == len(used), "all is read again")
    assert _count(region, "done") == 0
    assert _of_routing(region.stack) == known
    body = a_case()
    assert wire.do(SUBMIT, body)["type"] == ACCEPTED
    until(lambda: _queued(ear)[body["case_id"]], "and life goes on")
    ids = Counter((it.topic, it.headers["ce_id"]) for it in ear.to_the_end())
    assert set(ids.values()) == {1}, "published once"
    ear.close()


@contextmanager
def _second_instances(stack: Stack) -> Iterator[Stack]:
    """One more of intake and of routing, beside those that run."""
    second = Stack(stack.home.directory, services=SHARED, instances=2)
    try:
        yield second.start()
    finally:
        for service in SHARED:
            second.service(service, 2).stop()


def _done(second: Stack, service: str) -> float:
    return number(second.service(service, 2), "vardvaxel_messages_total", outcome="done")


def _has_done(second: Stack, service: str, messages: float) -> bool:
    return _done(second, service) >= messages


def _count(region: Region, outcome: str) -> float:
    return number(region.stack.service("routing"), "vardvaxel_messages_total", outcome=outcome)


def _queued(ear: Ear) -> Counter[str]:
    """How often each case came into a queue for the first time, as told by now."""
    ear.listen(0.05)
    return Counter(
        it.key.decode() for it in ear.heard if it.type == CaseQueued.TYPE and it.body["version"] == 1
    )


def _a_case_in(partition: int) -> dict[str, Any]:
    """One whose events go to this partition."""
    return next(
        body
        for body in (a_case() for _ in itertools.count())
        if zlib.crc32(body["case_id"].encode()) % CASE_EVENTS.partitions == partition
    )


def _of_routing(stack: Stack) -> list[tuple[int, ...]]:
    """All that routing knows of cases, counted."""
    tables = ("cases", "history", "queue", "held", "outbox", "parked")
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
    return [tuple(row) for row in rows(stack, "routing", f"SELECT {counts}")]
