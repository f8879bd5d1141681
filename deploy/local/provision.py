"""Make Kafka hold what the registry of topics says: topics, users, ACLs. Can be run again.

    python -m deploy.local.provision --add-portal karlstad [--directory .local/stack]

The broker is the one of that stack, or the one named by VARDVAXEL_KAFKA_SERVERS, _USER and _PASSWORD.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from deploy.local.choose import given_kafka
from deploy.local.errors import LocalStackError
from deploy.local.home import DEFAULT_DIRECTORY, Home, Passwords
from deploy.local.kafka import LocalKafka
from deploy.local.kafka_login import KafkaLogin
from deploy.local.progress import POLL_SECONDS, say
from deploy.local.rights import principals_of, rights_of
from shared.contracts.topics import (
    Cleanup,
    Topic,
    portal_commands,
    portal_outcomes,
    portal_principal,
    topics_of_a_region,
)

SCRAM_ITERATIONS = 4096
UNCOMPRESSED = "uncompressed"
"""Producers may compress by whatever codec they like: the broker unpacks it, so that every consumer can read it, and
so that `max.message.bytes` limits what a consumer has to hold rather than what it grew from."""
WITHIN = 30.0
COMPACTION = {
    # A directory is read to its end at every start of a service: keep it short, not old.
    "segment.bytes": 16 * 1024 * 1024,
    "segment.ms": 10 * 60 * 1000,
    "min.cleanable.dirty.ratio": 0.1,
    "delete.retention.ms": int(timedelta(days=7) / timedelta(milliseconds=1)),
}


def provision_region(
    login: KafkaLogin, portal_ids: tuple[str, ...], passwords: Passwords, replication: int = 1
) -> None:
    """Everything that an installation with these portals needs."""
    provision(login, topics_of_a_region(portal_ids), passwords, replication)


def add_portal(login: KafkaLogin, portal_id: str, passwords: Passwords, replication: int = 1) -> None:
    """One more portal beside those that are there; no service needs a restart."""
    provision(login, (portal_commands(portal_id), portal_outcomes(portal_id)), passwords, replication)


def provision(login: KafkaLogin, topics: Sequence[Topic], passwords: Passwords, replication: int = 1) -> None:
    """Make these topics, their principals' users, and what each principal may do; wait until all of it holds.

    `login` is a super user's. A broker that asks for no name gets topics alone.
    Raises LocalStackError when a topic exists with another number of partitions: that never changes.
    """
    admin = AdminClient(login.for_confluent() | {"log_level": 0})
    _make_topics(admin, topics, replication)
    principals = principals_of(topics)
    if login.user is None or not principals:
        return
    _make_users(admin, principals, passwords)
    _make_rights(admin, rights_of(topics))


def configuration(topic: Topic, replication: int) -> dict[str, str]:
    """The broker's settings for this topic."""
    settings: dict[str, Any] = {
        "cleanup.policy": topic.cleanup.value,
        "compression.type": UNCOMPRESSED,
        "max.message.bytes": topic.max_bytes,
        "min.insync.replicas": max(1, replication - 1),
        "unclean.leader.election.enable": "false",
    }
    if topic.cleanup is Cleanup.COMPACT:
        settings |= COMPACTION
    else:
        settings["retention.ms"] = int(topic.retention / timedelta(milliseconds=1))
    return {name: str(value) for name, value in settings.items()}


def _make_topics(admin: AdminClient, topics: Sequence[Topic], replication: int) -> None:
    existing = admin.list_topics(timeout=WITHIN).topics
    missing = [topic for topic in topics if topic.name not in existing]
    present = [topic for topic in topics if topic.name in existing]
    for topic in present:
        partitions = len(existing[topic.name].partitions)
        if partitions != topic.partitions:
            raise LocalStackError(
                f"{topic.name} has {partitions} partitions and should have {topic.partitions}; changing that "
                "would break the order per key, so move to a new topic or an empty broker."
            )
    if missing:
        made = [
            NewTopic(topic.name, topic.partitions, replication, config=configuration(topic, replication))
            for topic in missing
        ]
        _await_all(
            admin.create_topics(made, operation_timeout=WITHIN).values(), KafkaError.TOPIC_ALREADY_EXISTS
        )
    if present:
        _await_all(admin.incremental_alter_configs([_settings_of(t, replication) for t in present]).values())
    _until(
        lambda: all(topic.name in admin.list_topics(timeout=WITHIN).topics for topic in topics), "the topics"
    )


def _settings_of(topic: Topic, replication: int) -> ConfigResource:
    entries = [
        ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        for name, value in configuration(topic, replication).items()
    ]
    return ConfigResource(ConfigResource.Type.TOPIC, topic.name, incremental_configs=entries)


def _make_users(admin: AdminClient, principals: Sequence[str], passwords: Passwords) -> None:
    mechanism = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, SCRAM_ITERATIONS)
    _await_all(
        admin.alter_user_scram_credentials(
            [
                UserScramCredentialUpsertion(name, mechanism, passwords.of(f"kafka/{name}").encode())
                for name in principals
            ]
        ).values()
    )
    _until(lambda: _known_users(admin).issuperset(principals), "the users")


def _known_users(admin: AdminClient) -> set[str]:
    described: Any = admin.describe_user_scram_credentials()
    return set(described.result(WITHIN))


def _make_rights(admin: AdminClient, rights: Sequence[AclBinding]) -> None:
    _await_all(admin.create_acls(list(rights)).values())
    whatever: Any = None  # the library's stub says str, the library wants None
    every_right = AclBindingFilter(
        *(ResourceType.ANY, whatever, ResourcePatternType.ANY, whatever, whatever),
        *(AclOperation.ANY, AclPermissionType.ANY),
    )
    wanted = {str(right) for right in rights}

    def known() -> bool:
        described: Any = admin.describe_acls(every_right)
        return wanted.issubset(str(right) for right in described.result(WITHIN))

    _until(known, "the access rules")


def _until(holds: Callable[[], bool], what: str) -> None:
    """The controller has decided; the broker hears of it a moment later."""
    deadline = time.monotonic() + WITHIN
    while not holds():
        if time.monotonic() > deadline:
            raise LocalStackError(f"Kafka accepted {what}, but does not show them after {WITHIN:g} s.")
        time.sleep(POLL_SECONDS)


def _await_all(futures: Iterable["Future[Any]"], harmless: int | None = None) -> None:
    for future in futures:
        try:
            future.result(WITHIN)
        except KafkaException as refused:
            if refused.args[0].code() != harmless:
                raise LocalStackError(f"Kafka refused: {refused.args[0].str()}") from refused


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.provision", description=__doc__)
    parser.add_argument(
        "--add-portal", action="append", default=[], metavar="ID", help="may be given several times"
    )
    parser.add_argument("--directory", type=Path, default=DEFAULT_DIRECTORY, help="where the stack lives")
    parser.add_argument("--replication", type=int, default=1, help="copies of each partition")
    chosen = parser.parse_args(arguments)
    home = Home(chosen.directory)
    try:
        provision_region(_login(home), tuple(chosen.add_portal), home.passwords, chosen.replication)
    except (LocalStackError, KafkaException) as error:
        sys.exit(str(error))
    for portal_id in chosen.add_portal:
        say(f"{portal_id}: user {portal_principal(portal_id)}, password in {home.directory}/passwords.json")


def _login(home: Home) -> KafkaLogin:
    if "VARDVAXEL_KAFKA_SERVERS" in os.environ:
        return given_kafka()
    kafka = LocalKafka(home.directory)
    if not kafka.process.alive:
        raise LocalStackError(f"No broker runs in {home.directory}: `python -m deploy.local up` starts one.")
    return kafka.login()


if __name__ == "__main__":
    main()
