"""Batches: one effect per message, the guilty parked, the innocent through, and order kept."""

from datetime import timedelta
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr

from shared.clock import utc_now
from shared.database.pool import Database
from shared.messaging import parking
from shared.messaging.commands import list_parked
from shared.messaging.runner import BatchRunner
from shared.settings import ServiceSettings
from shared.testing.outbox import waiting_messages
from shared.testing.records import a_record
from tests.component.machinery import toy
from tests.component.machinery.toy import POISON, UNWELCOME, received, started


async def times_of(database: Database, case_id: object) -> int | None:
    rows = await database.fetch("SELECT times FROM things WHERE id = $1", case_id)
    return rows[0][0] if rows else None


async def states(database: Database) -> dict[str, int]:
    return {
        row[0]: row[1] for row in await database.fetch("SELECT state, count(*) FROM parked GROUP BY state")
    }


async def outbox_types(database: Database) -> list[str]:
    return [message.type for message in await waiting_messages(database)]


async def test_a_message_takes_effect_once_however_often_it_is_delivered(
    runner: BatchRunner, database: Database
) -> None:
    record = a_record(fact := received())
    assert (await runner.take([record, record])).duplicate == 1
    assert (await runner.take([record])).duplicate == 1
    assert await times_of(database, fact.case_id) == 1
    assert len(await outbox_types(database)) == 1


async def test_messages_of_one_case_in_one_batch_see_each_others_effects(
    runner: BatchRunner, database: Database
) -> None:
    case_id = uuid4()
    await runner.take([a_record(received(case_id)), a_record(received(case_id)), a_record(started(case_id))])
    assert await times_of(database, case_id) == 3


async def test_the_same_id_with_another_body_is_refused_and_told(
    runner: BatchRunner, database: Database
) -> None:
    await runner.take([a_record(received(), id_="one")])
    tally = await runner.take([a_record(received(), id_="one")])
    assert tally.refused == 1
    assert (await outbox_types(database))[-1] == "intake.command-refused.v1"


async def test_one_that_raises_in_a_batch_of_500_is_parked_and_its_neighbours_go_through(
    runner: BatchRunner, database: Database
) -> None:
    facts = [received() for _ in range(499)]
    facts.insert(250, received(clinic_id=POISON))
    tally = await runner.take([a_record(fact) for fact in facts])
    assert (tally.done, tally.parked) == (499, 1)
    [row] = await database.fetch("SELECT count(*) FROM things")
    assert row[0] == 499
    assert await states(database) == {"parked": 1}


async def test_later_messages_of_a_parked_case_wait_behind_it_and_follow_in_order(
    runner: BatchRunner, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = uuid4()
    await runner.take([a_record(received(case_id, POISON)), a_record(started(case_id))])
    await runner.take([a_record(started(case_id))])
    assert await states(database) == {"parked": 3}
    monkeypatch.setattr(toy, "POISON", "nobody")
    await database.fetch("UPDATE parked SET try_at = now()")
    assert await runner.retry_parked() == 3
    assert await times_of(database, case_id) == 3
    assert await states(database) == {}


async def test_a_message_is_tried_again_in_its_own_time_whatever_stands_behind_it(
    runner: BatchRunner, database: Database
) -> None:
    case_id = uuid4()
    await runner.take([a_record(received(case_id, POISON)), a_record(received(case_id))])
    await database.fetch("UPDATE parked SET try_at = now()")
    await runner.retry_parked()
    await database.fetch("UPDATE parked SET try_at = now() - interval '1 second' WHERE attempts = 0")
    await runner.retry_parked()
    rows = await database.fetch("SELECT attempts FROM parked ORDER BY id")
    assert [row[0] for row in rows] == [2, 0]


async def test_a_message_that_fails_too_often_is_dead_and_published(
    runner: BatchRunner, database: Database
) -> None:
    case_id = uuid4()
    await runner.take([a_record(received(case_id, POISON)), a_record(received(case_id))])
    for _ in range(parking.ATTEMPTS):
        await database.fetch("UPDATE parked SET try_at = now()")
        await runner.retry_parked()
    assert await states(database) == {"dead": 1}
    assert await times_of(database, case_id) == 1, "what stood behind it goes on"
    [dead] = await waiting_messages(database, "intake.dead-letters")
    assert dead.headers["dead_reason"].startswith("ZeroDivisionError")


async def test_a_message_about_an_unknown_case_waits_and_follows_as_soon_as_the_case_is_there(
    runner: BatchRunner, database: Database
) -> None:
    case_id = uuid4()
    assert (await runner.take([a_record(started(case_id))])).waiting == 1
    await runner.take([a_record(received(case_id)), a_record(started(case_id))])
    assert await times_of(database, case_id) == 3
    assert await states(database) == {}


async def test_a_message_that_waited_and_is_then_refused_is_told_once(
    runner: BatchRunner, database: Database
) -> None:
    case_id = uuid4()
    await runner.take([a_record(started(case_id, UNWELCOME)), a_record(started(case_id))])
    tally = await runner.take([a_record(received(case_id))])
    assert (tally.done, tally.refused, await states(database)) == (2, 1, {})
    assert (await outbox_types(database)).count("intake.command-refused.v1") == 1


async def test_what_was_taken_is_what_came_of_it_and_what_is_set_aside(
    runner: BatchRunner, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fates = ("done", "refused", "duplicate", "ignored", "dead")

    def counted() -> int:
        found = (REGISTRY.get_sample_value("vardvaxel_messages_total", {"outcome": fate}) for fate in fates)
        return int(sum(number or 0 for number in found))

    before, late, poison = counted(), uuid4(), uuid4()
    records = [a_record(started(late)), a_record(received(poison, POISON)), a_record(started(poison))]
    await runner.take([*records, records[0]])
    assert counted() - before + sum((await states(database)).values()) == 4
    monkeypatch.setattr(toy, "POISON", "nobody")
    await runner.take([a_record(received(late))])
    await database.fetch("UPDATE parked SET try_at = now()")
    assert await runner.retry_parked() == 2
    assert (counted() - before, await states(database)) == (5, {})


async def test_a_message_that_waited_too_long_is_refused(runner: BatchRunner, database: Database) -> None:
    await runner.take([a_record(started(uuid4()))])
    await database.fetch("UPDATE parked SET try_at = now(), give_up_at = now() - interval '1 second'")
    assert await runner.retry_parked() == 1
    assert await states(database) == {}
    assert await outbox_types(database) == ["intake.command-refused.v1"]


@pytest.mark.parametrize(
    ("headers", "value", "fate"),
    (
        ({}, b"{not json", "dead"),
        ({"ce_type": b"intake.nobody-knows.v1"}, None, "ignored"),
        ({"ce_type": b"intake.case-received.v9"}, None, "parked"),
        ({"ce_id": b"\xff\xfe"}, None, "dead"),
        ({"ce_time": b"yesterday"}, None, "dead"),
        ({"ce_source": b""}, None, "done"),
        ({"foreign": b"\xff\xfe\x00"}, None, "done"),
        ({"foreign": None}, None, "done"),
        ({"ce_source": None}, None, "dead"),
        ({"foreign": None, "na\x00me": b""}, b"{not json", "dead"),
        ({}, b'{"case_id": "x"}', "refused"),
        ({"ce_time": (utc_now() - timedelta(days=40)).isoformat().encode()}, None, "refused"),
    ),
)
async def test_what_cannot_be_read_finds_its_place_without_hurting_its_neighbours(
    runner: BatchRunner,
    database: Database,
    headers: dict[str, bytes | None],
    value: bytes | None,
    fate: str,
) -> None:
    bad = a_record(received(), headers=headers)
    bad.value = value or bad.value
    tally = await runner.take([a_record(received()), bad, a_record(received())])
    again = await runner.take([bad])
    assert tally.done + getattr(tally, fate) == (6 if fate == "done" else 3)
    assert again.duplicate == 1


@pytest.mark.parametrize(
    ("type_", "fate"),
    (
        (b"intake.nobody-knows.v1", "dead"),
        (b"routing.case-queued.v1", "dead"),
        (b"intake.case-received.v1", "dead"),
        (b"intake.case-received.v9", "dead"),
        (b"intake.submit-case.v9", "parked"),
    ),
)
async def test_on_a_topic_of_commands_no_fact_is_believed(
    runner: BatchRunner, database: Database, type_: bytes, fate: str
) -> None:
    fact = received()
    tally = await runner.take([a_record(fact, headers={"ce_type": type_}, topic="toy.commands")])
    assert getattr(tally, fate) == 1
    assert await times_of(database, fact.case_id) is None
    told = await outbox_types(database)
    assert told == (["intake.command-refused.v1", ""] if fate == "dead" else [])


async def test_a_missing_header_and_a_null_key_and_value_are_dead_letters(
    runner: BatchRunner, database: Database
) -> None:
    record = a_record(received())
    record.headers = [header for header in record.headers if header[0] != "ce_id"]
    empty = a_record(received())
    empty.key = empty.value = None
    assert (await runner.take([record, empty])).dead == 2
    assert len(await waiting_messages(database, "intake.dead-letters")) == 2


@pytest.mark.parametrize("timestamp", (-(10**17), -1, 10**17))
async def test_a_record_may_claim_any_time_for_itself(
    runner: BatchRunner, database: Database, timestamp: int
) -> None:
    nameless = a_record(received(), headers={"ce_id": None})
    ancient = a_record(received(), headers={"ce_time": b"1999-01-01T00:00:00Z"})
    nameless.timestamp = ancient.timestamp = timestamp
    tally = await runner.take([nameless, ancient, a_record(received())])
    assert (tally.dead, tally.refused, tally.done) == (1, 1, 1)


async def test_the_operator_sees_what_is_parked_also_among_hundreds_of_dead(
    runner: BatchRunner, database: Database
) -> None:
    dead = [a_record(received(), headers={"ce_id": None}) for _ in range(250)]
    await runner.take([*dead, parked := a_record(received(clinic_id=POISON))])
    settings = ServiceSettings(database_url=SecretStr(database.url), kafka_servers="none:9")
    lines = await list_parked(settings)
    assert f"offset={parked.offset}  handler=count_thing  reason=ZeroDivisionError" in lines[0]
    assert (len(lines), lines[-1]) == (201, "and 51 more")


async def test_a_dead_message_that_is_redriven_goes_to_its_handler(
    runner: BatchRunner, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fact = received(clinic_id=POISON)
    await runner.take([a_record(fact)])
    await database.fetch("UPDATE parked SET state = 'dead'")
    monkeypatch.setattr(toy, "POISON", "nobody")
    await database.fetch("UPDATE parked SET state = 'parked', try_at = now()")
    assert await runner.retry_parked() == 1
    assert await times_of(database, fact.case_id) == 1
