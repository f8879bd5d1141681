"""Where Kafka and PostgreSQL come from, decided in one place for the demo and for the tests.

1. Addresses in the environment: VARDVAXEL_KAFKA_SERVERS (with VARDVAXEL_KAFKA_USER and _PASSWORD of a super
   user, if the broker wants a name) and VARDVAXEL_POSTGRES_ADMIN_URL.
2. A Docker engine that answers without TLS: containers by testcontainers. Their broker asks for no name and
   has no ACLs. Written against the library's source; not run where this was made, for want of an engine.
3. Processes of this machine. Who wants to kill or pause them takes these in any case.
"""

import importlib.util
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from deploy.local.blocking import finish
from deploy.local.databases import ServiceDatabases
from deploy.local.home import Home, Passwords
from deploy.local.kafka import LocalKafka
from deploy.local.kafka_login import KafkaLogin
from deploy.local.postgres import LocalPostgres
from deploy.local.server import LocalServer

Server = TypeVar("Server", bound=LocalServer)


@dataclass(frozen=True, slots=True)
class Infrastructure:
    """A broker and a database server, wherever they come from."""

    kafka: KafkaLogin
    """A super user's login."""
    databases: ServiceDatabases
    passwords: Passwords
    local_kafka: LocalKafka | None = None
    """The broker's process, to kill or to pause, if it is one of ours."""
    local_postgres: LocalPostgres | None = None

    def login(self, principal: str) -> KafkaLogin:
        """How a principal that has been provisioned reaches the broker."""
        if self.kafka.user is None:
            return self.kafka
        return KafkaLogin(self.kafka.servers, principal, self.passwords.of(f"kafka/{principal}"))


def choose_infrastructure(
    holding: ExitStack,
    directory: Path | str,
    *,
    keep_running: bool = False,
    kafka_port: int | None = None,
    postgres_port: int | None = None,
    throughput: bool = False,
    own_processes: bool = False,
) -> Infrastructure:
    """Kafka and PostgreSQL with the services' databases, ready; what this call started ends with `holding`.

    `directory` holds the data of local processes, and the passwords in any case. `keep_running` lets local
    processes outlive `holding` and the program; containers can't, so it passes them over. `own_processes`: nothing
    else will do, whatever the environment says and whoever answers.
    """
    home = Home(directory)
    given: Mapping[str, str] = {} if own_processes else os.environ
    docker = not (keep_running or own_processes) and docker_answers()
    kafka, postgres = None, None
    if "VARDVAXEL_KAFKA_SERVERS" in given:
        login = given_kafka()
    elif docker:
        login = _kafka_container(holding)
    else:
        kafka = LocalKafka(home.directory, kafka_port, throughput=throughput, tied=not keep_running)
        login = _hold(kafka, holding, keep_running).login()
    if admin_url := given.get("VARDVAXEL_POSTGRES_ADMIN_URL"):
        databases = ServiceDatabases(admin_url, home.passwords)
    elif docker:
        databases = ServiceDatabases(_postgres_container(holding), home.passwords)
    else:
        postgres = LocalPostgres(home.directory, postgres_port, tied=not keep_running)
        databases = _hold(postgres, holding, keep_running).databases
    with home.lock("databases"):
        finish(databases.prepare())
    return Infrastructure(login, databases, home.passwords, kafka, postgres)


@contextmanager
def chosen_infrastructure(
    directory: Path | str, *, keep_running: bool = False, own_processes: bool = False
) -> Iterator[Infrastructure]:
    """The same for the length of a block."""
    with ExitStack() as holding:
        yield choose_infrastructure(
            holding, directory, keep_running=keep_running, own_processes=own_processes
        )


def given_kafka() -> KafkaLogin:
    """The super user's login that the environment names."""
    user, password = os.environ.get("VARDVAXEL_KAFKA_USER"), os.environ.get("VARDVAXEL_KAFKA_PASSWORD")
    return KafkaLogin(os.environ["VARDVAXEL_KAFKA_SERVERS"], user, password)


def _hold(server: Server, holding: ExitStack, keep_running: bool) -> Server:
    server.start()
    if not (keep_running or server.found_running):
        holding.callback(server.stop)
    return server


def _kafka_container(holding: ExitStack) -> KafkaLogin:
    from testcontainers.community.kafka import KafkaContainer

    return KafkaLogin(holding.enter_context(KafkaContainer().with_kraft()).get_bootstrap_server())


def _postgres_container(holding: ExitStack) -> str:
    from testcontainers.community.postgres import PostgresContainer

    return holding.enter_context(PostgresContainer("postgres:18", driver=None)).get_connection_url()


def docker_answers() -> bool:
    """Whether an engine is there. The library imports well without one and fails late."""
    if importlib.util.find_spec("testcontainers") is None:
        return False
    address = urlsplit(os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock"))
    family: int = socket.AF_UNIX
    where: str | tuple[str | None, int] = address.path
    if address.scheme == "tcp":
        family, where = socket.AF_INET, (address.hostname, address.port or 2375)
    try:
        with socket.socket(family) as engine:
            engine.settimeout(2)
            engine.connect(where)
            engine.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
            return b" 200 " in engine.recv(64)
    except OSError:
        return False
