"""The hub: who is connected hears what they may, and only as long as they may."""

from typing import Any
from uuid import uuid4

from services.routing.adapters.steps import StreamedStep, Window
from services.routing.application.policy import Listener
from services.routing.domain.directory import Person
from services.routing.entrypoints.hub import LARGEST_BACKLOG_OF_ONE, Hub
from services.routing.settings import RoutingSettings

HERE, ELSEWHERE = "SE2321000016-HERE", "SE2321000016-ELSE"
ANNA, RITA = "SE2321000016-ANNA", "SE2321000016-RITA"


class FakeSteps:
    """Steps in memory."""

    def __init__(self) -> None:
        self.windows: list[Window] = []

    async def horizon(self) -> int:
        return 100

    async def after(self, cursor: int) -> Window | None:
        return self.windows.pop(0) if self.windows else None

    async def between(self, low: int, high: int, most: int) -> Window | None:
        return None


class FakeViewing:
    """People in memory; `meanwhile` happens while they are read."""

    def __init__(self) -> None:
        self.known: dict[str, Person] = {}
        self.meanwhile: Any = None

    async def people(self, staff_ids: list[str]) -> dict[str, Person]:
        found = {id_: self.known[id_] for id_ in staff_ids if id_ in self.known}
        if self.meanwhile is not None:
            await self.meanwhile()
        return found


def a_hub() -> tuple[Hub, Any, Any]:
    steps: Any = FakeSteps()
    viewing: Any = FakeViewing()
    settings = RoutingSettings(database_url="postgresql://x", kafka_servers="x")
    return Hub(steps, viewing, settings, lambda: True), steps, viewing


def caregiver(staff_id: str, version: int = 1, locked: str | None = None) -> Person:
    return Person(staff_id, version, "N", locked, True, {HERE: frozenset({"caregiver"})})


def hearing(staff_id: str, *, receiver_of: str = "") -> Listener:
    return Listener(staff_id, frozenset({receiver_of} - {""}), frozenset({HERE} if not receiver_of else ()))


def a_step(clinic_id: str, holder: str | None = None, xid: int = 100) -> StreamedStep:
    return StreamedStep(xid, uuid4(), 1, clinic_id, holder, None, b"event: queued\ndata: {}\n")


async def test_steps_go_to_receivers_of_the_clinic_and_to_the_holder_alone() -> None:
    hub, steps, _ = a_hub()
    rita, anna = await hub.open(hearing(RITA, receiver_of=HERE), None), await hub.open(hearing(ANNA), None)
    for stream in (rita, anna):
        await stream.take(0)
    steps.windows = [Window(100, 103, (a_step(HERE), a_step(ELSEWHERE, ANNA), a_step(HERE, ANNA)))]
    await hub.poll()
    heard = [((await stream.take(0)) or b"") for stream in (rita, anna)]
    assert [chunk.count(b"event: queued") for chunk in heard] == [2, 1]
    assert all(chunk.endswith(b"id: 103\n\n") and chunk.count(b"id:") == 1 for chunk in heard)


async def test_a_client_that_missed_too_much_is_told_to_reload() -> None:
    hub, _, _ = a_hub()
    stream = await hub.open(hearing(ANNA), 5)
    assert (await stream.take(0) or b"").startswith(b"event: reset\n")


async def test_who_is_locked_hears_nothing_any_more_and_who_connects_meanwhile_goes_on() -> None:
    hub, _, viewing = a_hub()
    anna = await hub.open(hearing(ANNA), None)
    viewing.known = {ANNA: caregiver(ANNA, 2, locked="security")}
    late = []

    async def connect() -> None:
        late.append(await hub.open(hearing(RITA, receiver_of=HERE), None))

    viewing.meanwhile = connect
    await hub.check_rights()
    assert anna.closed
    assert not late[0].closed


async def test_a_change_that_gives_the_same_rights_ends_nothing() -> None:
    hub, _, viewing = a_hub()
    anna = await hub.open(hearing(ANNA), None)
    viewing.known = {ANNA: caregiver(ANNA, 7)}
    await hub.check_rights()
    assert not anna.closed


async def test_who_loses_a_role_by_a_state_that_nobody_can_read_hears_nothing_any_more() -> None:
    hub, _, viewing = a_hub()
    anna = await hub.open(hearing(ANNA), None)
    viewing.known = {ANNA: caregiver(ANNA)}
    viewing.known[ANNA].deny()
    await hub.check_rights()
    assert anna.closed


async def test_a_client_that_does_not_read_is_cut_off() -> None:
    hub, steps, _ = a_hub()
    rita = await hub.open(hearing(RITA, receiver_of=HERE), None)
    steps.windows = [Window(100, 101, tuple(a_step(HERE) for _ in range(LARGEST_BACKLOG_OF_ONE + 1)))]
    await hub.poll()
    assert await rita.take(0) is None
