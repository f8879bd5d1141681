"""Real Kafka and PostgreSQL for a test session, and topics and databases of its own for each test."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

from deploy.local.choose import Infrastructure, chosen_infrastructure
from deploy.local.home import Home
from deploy.local.ports import keep_port
from deploy.local.provision import provision
from shared.contracts.topics import SERVICES, Topic

STACK = "VARDVAXEL_TEST_STACK"
"""Names a folder whose Kafka and PostgreSQL all test runs of a machine share; the first run starts them."""


SERVERS = ("kafka", "kafka-controller", "postgres", "mailbox", "mailbox-smtp", "identity-provider")
INSTANCES = (1, 2)


@contextmanager
def local_infrastructure() -> Iterator[Infrastructure]:
    """Kafka and PostgreSQL for a whole session. Without a shared folder they are new, and gone afterwards."""
    if shared := os.environ.get(STACK):
        with chosen_infrastructure(shared, keep_running=True) as infrastructure:
            yield infrastructure
    else:
        with a_stack_folder() as folder, chosen_infrastructure(folder) as infrastructure:
            yield infrastructure


@contextmanager
def a_stack_folder() -> Iterator[Path]:
    """A new folder that PostgreSQL can use also when root runs the tests, which pytest's tmp_path isn't.

    Its ports are drawn by chance: two stacks that start at the same moment both find the usual ones free, and whoever
    starts one takes them as soon as a server of ours is dead.
    """
    with tempfile.TemporaryDirectory(prefix="vardvaxel-", ignore_cleanup_errors=True) as folder:
        home = Home(folder)
        for name in (*SERVERS, *(f"{service}-{number}" for service in SERVICES for number in INSTANCES)):
            keep_port(home, name)
        yield Path(folder)


def a_topic(
    infrastructure: Infrastructure,
    *,
    partitions: int = 1,
    writers: tuple[str, ...] = (),
    readers: tuple[str, ...] = (),
) -> str:
    """The name of a new topic for these principals and the super user alone. Blocks for up to 0.2 s."""
    topic = Topic(f"test.{uuid4().hex[:12]}", "A test's own.", writers, readers, partitions)
    provision(infrastructure.kafka, [topic], infrastructure.passwords)
    return topic.name


@asynccontextmanager
async def a_database(
    infrastructure: Infrastructure, service: str, template: str | None = None
) -> AsyncIterator[str]:
    """The name of a new database of this service, empty or a copy of a migrated one; dropped afterwards.

    Connect with `infrastructure.databases.url(service, name)` or `.owner_url(service, name)`.
    """
    name = f"test_{service}_{uuid4().hex[:12]}"
    await infrastructure.databases.create(name, service, template)
    try:
        yield name
    finally:
        await infrastructure.databases.drop(name)
