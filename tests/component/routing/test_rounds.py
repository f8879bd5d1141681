"""Distribution rounds on a real database: fair, explained, and one at a time per clinic."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.routing.adapters.reading import Reading
from services.routing.adapters.releases import Releases
from services.routing.adapters.rounds import Rounds
from services.routing.adapters.sharing import Sharing
from services.routing.application.commands import AssignCase
from services.routing.application.explain import explain
from services.routing.invariants import INVARIANTS
from shared.clock import utc_now
from shared.contracts.envelope import Envelope
from shared.contracts.events.admin import Distribution, LockReason, Permission, Role, StaffAccountPublished
from shared.contracts.message import Message
from shared.database.pool import Database
from shared.errors import Refused
from shared.messaging.arrival import Arrival
from shared.messaging.group_commit import GroupCommit
from shared.messaging.runner import BatchRunner
from shared.security.tokens import Actor
from shared.testing.outbox import waiting_messages
from shared.testing.records import a_record
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
    closed,
    received,
    somebody,
    started,
    withdrawn,
)


async def told(runner: BatchRunner, *messages: Message) -> None:
    """Routing hears these, and handles all of them."""
    tally = await runner.take([a_record(message) for message in messages])
    assert tally.done == len(messages), tally


async def shares(database: Database) -> dict[str, int]:
    rows = await database.fetch("SELECT holder, count(*) FROM held GROUP BY 1")
    return {row[0]: row[1] for row in rows}


async def status_of(database: Database, case_id: UUID) -> tuple[str, str | None, int]:
    [row] = await database.fetch("SELECT status, holder, version FROM cases WHERE case_id = $1", case_id)
    return row[0], row[1], row[2]


async def broken(database: Database) -> list[str]:
    """Which invariants do not hold."""
    return [name for name, query in INVARIANTS.items() if await database.fetch(query)]


async def outbox_types(database: Database, case_id: UUID) -> list[str]:
    of_case = [message for message in await waiting_messages(database) if message.key == str(case_id)]
    return [message.type.removeprefix("routing.case-") for message in of_case]


async def test_a_received_case_is_queued_and_then_assigned_by_a_round(
    runner: BatchRunner, rounds: Rounds, database: Database
) -> None:
    await told(runner, a_clinic(), a_caregiver(ANNA), a_caregiver(BERTIL))
    facts = [received() for _ in range(10)]
    await told(runner, *facts)
    assert await rounds.run() == 10
    assert await shares(database) == {ANNA: 5, BERTIL: 5}
    assert await outbox_types(database, facts[0].case_id) == ["queued.v1", "assigned.v1"]
    assert await broken(database) == []


async def test_rounds_of_two_instances_assign_each_case_once(
    runner: BatchRunner, rounds: Rounds, database: Database
) -> None:
    await told(runner, *(a_clinic(f"{CLINIC}{n}", Distribution.LEAST_LOADED) for n in range(8)))
    everywhere = [f"{CLINIC}{n}" for n in range(8)]
    await told(
        runner, *(somebody(who, Role.CAREGIVER, clinics=everywhere) for who in (ANNA, BERTIL, CECILIA))
    )
    others = [Rounds(database, utc_now, lambda: None, Sharing(cases=7), clinics=2) for _ in range(3)]

    async def arrive() -> None:
        for _ in range(5):
            await told(runner, *(received(clinic_id=f"{CLINIC}{n % 8}") for n in range(80)))
            await asyncio.gather(*(each.run() for each in (rounds, *others)))

    await arrive()
    await rounds.run()
    assert sum((await shares(database)).values()) == 400
    [assigned] = await database.fetch("SELECT count(*) FROM history WHERE act = 'assigned'")
    assert assigned[0] == 400
    assert await database.fetch("SELECT FROM round_wanted") == []
    assert await broken(database) == []


async def test_a_want_that_comes_while_a_round_runs_is_not_lost(
    runner: BatchRunner, rounds: Rounds, database: Database
) -> None:
    await told(runner, a_clinic(), a_caregiver(ANNA), received())
    async with database.transaction() as other:
        await other.fetch("SELECT FROM clinics FOR NO KEY UPDATE")
        await told(runner, received())
        assert await rounds.run() == 0, "another round holds the clinic"
    assert await rounds.run() == 2


async def test_nobody_gets_a_case_who_is_locked_absent_or_elsewhere_and_the_backlog_goes_when_somebody_comes(
    runner: BatchRunner, rounds: Rounds, database: Database
) -> None:
    await told(
        runner,
        a_clinic(),
        a_caregiver(ANNA, locked=LockReason.MANUAL),
        a_caregiver(BERTIL, present=False),
        somebody(CECILIA, Role.CAREGIVER, clinics=[OTHER_CLINIC]),
        received(),
    )
    assert await rounds.run() == 0
    await told(runner, a_caregiver(BERTIL, version=2))
    assert await rounds.run() == 1
    assert await shares(database) == {BERTIL: 1}


async def test_the_choice_is_explained(runner: BatchRunner, rounds: Rounds, database: Database) -> None:
    await told(
        runner,
        a_clinic(distribution=Distribution.LEAST_LOADED),
        a_caregiver(ANNA),
        a_caregiver(BERTIL),
        a_caregiver(CECILIA, locked=LockReason.LEAVE),
    )
    first, second = received(), received()
    await told(runner, first)
    await rounds.run()
    await told(runner, second)
    await rounds.run()
    [(version, position, round_)] = await Reading(database).rounds(second.case_id)
    why = explain(round_, position, version=version)
    assert why["chosen"] == BERTIL
    assert [(row["staff_id"], row["load"]) for row in why["candidates"]] == [(BERTIL, 0), (ANNA, 1)]
    assert why["filtered"] == [{"staff_id": CECILIA, "reason": "locked"}]
    assert await broken(database) == []


async def test_what_a_locked_holder_has_not_begun_returns_and_what_they_began_surfaces(
    runner: BatchRunner, rounds: Rounds, database: Database
) -> None:
    await told(runner, a_clinic(), a_caregiver(ANNA))
    begun, waiting = received(), received()
    await told(runner, begun, waiting)
    await rounds.run()
    await told(runner, started(begun.case_id, ANNA))
    await told(runner, a_caregiver(BERTIL), a_caregiver(ANNA, version=2, locked=LockReason.SECURITY))
    assert await Releases(database, utc_now, lambda: None).run() == 1
    assert (await status_of(database, waiting.case_id))[0] == "queued"
    stranded = await Reading(database).stranded(CLINIC, "", 10)
    assert [(row["case_id"], row["why"]) for row in stranded["cases"]] == [(str(begun.case_id), "locked")]
    assert await rounds.run() == 1
    assert await status_of(database, waiting.case_id) == ("assigned", BERTIL, 4)
    assert await outbox_types(database, waiting.case_id) == [
        "queued.v1",
        "assigned.v1",
        "returned.v1",
        "assigned.v1",
    ]
    assert await broken(database) == []


async def test_a_permission_that_has_ended_takes_part_in_nothing_though_nobody_has_told(
    runner: BatchRunner, rounds: Rounds, database: Database
) -> None:
    soon, here = utc_now() + timedelta(hours=1), frozenset({Role.CAREGIVER})
    anna = StaffAccountPublished(
        staff_id=ANNA,
        version=1,
        at=utc_now(),
        name="Anna",
        permissions=(Permission(clinic_id=CLINIC, roles=here, ends_at=soon),),
    )
    first, second = received(), received()
    await told(runner, a_clinic(), anna, first)
    assert await rounds.run() == 1
    over = "2020-01-01T00:00:00+00:00"
    await database.fetch("UPDATE members SET ends_at = $1", datetime.fromisoformat(over))
    await database.fetch("UPDATE staff SET ends = jsonb_build_object($1::text, $2::text)", CLINIC, over)

    await told(runner, second)
    assert await rounds.run() == 0
    stranded = await Reading(database).stranded(CLINIC, "", 10)
    assert [row["why"] for row in stranded["cases"]] == ["not_permitted"]
    assert await Reading(database).caregivers(CLINIC) == []
    person = await Reading(database).person(ANNA)
    assert person is not None
    assert not person.can_hold(CLINIC)

    await told(runner, somebody(ANNA, version=2))
    assert await Releases(database, utc_now, lambda: None).run() == 1
    assert (await status_of(database, first.case_id))[0] == "queued"
    assert await broken(database) == []


async def test_late_facts_change_nothing_and_a_former_holders_answer_ends_it(
    runner: BatchRunner, rounds: Rounds, database: Database
) -> None:
    await told(runner, a_clinic(), a_caregiver(ANNA))
    fact = received()
    await told(runner, fact)
    await rounds.run()
    await told(runner, started(fact.case_id, ANNA, epoch=7))
    assert (await status_of(database, fact.case_id))[0] == "assigned", "that assignment is not this one"
    await told(runner, answered(fact.case_id, BERTIL, epoch=0))
    assert await status_of(database, fact.case_id) == ("done", None, 3)
    late = (
        withdrawn(fact.case_id),
        closed(fact.case_id),
        answered(fact.case_id, ANNA),
        started(fact.case_id, ANNA),
    )
    await told(runner, *late, received(fact.case_id))
    assert await status_of(database, fact.case_id) == ("done", None, 3)
    assert await broken(database) == []


async def test_a_fact_about_a_case_that_is_not_yet_known_waits_for_it(
    runner: BatchRunner, database: Database
) -> None:
    fact = received()
    assert (await runner.take([a_record(withdrawn(fact.case_id))])).waiting == 1
    await runner.take([a_record(fact)])
    assert (await status_of(database, fact.case_id))[0] == "ended"
    assert await broken(database) == []


async def test_a_case_that_ends_in_the_batch_that_brought_it_leaves_no_trace_in_the_queue(
    runner: BatchRunner, rounds: Rounds, database: Database
) -> None:
    await told(runner, a_clinic(), a_caregiver(ANNA))
    fact = received()
    await told(runner, received(), fact, withdrawn(fact.case_id))
    assert await rounds.run() == 1
    assert await status_of(database, fact.case_id) == ("ended", None, 2)
    assert await broken(database) == []


async def test_somebody_who_has_room_again_gets_what_waits(runner: BatchRunner, database: Database) -> None:
    rounds = Rounds(database, utc_now, lambda: None, Sharing(capacity=1))
    await told(runner, a_clinic(), a_caregiver(ANNA))
    first, second = received(), received()
    await told(runner, first)
    await rounds.run()
    await told(runner, second)
    assert await rounds.run() == 0
    await told(runner, answered(first.case_id, ANNA))
    assert await rounds.run() == 1
    assert await shares(database) == {ANNA: 1}
    assert await broken(database) == []


async def test_a_clinic_whose_round_fails_holds_up_nobody(
    runner: BatchRunner, rounds: Rounds, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinics = [f"{CLINIC}{n}" for n in range(4)]
    await told(runner, *(a_clinic(clinic_id) for clinic_id in clinics))
    await told(runner, somebody(ANNA, Role.CAREGIVER, clinics=clinics))
    await told(runner, *(received(clinic_id=clinic_id) for clinic_id in clinics))
    decide = Rounds._decide

    def decide_or_fail(self: Rounds, clinic_id: str, *rest: Any) -> int:
        if clinic_id == clinics[1]:
            raise ZeroDivisionError("a fault of ours")
        return decide(self, clinic_id, *rest)

    monkeypatch.setattr(Rounds, "_decide", decide_or_fail)
    assert await rounds.run() == 3
    assert await rounds.run() == 0
    monkeypatch.undo()
    assert await Rounds(database, utc_now, lambda: None, Sharing()).run() == 1


async def test_no_case_stays_with_somebody_who_is_locked_at_the_same_moment(
    runner: BatchRunner, database: Database
) -> None:
    await told(runner, a_clinic(distribution=Distribution.MANUAL), a_receiver(), a_caregiver(ANNA))
    facts = [received() for _ in range(30)]
    await told(runner, *facts)
    group = GroupCommit(runner, largest=1)

    async def assign(case_id: UUID) -> bool:
        command = AssignCase(case_id=case_id, actor=RITA, seen=1, holder=ANNA)
        envelope = Envelope(str(uuid4()), command.TYPE, "http:staff", utc_now())
        try:
            await group.perform(Arrival(envelope, str(case_id), command, actor=Actor("staff", RITA)))
        except Refused as refusal:
            return refusal.faults[0].code != "holder_locked"
        return True

    async def lock() -> None:
        await asyncio.sleep(0.03)
        await told(runner, a_caregiver(ANNA, version=2, locked=LockReason.SECURITY))
        await Releases(database, utc_now, lambda: None).run()

    *assigned, _ = await asyncio.gather(*(assign(fact.case_id) for fact in facts), lock())
    assert assigned.count(False) > 0
    assert await shares(database) == {}
    assert await broken(database) == []
