"""Rounds that are held in the transaction that brings the cases, on a real database."""

import asyncio
from typing import Any

import pytest

from services.routing.adapters.reading import Reading
from services.routing.adapters.rounds import Rounds
from services.routing.adapters.sharing import Draft, Sharing
from services.routing.adapters.wanted import RoundsWanted
from services.routing.adapters.work import RoutingWork
from services.routing.application.explain import explain
from services.routing.entrypoints import consumers
from shared.clock import utc_now
from shared.contracts.events.admin import Distribution, Role
from shared.database.pool import Database
from shared.messaging.batch import NoReplies, Parts
from shared.messaging.handlers import Handlers, on, row
from shared.messaging.runner import BatchRunner
from shared.testing.records import a_record
from tests.component.routing.builders import (
    ANNA,
    BERTIL,
    CECILIA,
    CLINIC,
    a_caregiver,
    a_clinic,
    answered,
    received,
    somebody,
    withdrawn,
)
from tests.component.routing.test_rounds import broken, outbox_types, shares, status_of, told

Woken = list[None]


def a_runner(database: Database, woken: Woken, handlers: Handlers = consumers.HANDLERS) -> BatchRunner:
    sharing = Sharing()

    def work() -> RoutingWork:
        return RoutingWork(wanted=RoundsWanted(sharing, lambda: woken.append(None)))

    return BatchRunner(Parts("routing", handlers, work, NoReplies(), "1"), database, utc_now, lambda: None)


@pytest.fixture
def woken() -> Woken:
    return []


@pytest.fixture
def at_once(database: Database, woken: Woken) -> BatchRunner:
    return a_runner(database, woken)


async def wants(database: Database) -> list[str]:
    return [row[0] for row in await database.fetch("SELECT DISTINCT clinic_id FROM round_wanted ORDER BY 1")]


async def test_what_arrives_is_shared_out_fairly_and_explained_and_leaves_nothing_to_do(
    at_once: BatchRunner, database: Database, woken: Woken
) -> None:
    await told(at_once, a_clinic(distribution=Distribution.LEAST_LOADED), a_caregiver(ANNA))
    await database.fetch("DELETE FROM round_wanted")
    first = received()
    await told(at_once, first)
    assert await status_of(database, first.case_id) == ("assigned", ANNA, 2)
    await told(at_once, a_caregiver(BERTIL), a_caregiver(CECILIA, present=False))
    await database.fetch("DELETE FROM round_wanted")
    woken.clear()
    facts = [received() for _ in range(5)]
    await told(at_once, *facts)
    assert await shares(database) == {ANNA: 3, BERTIL: 3}
    assert await outbox_types(database, facts[0].case_id) == ["queued.v1", "assigned.v1"]
    [(version, position, round_)] = await Reading(database).rounds(facts[0].case_id)
    why = explain(round_, position, version=version)
    assert why["chosen"] == BERTIL, "who has fewest"
    assert why["filtered"] == [{"staff_id": CECILIA, "reason": "absent"}]
    assert (await wants(database), woken) == ([], [])
    assert await broken(database) == []


async def test_a_clinic_that_somebody_else_has_taken_is_left_wanting_and_nobody_waits_for_it(
    at_once: BatchRunner, rounds: Rounds, database: Database, woken: Woken
) -> None:
    await told(at_once, a_clinic(), a_clinic(f"{CLINIC}2"))
    await told(at_once, somebody(ANNA, Role.CAREGIVER, clinics=[CLINIC, f"{CLINIC}2"]))
    await rounds.run()
    woken.clear()
    here, there = received(), received(clinic_id=f"{CLINIC}2")
    async with database.transaction() as other:
        await other.fetch("SELECT FROM clinics WHERE clinic_id = $1 FOR NO KEY UPDATE", CLINIC)
        await told(at_once, here, there)
    assert (await status_of(database, here.case_id))[0] == "queued"
    assert (await status_of(database, there.case_id))[0] == "assigned"
    assert (await wants(database), len(woken)) == ([CLINIC], 1)
    assert await rounds.run() == 1
    assert await broken(database) == []


async def test_who_arrives_where_somebody_waits_stands_behind_them(
    at_once: BatchRunner, rounds: Rounds, database: Database, woken: Woken
) -> None:
    await told(at_once, a_clinic())
    first, second = received(), received()
    await told(at_once, first)
    assert await wants(database) == [CLINIC], "the directory's want"
    woken.clear()
    await told(at_once, a_caregiver(ANNA), second)
    assert (await status_of(database, second.case_id))[0] == "queued"
    assert len(woken) == 1
    assert await rounds.run() == 2
    turns = await database.fetch("SELECT case_id FROM history WHERE act = 'assigned' ORDER BY position")
    assert [row[0] for row in turns] == [first.case_id, second.case_id]
    assert await broken(database) == []


async def test_where_receivers_assign_a_case_waits_and_wants_nothing(
    at_once: BatchRunner, database: Database, woken: Woken
) -> None:
    await told(at_once, a_clinic(distribution=Distribution.MANUAL), a_caregiver(ANNA))
    await database.fetch("DELETE FROM round_wanted")
    woken.clear()
    fact = received()
    await told(at_once, fact)
    assert (await status_of(database, fact.case_id))[0] == "queued"
    assert (await wants(database), woken) == ([], [])


async def test_what_ends_in_the_batch_that_brought_it_is_given_to_nobody(
    at_once: BatchRunner, database: Database
) -> None:
    await told(at_once, a_clinic(), a_caregiver(ANNA))
    gone, stays = received(), received()
    await told(at_once, gone, withdrawn(gone.case_id), stays)
    assert await status_of(database, gone.case_id) == ("ended", None, 2)
    assert await status_of(database, stays.case_id) == ("assigned", ANNA, 2)
    await told(at_once, answered(stays.case_id, ANNA), received(stays.case_id), received())
    assert await shares(database) == {ANNA: 1}
    assert await broken(database) == []


async def test_a_round_that_fails_leaves_its_clinic_wanting_and_holds_up_nobody(
    at_once: BatchRunner, rounds: Rounds, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinics = [f"{CLINIC}{n}" for n in range(3)]
    await told(at_once, *map(a_clinic, clinics))
    await told(at_once, somebody(ANNA, Role.CAREGIVER, clinics=clinics))
    await rounds.run()
    share_out = Draft.share_out

    def share_out_or_fail(self: Draft, clinic_id: str, *rest: Any) -> bool:
        if clinic_id == clinics[1]:
            raise ZeroDivisionError("a fault of ours")
        return share_out(self, clinic_id, *rest)

    monkeypatch.setattr(Draft, "share_out", share_out_or_fail)
    await told(at_once, *(received(clinic_id=clinic_id) for clinic_id in clinics))
    monkeypatch.undo()
    assert (await shares(database), await wants(database)) == ({ANNA: 2}, [clinics[1]])
    assert await rounds.run() == 1
    assert await broken(database) == []


async def test_a_batch_that_is_taken_apart_leaves_the_round_to_others(
    rounds: Rounds, database: Database, woken: Woken
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("a fault of ours")

    lines = consumers.HANDLERS.by_message.values()
    guilty = on(
        type(withdrawn(received().case_id)), lambda fact, case, now: fail(), case=row("cases", "case_id")
    )
    table = Handlers([guilty if line.message is guilty.message else line for line in lines])
    runner = a_runner(database, woken, table)
    await told(runner, a_clinic(), a_caregiver(ANNA))
    await rounds.run()
    woken.clear()
    fact = received()
    tally = await runner.take([a_record(fact), a_record(withdrawn(received().case_id))])
    assert (tally.done, tally.parked) == (1, 1)
    assert (await status_of(database, fact.case_id))[0] == "queued"
    assert woken
    assert await rounds.run() == 1
    assert await broken(database) == []


async def test_instances_that_share_the_clinics_give_each_case_once(database: Database) -> None:
    runners = [a_runner(database, []) for _ in range(3)]
    clinics = [f"{CLINIC}{n}" for n in range(6)]
    await told(runners[0], *map(a_clinic, clinics))
    await told(
        runners[0], *(somebody(who, Role.CAREGIVER, clinics=clinics) for who in (ANNA, BERTIL, CECILIA))
    )
    rounds = Rounds(database, utc_now, lambda: None, Sharing())

    async def arrive(runner: BatchRunner) -> None:
        for _ in range(4):
            facts = [received(clinic_id=clinics[n % 6]) for n in range(30)]
            await told(runner, *facts)
            await told(runner, *(answered(fact.case_id, ANNA) for fact in facts[:5]))

    await asyncio.gather(*(arrive(runner) for runner in runners), rounds.run())
    await rounds.run()
    assert sum((await shares(database)).values()) == 3 * 4 * 25
    assert await wants(database) == []
    assert await broken(database) == []
