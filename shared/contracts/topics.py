"""The one registry of topics: deploy files, ACLs, documentation, relays and tests all come from here."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

SERVICES = ("intake", "routing", "notify", "admin")
CASE_PARTITIONS = 12
"""Enough from the start: adding partitions later moves keys and breaks the order per case."""
DIRECTORY_PARTITIONS = 3
MAX_MESSAGE_BYTES = 1_048_576
"""The broker's limit for one record; the outbox refuses what would not pass."""


class Cleanup(StrEnum):
    """What the broker does with old records."""

    DELETE = "delete"
    COMPACT = "compact"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: who writes it, who reads it, how it is kept. Principals are Kafka users."""

    name: str
    description: str
    writers: tuple[str, ...]
    readers: tuple[str, ...]
    partitions: int = CASE_PARTITIONS
    retention: timedelta = timedelta(days=7)
    cleanup: Cleanup = Cleanup.DELETE
    max_bytes: int = MAX_MESSAGE_BYTES


CASE_EVENTS = Topic(
    "intake.case.events",
    "What was said and decided in the conversations: ids, codes and decisions only.",
    writers=("intake",),
    readers=("routing",),
    retention=timedelta(days=30),
)
RESPONSIBILITY_EVENTS = Topic(
    "routing.case.events",
    "Whose each case is. Public to staff back-ends that are trusted for all clinics.",
    writers=("routing",),
    readers=("intake", "notify", "staff-backend"),
    retention=timedelta(days=30),
)
DIRECTORY_EVENTS = Topic(
    "admin.directory.events",
    "The whole current state of each clinic, staff account, portal and signing key, and a heartbeat per partition.",
    writers=("admin",),
    readers=("intake", "routing", "notify"),
    partitions=DIRECTORY_PARTITIONS,
    cleanup=Cleanup.COMPACT,
)
CATALOGUE_EVENTS = Topic(
    "admin.catalogue.events",
    "Each published version of a case type, whole.",
    writers=("admin",),
    readers=("intake",),
    partitions=DIRECTORY_PARTITIONS,
    cleanup=Cleanup.COMPACT,
)
COMPACTED = frozenset({DIRECTORY_EVENTS.name, CATALOGUE_EVENTS.name})
"""Here a record may be years old and still be the newest state: neither its age nor the inbox says anything about it,
the version in the message does."""
ACCESS_LOG_COMMANDS = Topic(
    "admin.access-log.commands",
    "RecordAccess from every service that shows patient data.",
    writers=("intake",),
    readers=("admin",),
)
NOTIFICATION_EVENTS = Topic(
    "notify.notification.events",
    "What became of each notification; never to whom or about whom.",
    writers=("notify",),
    readers=("staff-backend",),
)


def portal_commands(portal_id: str) -> Topic:
    """The commands of one portal. Its ACL names one writer: the topic is the portal's identity."""
    return Topic(
        f"intake.{portal_id}.commands",
        f"SubmitCase, ReplyToCase, WithdrawCase and MarkMessageRead from the portal {portal_id}.",
        writers=(portal_principal(portal_id),),
        readers=("intake",),
    )


def portal_outcomes(portal_id: str) -> Topic:
    """What became of one portal's commands and cases: ids and codes only."""
    return Topic(
        f"intake.{portal_id}.outcomes",
        f"What became of the commands and cases of the portal {portal_id}.",
        writers=("intake",),
        readers=(portal_principal(portal_id),),
    )


def dead_letters(service: str) -> Topic:
    """Messages that a service could not take, as they came; intake's are sealed."""
    return Topic(
        f"{service}.dead-letters",
        f"What {service} could not take: the message as it came, the reason in headers.",
        writers=(service,),
        readers=(service,),
        partitions=1,
        retention=timedelta(days=30),
        max_bytes=3 * MAX_MESSAGE_BYTES,
    )


def portal_principal(portal_id: str) -> str:
    """The Kafka user of a portal."""
    return f"portal-{portal_id}"


PORTAL_COMMANDS_PATTERN = r"^intake\.[a-z0-9-]+\.commands$"
"""Intake subscribes by this pattern, so that a new portal needs no restart."""


def portal_of(topic: str) -> str:
    """The portal whose command topic this is.

    Raises ValueError for any other topic.
    """
    owner, portal_id, kind = topic.split(".")
    if owner != "intake" or kind != "commands":
        raise ValueError(f"{topic} is not a portal's command topic")
    return portal_id


def topics_of_a_region(portal_ids: tuple[str, ...]) -> tuple[Topic, ...]:
    """Every topic of an installation with these portals."""
    shared = (
        CASE_EVENTS,
        RESPONSIBILITY_EVENTS,
        DIRECTORY_EVENTS,
        CATALOGUE_EVENTS,
        ACCESS_LOG_COMMANDS,
        NOTIFICATION_EVENTS,
    )
    portals = tuple(make(portal) for portal in portal_ids for make in (portal_commands, portal_outcomes))
    return shared + portals + tuple(dead_letters(service) for service in SERVICES)
