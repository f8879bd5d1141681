"""A record of the directory that nobody can read denies its entity, in every service, until a readable one comes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from shared.clock import utc_now
from shared.contracts.message import Message
from shared.contracts.topics import DIRECTORY_EVENTS
from shared.messaging.heard import Freshness
from shared.testing.records import FakeRecord, a_record
from tests.component.databases.reader import ANNA, MAY, READERS, Reader, a_case_type, a_state, an_account

EVERY_KIND = [(service, kind) for service in READERS for kind in MAY[service]]
WAYS: dict[str, Callable[[Message], FakeRecord]] = {
    "no JSON": lambda state: replace(a_record(state), value=b"{"),
    "a field of the wrong kind": lambda state: replace(a_record(state), value=b'{"version": "x"}'),
    "no value at all": lambda state: replace(a_record(state), value=None),
    "a version that is not yet known": lambda state: a_record(
        state, headers={"ce_type": state.TYPE.replace(".v1", ".v999").encode()}
    ),
    "a header that is no UTF-8": lambda state: a_record(state, headers={"ce_source": b"\xff"}),
    "no type": lambda state: a_record(state, headers={"ce_type": None}),
    "a text that no database can hold": lambda state: a_record(
        state.model_copy(update={"name": "\x00", "email": "\x00@example.org"})
    ),
}


@pytest.mark.parametrize(("service", "kind"), EVERY_KIND)
async def test_whatever_has_the_key_is_denied_until_it_is_published_again(
    reader: Reader, service: str, kind: str
) -> None:
    state = a_state(kind)
    before, bad = a_record(state), WAYS["no JSON"](state)
    await reader.take(before)
    assert await reader.may(kind, state.key())
    tally = await reader.take(bad)
    assert (tally.dead, tally.done) == (1, 0)
    assert not await reader.may(kind, state.key())
    assert await reader.denied() == [state.key()]
    await reader.take(before, bad)
    assert not await reader.may(kind, state.key())
    await reader.take(a_record(state))
    assert await reader.may(kind, state.key())
    assert await reader.denied() == []


@pytest.mark.parametrize("service", READERS)
@pytest.mark.parametrize("way", WAYS)
async def test_it_does_not_matter_why_nobody_can_read_it(reader: Reader, service: str, way: str) -> None:
    state = an_account()
    bad = WAYS[way](an_account(2))
    tally = await reader.take(a_record(state), bad)
    assert (tally.done, tally.dead + tally.parked) == (1, 1)
    assert not await reader.may("account", ANNA)
    assert await reader.denied() == [ANNA]
    await reader.take(a_record(an_account(3)))
    assert await reader.may("account", ANNA)
    [row] = await reader.database.fetch("SELECT count(*) FROM parked WHERE state IN ('dead', 'parked')")
    assert row[0] == 1


@pytest.mark.parametrize("service", READERS)
async def test_within_one_batch_the_last_record_counts(reader: Reader, service: str) -> None:
    bad = WAYS["no JSON"](an_account(2))
    await reader.take(a_record(an_account(1)), bad, a_record(an_account(3)))
    assert await reader.may("account", ANNA)
    assert await reader.denied() == []
    await reader.take(a_record(an_account(4)), WAYS["no JSON"](an_account(5)))
    assert not await reader.may("account", ANNA)


@pytest.mark.parametrize("service", READERS)
async def test_what_waits_for_a_release_that_can_read_it_denies_nothing_anew(
    reader: Reader, service: str
) -> None:
    await reader.take(a_record(an_account(1)), WAYS["a version that is not yet known"](an_account(2)))
    await reader.take(a_record(an_account(3)))
    await reader.database.fetch("UPDATE parked SET try_at = now() - interval '1 s'")
    await reader.retry()
    assert await reader.may("account", ANNA)


@pytest.mark.parametrize("service", READERS)
async def test_nobody_else_is_touched_and_an_operator_is_told(reader: Reader, service: str) -> None:
    other = an_account(staff_id="SE2321000016-BO")
    unknown = WAYS["no JSON"](an_account(staff_id="SE2321000016-NEW"))
    await reader.take(a_record(an_account()), a_record(other), WAYS["no JSON"](an_account(2)), unknown)
    assert await reader.may("account", other.staff_id)
    topics = {DIRECTORY_EVENTS.name: DIRECTORY_EVENTS.partitions}
    await Freshness(reader.database, utc_now, topics, timedelta(seconds=300)).look()
    assert REGISTRY.get_sample_value("vardvaxel_denied_entities") == 1


@pytest.mark.parametrize("service", READERS)
async def test_a_kind_that_a_later_release_brings_denies_nothing(reader: Reader, service: str) -> None:
    later = a_record(an_account(), headers={"ce_type": b"admin.group-published.v1"})
    tally = await reader.take(a_record(an_account()), later)
    assert tally.ignored == 1
    assert await reader.may("account", ANNA)


@pytest.mark.parametrize("service", ("intake",))
async def test_no_older_version_of_a_case_type_stands_in_for_one_that_nobody_can_read(
    reader: Reader, service: str
) -> None:
    third = WAYS["no JSON"](a_case_type(3))
    await reader.take(a_record(a_case_type(1)), a_record(a_case_type(2)), third)
    await reader.take(a_record(a_case_type(2)))
    assert not await reader.may("case type", "renewal/3")
    await reader.take(WAYS["no JSON"](a_case_type(1)), a_record(a_case_type(3)))
    assert await reader.may("case type", "renewal/3")
