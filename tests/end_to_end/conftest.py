"""The whole system, once per session, with the made-up region in it."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from deploy.local.cards import cards_of
from deploy.local.region import SEED, PortalOnKafka, Region, portal_on_kafka
from deploy.local.stack import Stack
from shared.testing.infrastructure import a_stack_folder
from tests.end_to_end.people import CLINICS, OTHER_PORTAL, PORTAL, RECEIVER
from tests.end_to_end.wire import Wire

StaffClient = Callable[[str, str], httpx.Client]


@pytest.fixture(scope="session")
def region() -> Iterator[Region]:
    with a_stack_folder() as folder, Stack(folder, cards=cards_of(SEED)) as stack:
        region = Region(stack)
        region.plant()
        region.wait_until_heard(PORTAL, RECEIVER, CLINICS["manual"], "renew-prescription")
        yield region


@pytest.fixture(scope="session")
def wire(region: Region) -> Iterator[Wire]:
    """The portal on Kafka, with nothing in between: any bytes, any partition."""
    wire = Wire(region.stack, PORTAL)
    yield wire
    wire.close()


@pytest.fixture(scope="session")
def other_wire(region: Region) -> Iterator[Wire]:
    """The other portal, likewise."""
    wire = Wire(region.stack, OTHER_PORTAL)
    yield wire
    wire.close()


@pytest.fixture
def staff(region: Region) -> Iterator[StaffClient]:
    """`staff("routing", hsa_id)`: a client of a service, signed in as somebody."""
    clients: list[httpx.Client] = []

    def signed_in(service: str, hsa_id: str) -> httpx.Client:
        clients.append(region.client(service, region.staff_token(hsa_id)))
        return clients[-1]

    yield signed_in
    for client in clients:
        client.close()


@pytest.fixture
def portal(region: Region) -> Iterator[PortalOnKafka]:
    """The portal, by Kafka."""
    with portal_on_kafka(region.stack, PORTAL) as portal:
        yield portal


@pytest.fixture
def portal_by_http(region: Region) -> Iterator[httpx.Client]:
    """The portal, by HTTP."""
    with region.client("intake", region.portal_token(PORTAL)) as client:
        yield client
