"""The registry of topics: names, writers, readers, and the topic as a portal's identity."""

import re

import pytest

from shared.contracts.topics import (
    CASE_PARTITIONS,
    PORTAL_COMMANDS_PATTERN,
    SERVICES,
    Cleanup,
    dead_letters,
    portal_commands,
    portal_of,
    portal_outcomes,
    portal_principal,
    topics_of_a_region,
)

REGION = topics_of_a_region(("nord", "syd"))


def test_every_name_is_owner_aggregate_and_kind_and_taken_once() -> None:
    names = [topic.name for topic in REGION]

    assert len(names) == len(set(names))
    for name in names:
        assert re.fullmatch(r"[a-z]+\.[a-z0-9-]+\.(events|commands|outcomes)|[a-z]+\.dead-letters", name)
        assert name.split(".")[0] in SERVICES


def test_events_have_one_writer_which_owns_them() -> None:
    for topic in REGION:
        if topic.name.endswith((".events", ".outcomes")):
            assert topic.writers == (topic.name.split(".")[0],)


def test_only_the_portal_writes_its_commands_and_only_intake_reads_them() -> None:
    topic = portal_commands("nord")

    assert topic.writers == (portal_principal("nord"),) == ("portal-nord",)
    assert topic.readers == ("intake",)
    assert portal_outcomes("nord").readers == topic.writers


def test_no_portal_reads_or_writes_another_s_topics() -> None:
    for topic in REGION:
        if "portal-syd" in (*topic.writers, *topic.readers):
            assert ".syd." in topic.name


def test_notify_hears_nothing_of_what_citizens_write() -> None:
    assert {topic.name for topic in REGION if "notify" in topic.readers} == {
        "routing.case.events",
        "admin.directory.events",
        "notify.dead-letters",
    }


def test_dead_letters_belong_to_one_service_alone_and_hold_a_message_in_base64() -> None:
    for service in SERVICES:
        topic = dead_letters(service)
        assert topic.writers == topic.readers == (service,)
        assert topic.max_bytes >= 2 * portal_commands("nord").max_bytes


def test_whole_states_are_compacted_and_the_rest_expires() -> None:
    kept = {topic.name for topic in REGION if topic.cleanup is Cleanup.COMPACT}

    assert kept == {"admin.directory.events", "admin.catalogue.events"}
    assert all(topic.partitions == CASE_PARTITIONS for topic in REGION if ".case." in topic.name)


@pytest.mark.parametrize("portal_id", ("nord", "nord-2", "2"))
def test_the_topic_tells_the_portal(portal_id: str) -> None:
    topic = portal_commands(portal_id).name

    assert portal_of(topic) == portal_id
    assert re.fullmatch(PORTAL_COMMANDS_PATTERN, topic)


@pytest.mark.parametrize("topic", ("intake.nord.outcomes", "admin.access-log.commands", "intake.case.events"))
def test_any_other_topic_is_no_portal(topic: str) -> None:
    assert not re.fullmatch(PORTAL_COMMANDS_PATTERN, topic)
    with pytest.raises(ValueError, match="not a portal's command topic"):
        portal_of(topic)
