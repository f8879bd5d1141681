"""Routing as a process: from Kafka and HTTP in, to Kafka, HTTP and streams out."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from deploy.local.choose import Infrastructure
from services.routing.invariants import INVARIANTS
from shared.contracts.events.admin import Distribution, LockReason, Role
from shared.contracts.events.intake import CaseReceived
from shared.database.pool import Database
from shared.testing.eventually import PATIENCE, eventually
from tests.component.routing.builders import (
    ANNA,
    BERTIL,
    CECILIA,
    CLINIC,
    OTHER_CLINIC,
    RITA,
    a_caregiver,
    a_clinic,
    a_receiver,
    answered,
    received,
    somebody,
)
from tests.component.routing.running import Running

DORIS = "SE2321000016-DORIS"
ROLF = "SE2321000016-ROLF"
OTTO = "SE2321000016-OTTO"


@pytest.fixture(scope="module")
def clinic(
    infrastructure: Infrastructure, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """One process for several tests: a clinic where receivers assign, and another one. Each test has its own case."""
    name = f"test_routing_{uuid4().hex[:12]}"
    asyncio.run(infrastructure.databases.create(name, "routing", template))
    log = tmp_path_factory.mktemp("routing") / "log"
    running = Running(infrastructure, infrastructure.databases.url("routing", name), log)

    async def open_doors() -> None:
        await running.publish_directory(
            a_clinic(distribution=Distribution.MANUAL),
            a_clinic(OTHER_CLINIC, Distribution.MANUAL, claim_allowed=True),
            *(a_caregiver(who) for who in (ANNA, BERTIL, DORIS)),
            somebody(CECILIA, Role.CAREGIVER, locked=LockReason.LEAVE),
            *(a_receiver(who) for who in (RITA, ROLF)),
            somebody(OTTO, Role.RECEIVER, Role.CAREGIVER, clinics=[OTHER_CLINIC]),
        )
        await running.until_ready()

    running.start()
    asyncio.run(open_doors())
    yield running
    running.stop()
    asyncio.run(infrastructure.databases.drop(name))


async def a_waiting_case(running: Running, clinic_id: str = CLINIC) -> CaseReceived:
    fact = received(clinic_id=clinic_id)
    await running.publish(running.cases, [fact])

    async def known() -> bool:
        async with running.client(OTTO if clinic_id == OTHER_CLINIC else RITA) as receiver:
            return (await receiver.get(f"/cases/{fact.case_id}")).status_code == 200

    await eventually(known, "the case is known")
    return fact


async def assign(
    client: httpx.AsyncClient, case_id: object, holder: str, seen: int, **more: Any
) -> httpx.Response:
    return await client.post(
        f"/cases/{case_id}/assignment", json={"holder": holder, **more}, headers={"If-Match": f'"{seen}"'}
    )


async def ids(client: httpx.AsyncClient, path: str) -> list[str]:
    """All cases of a list, page by page."""
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        page = (await client.get(path, params={"after": after, "size": 1})).json()
        found += [case["case_id"] for case in page["cases"]]
        after = page["next"]
    return found


async def test_a_received_case_is_queued_and_assigned_and_both_are_published(running: Running) -> None:
    running.start()
    await running.publish_directory(a_clinic(), a_caregiver(ANNA))
    await running.publish(running.cases, [received()])
    queued, assigned = await running.published(2)
    assert (queued["type"], queued["version"]) == ("routing.case-queued.v1", 1)
    assert (assigned["type"], assigned["version"]) == ("routing.case-assigned.v1", 2)
    assert (assigned["holder"], assigned["epoch"], assigned["by"]) == (ANNA, 1, "")


async def test_of_two_receivers_at_once_one_wins_and_the_other_is_told_who_and_when(clinic: Running) -> None:
    fact = await a_waiting_case(clinic)
    async with clinic.client(RITA) as rita, clinic.client(ROLF) as rolf:
        answers = await asyncio.gather(
            assign(rita, fact.case_id, ANNA, 1), assign(rolf, fact.case_id, BERTIL, 1)
        )
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (200, 409)
    assert won.headers["etag"] == '"2"'
    told = lost.json()["detail"]
    assert won.json()["holder"] in told
    assert won.json()["changed_by"] in told
    assert won.json()["changed_at"][:19] in told


async def test_a_case_goes_from_hand_to_hand_and_each_sees_what_is_theirs(clinic: Running) -> None:
    fact = await a_waiting_case(clinic)
    path = f"/cases/{fact.case_id}"
    async with clinic.client(RITA) as rita, clinic.client(ANNA) as anna, clinic.client(OTTO) as otto:
        assert (await anna.get(path)).status_code == 404
        assert (await otto.get(path)).status_code == 404
        assert (await anna.get(f"/clinics/{CLINIC}/queue")).status_code == 403
        assert (await otto.get(f"/clinics/{CLINIC}/queue")).status_code == 404
        assert str(fact.case_id) in await ids(rita, f"/clinics/{CLINIC}/queue")
        assert (await assign(rita, fact.case_id, CECILIA, 1)).json()["reasons"][0]["code"] == "holder_locked"
        assert (await assign(rita, fact.case_id, OTTO, 1)).json()["reasons"][0]["code"] == "holder_unknown"
        assert (await assign(rita, fact.case_id, ANNA, 1)).status_code == 200
        assert (await anna.get(path)).json()["epoch"] == 1
        assert str(fact.case_id) in await ids(anna, "/cases/mine")
        assert (await assign(rita, fact.case_id, BERTIL, 2)).json()["reasons"][0]["code"] == "required"
        moved = await assign(anna, fact.case_id, BERTIL, 2, reason="wrong_person")
        assert (moved.status_code, moved.json()["epoch"]) == (200, 2)
        assert (await anna.get(path)).status_code == 404
        assert str(fact.case_id) not in await ids(anna, "/cases/mine")
        returned = await rita.post(f"{path}/return", json={"reason": "ill"}, headers={"If-Match": '"3"'})
        assert returned.json()["status"] == "queued"
        steps = (await rita.get(f"{path}/history")).json()["steps"]
    assert [(s["act"], s["by"], s["reason"]) for s in steps] == [
        ("queued", "", "received"),
        ("assigned", RITA, ""),
        ("reassigned", ANNA, "wrong_person"),
        ("returned", RITA, "ill"),
    ]


async def test_a_caregiver_claims_where_the_clinic_allows_it(clinic: Running) -> None:
    here, there = await a_waiting_case(clinic), await a_waiting_case(clinic, OTHER_CLINIC)
    async with clinic.client(OTTO) as otto, clinic.client(ANNA) as anna:
        claimed = await otto.post(f"/cases/{there.case_id}/claim", headers={"If-Match": '"1"'})
        refused = await anna.post(f"/cases/{here.case_id}/claim", headers={"If-Match": '"1"'})
    assert (claimed.status_code, claimed.json()["holder"]) == (200, OTTO)
    assert refused.status_code == 404


async def events(response: httpx.Response) -> AsyncIterator[tuple[str, str, str]]:
    """Event, case and id of each event of a stream."""
    event, data, id_ = "", "", ""
    async for line in response.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            event, data, id_ = (
                value if name == "event" else event,
                value if name == "data" else data,
                value if name == "id" else id_,
            )
        elif event:
            yield event, orjson.loads(data).get("case_id", ""), id_
            event = data = id_ = ""


async def until_ready(stream: AsyncIterator[tuple[str, str, str]]) -> tuple[list[tuple[str, str]], str]:
    """What a client had missed, and the mark that says it has everything."""
    missed: list[tuple[str, str]] = []
    async for event, case_id, id_ in stream:
        if event == "ready":
            return missed, id_
        missed.append((event, case_id))
    raise AssertionError("the stream ended")


async def test_a_stream_shows_what_is_permitted_and_goes_on_where_it_broke_off(clinic: Running) -> None:
    async with clinic.client(RITA) as rita, clinic.client(ANNA) as anna, clinic.client(OTTO) as otto:
        async with rita.stream("GET", "/stream") as r, anna.stream("GET", "/stream") as a:
            at_rita, at_anna = events(r), events(a)
            _, mark = await until_ready(at_rita)
            await until_ready(at_anna)
            fact, foreign = await a_waiting_case(clinic), await a_waiting_case(clinic, OTHER_CLINIC)
            await assign(rita, fact.case_id, ANNA, 1)
            async with asyncio.timeout(PATIENCE):
                assert (await anext(at_anna))[:2] == ("assigned", str(fact.case_id)), (
                    "and not what was before"
                )
                assert (await anext(at_rita))[:2] == ("queued", str(fact.case_id))
                assert (await anext(at_rita))[:2] == ("assigned", str(fact.case_id)), (
                    "and not the foreign one"
                )
        await clinic.publish(clinic.cases, [answered(fact.case_id, ANNA)])
        async with rita.stream("GET", "/stream", headers={"Last-Event-ID": mark}) as r:
            assert await until(events(r), fact.case_id) == ["queued", "assigned", "ended"]
        async with otto.stream("GET", "/stream", headers={"Last-Event-ID": mark}) as o:
            assert await until(events(o), foreign.case_id, "queued") == ["queued"]


async def until(stream: AsyncIterator[tuple[str, str, str]], case_id: UUID, last: str = "ended") -> list[str]:
    """What a stream tells of this case until this; it must tell nothing of other clinics' cases."""
    seen: list[str] = []
    async with asyncio.timeout(PATIENCE):
        async for event, case, _ in stream:
            assert case in (str(case_id), "")
            seen += [event] if case else []
            if event == last:
                break
    return seen


async def test_a_lock_ends_a_stream(clinic: Running) -> None:
    async with clinic.client(DORIS) as doris, doris.stream("GET", "/stream") as response:
        stream = events(response)
        await until_ready(stream)
        await clinic.publish_directory(a_caregiver(DORIS, version=2, locked=LockReason.SECURITY))
        async with asyncio.timeout(PATIENCE):
            assert [event async for event in stream] == []
    async with clinic.client(DORIS) as doris:
        assert (await doris.get("/stream")).status_code == 403


@pytest.mark.parametrize(
    "point", ("round_before_commit", "round_after_commit", "before_commit", "after_commit")
)
async def test_a_kill_in_the_middle_neither_loses_nor_doubles(
    running: Running, database: Database, point: str
) -> None:
    people, facts = (a_caregiver(ANNA), a_caregiver(BERTIL)), [received() for _ in range(40)]
    if point.startswith("round"):
        # They wait until somebody comes: what arrives where somebody is does not wait for a round.
        await running.publish_directory(a_clinic())
        await running.publish(running.cases, facts)
        running.start(crash_at=f"{point}:2")
        await running.published(40)
        await running.publish_directory(*people)
    else:
        await running.publish_directory(a_clinic(), *people)
        await running.publish(running.cases, facts)
        running.start(crash_at=f"{point}:2")
    await asyncio.to_thread(running.processes[0].wait, PATIENCE)
    running.ports.clear()
    running.start()
    published = await running.published(80)
    assert sorted(e["version"] for e in published) == [1] * 40 + [2] * 40
    assert len({(e["case_id"], e["version"]) for e in published}) == 80
    assert [name for name, query in INVARIANTS.items() if await database.fetch(query)] == []
