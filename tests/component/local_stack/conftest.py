"""A broker and a database server of these tests' own: they kill them."""

from collections.abc import Iterator

import pytest

from deploy.local.blocking import finish, together
from deploy.local.kafka import LocalKafka
from deploy.local.postgres import LocalPostgres
from deploy.local.provision import provision_region
from shared.testing.infrastructure import a_stack_folder


@pytest.fixture(scope="session")
def servers() -> Iterator[tuple[LocalKafka, LocalPostgres]]:
    with a_stack_folder() as directory:
        kafka, postgres = LocalKafka(directory), LocalPostgres(directory)
        together(kafka.start, postgres.start)
        provision_region(kafka.login(), ("karlstad", "arvika"), kafka.home.passwords)
        finish(postgres.databases.prepare())
        yield kafka, postgres
        together(kafka.stop, postgres.stop)


@pytest.fixture
def kafka(servers: tuple[LocalKafka, LocalPostgres]) -> LocalKafka:
    return servers[0]


@pytest.fixture
def postgres(servers: tuple[LocalKafka, LocalPostgres]) -> LocalPostgres:
    return servers[1]
