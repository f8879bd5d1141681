"""What admin publishes stays readable: a compacted topic holds states that were decided years ago."""

from datetime import timedelta

import pytest

from services.admin.adapters.heartbeat import keys
from shared.contracts.envelope import Envelope
from shared.contracts.events.admin import CatalogueHeartbeatSent, HeartbeatSent
from shared.contracts.message import Message
from shared.contracts.topics import CATALOGUE_EVENTS, DIRECTORY_EVENTS
from shared.messaging.arrival import read_record
from shared.messaging.parking import StoredRecord
from tests.unit.admin.builders import NOW, a_clinic

BEATS = (HeartbeatSent, CatalogueHeartbeatSent)


def a_record(message: Message, age: timedelta) -> StoredRecord:
    envelope = Envelope("1", message.TYPE, "/vardvaxel/admin", NOW - age)
    value = message.model_dump_json().encode()
    at = int((NOW - age).timestamp() * 1000)
    return StoredRecord(message.topic(), 0, 0, at, message.key().encode(), value, envelope.headers())


@pytest.mark.parametrize("age", (timedelta(0), timedelta(days=15), timedelta(days=3000)))
def test_a_state_that_was_published_long_ago_is_still_the_state(age: timedelta) -> None:
    arrival = read_record(a_record(a_clinic().published(), age), NOW)

    assert arrival.body == a_clinic().published()
    assert arrival.mark is None, (
        "its version says whether it is news, not the inbox, whose days are gone by then"
    )


@pytest.mark.parametrize(
    ("beat", "topic"), tuple(zip(BEATS, (DIRECTORY_EVENTS, CATALOGUE_EVENTS), strict=True))
)
def test_each_topic_has_a_heartbeat_of_its_own(
    beat: type[HeartbeatSent] | type[CatalogueHeartbeatSent], topic: object
) -> None:
    message = beat(version=1, at=NOW, beat=keys(3)[0])

    assert message.topic() == getattr(topic, "name", "")
    assert message.key() == keys(3)[0]
