"""Each principal may do what the registry of topics says, and what was acknowledged stays."""

import asyncio
import re
import stat
import time
from dataclasses import replace

import psutil
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError, TopicAuthorizationFailedError
from pydantic import SecretStr

from deploy.local.blocking import finish
from deploy.local.errors import LocalStackError
from deploy.local.kafka import LocalKafka
from deploy.local.kafka_login import KafkaLogin
from deploy.local.provision import add_portal, provision, provision_region
from shared.contracts.topics import CASE_EVENTS, PORTAL_COMMANDS_PATTERN, portal_commands
from shared.messaging.broker import new_publisher
from shared.messaging.consumer import Consumer
from shared.outbox.packing import Outgoing
from shared.outbox.publisher import Result
from shared.settings import ServiceSettings
from shared.testing.eventually import PATIENCE, eventually

KARLSTAD = portal_commands("karlstad").name


async def write(login: KafkaLogin, topic: str, value: bytes) -> None:
    producer = AIOKafkaProducer(**login.for_aiokafka(), enable_idempotence=True, acks="all")
    try:
        await producer.start()
        await producer.send_and_wait(topic, value, key=b"case")
    finally:
        await producer.stop()


async def read(login: KafkaLogin, group: str, pattern: str, expected: bytes) -> None:
    """Read until the expected value comes. Raises TimeoutError after ten seconds."""
    consumer = Consumer(**login.for_aiokafka(), group_id=group, auto_offset_reset="earliest")
    consumer.subscribe(pattern=pattern)
    try:
        await consumer.start()
        async with asyncio.timeout(PATIENCE):
            while (await consumer.getone()).value != expected:
                pass
    finally:
        await consumer.stop()


def test_a_portal_writes_to_its_own_topic_and_to_no_other(kafka: LocalKafka) -> None:
    finish(write(kafka.login("portal-karlstad"), KARLSTAD, b"mine"))
    with pytest.raises(TopicAuthorizationFailedError):
        finish(write(kafka.login("portal-karlstad"), portal_commands("arvika").name, b"not mine"))


def test_a_wrong_password_is_refused(kafka: LocalKafka) -> None:
    with pytest.raises(KafkaError):
        finish(write(replace(kafka.login("routing"), password="wrong"), "routing.case.events", b""))


def test_a_portal_added_later_is_read_by_pattern(kafka: LocalKafka) -> None:
    add_portal(kafka.login(), "torsby", kafka.home.passwords)
    finish(write(kafka.login("portal-torsby"), portal_commands("torsby").name, b"from torsby"))
    finish(read(kafka.login("intake"), "intake-commands", PORTAL_COMMANDS_PATTERN, b"from torsby"))


def test_a_service_joins_only_groups_of_its_own_name(kafka: LocalKafka) -> None:
    with pytest.raises(GroupAuthorizationFailedError):
        finish(read(kafka.login("intake"), "routing-commands", PORTAL_COMMANDS_PATTERN, b""))


def test_provisioning_again_is_harmless_but_never_changes_partitions(kafka: LocalKafka) -> None:
    provision_region(kafka.login(), ("karlstad", "arvika"), kafka.home.passwords)
    with pytest.raises(LocalStackError, match="order per key"):
        provision(kafka.login(), [replace(CASE_EVENTS, partitions=3)], kafka.home.passwords)


def test_what_was_acknowledged_survives_a_kill_and_a_restart(kafka: LocalKafka) -> None:
    finish(write(kafka.login("portal-karlstad"), KARLSTAD, b"before the kill"))
    kafka.kill()
    assert not kafka.process.alive
    kafka.start()
    finish(read(kafka.login("intake"), "intake-after-kill", re.escape(KARLSTAD), b"before the kill"))
    kafka.restart()
    finish(read(kafka.login("intake"), "intake-after-restart", re.escape(KARLSTAD), b"before the kill"))


def test_a_publisher_whose_broker_is_away_lets_go(kafka: LocalKafka) -> None:
    login = kafka.login("intake").environment()
    settings = ServiceSettings(
        database_url=SecretStr("postgresql://unused"),
        kafka_servers=login["VARDVAXEL_KAFKA_SERVERS"],
        kafka_user=login["VARDVAXEL_KAFKA_USER"],
        kafka_password=SecretStr(login["VARDVAXEL_KAFKA_PASSWORD"]),
    )

    async def send_to_nobody() -> Result:
        publisher = new_publisher(settings, "test-publisher")
        await publisher.start()
        first = await publisher.send([Outgoing(1, 0, CASE_EVENTS.name, b"case", b"", b"{}")])
        await asyncio.to_thread(kafka.kill)
        sending = asyncio.create_task(publisher.send([Outgoing(2, 0, CASE_EVENTS.name, b"case", b"", b"{}")]))
        unsent = publisher._live._message_accumulator
        await eventually(lambda: unsent._batches or unsent._pending_batches, "it is being sent")
        async with asyncio.timeout(PATIENCE):
            await publisher.close()
        await asyncio.gather(sending, return_exceptions=True)
        return first

    try:
        assert finish(send_to_nobody()) == Result()
    finally:
        kafka.start()


def test_a_second_start_finds_the_first(kafka: LocalKafka) -> None:
    second = LocalKafka(kafka.home.directory)
    began = time.monotonic()
    second.start()
    assert time.monotonic() - began < 1
    assert second.found_running
    assert second.process.pid == kafka.process.pid


def test_a_paused_broker_answers_nothing_until_it_is_resumed(kafka: LocalKafka) -> None:
    kafka.pause()
    assert not kafka.answers()
    kafka.resume()
    assert kafka.answers()


def test_passwords_are_private_and_on_no_command_line(kafka: LocalKafka) -> None:
    assert kafka.process.pid is not None
    command_line = " ".join(psutil.Process(kafka.process.pid).cmdline())
    assert not any(
        kafka.home.passwords.of(f"kafka/{user}") in command_line for user in ("broker", "provisioner")
    )
    for file in ("passwords.json", "kafka/server.properties"):
        assert stat.S_IMODE((kafka.home.directory / file).stat().st_mode) == 0o600
    assert not (kafka.home.directory / "kafka/format.arguments").exists()
