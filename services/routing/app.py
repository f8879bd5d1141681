"""Routing put together."""

import asyncio
from collections.abc import Sequence

from services.routing.adapters.reading import Reading
from services.routing.adapters.releases import Releases
from services.routing.adapters.rounds import Rounds
from services.routing.adapters.sharing import Sharing
from services.routing.adapters.steps import Steps
from services.routing.adapters.wanted import RoundsWanted
from services.routing.adapters.work import RoutingWork
from services.routing.entrypoints.consumers import HANDLERS
from services.routing.entrypoints.http import add_routes
from services.routing.entrypoints.hub import Hub
from services.routing.entrypoints.schedules import Woken
from services.routing.entrypoints.stream import add_stream
from services.routing.entrypoints.viewing import Viewing
from services.routing.invariants import INVARIANTS
from services.routing.settings import RoutingSettings
from shared.clock import utc_now
from shared.composition import Assembly
from shared.contracts.topics import CASE_EVENTS, DIRECTORY_EVENTS
from shared.database.pool import BY_KEY
from shared.messaging.batch import NoReplies
from shared.messaging.broker import Subscription
from shared.process import Schedule, Service


def build(
    settings: RoutingSettings,
    case_topic: str = CASE_EVENTS.name,
    directory_topic: str = DIRECTORY_EVENTS.name,
) -> Service:
    """The service, ready to run; nothing is connected yet."""
    projections = {directory_topic: DIRECTORY_EVENTS.partitions}
    sharing = Sharing(cases=settings.round_cases, capacity=settings.caregiver_capacity)
    wake = asyncio.Event()
    assembly = Assembly(
        "routing",
        settings,
        HANDLERS,
        lambda: RoutingWork(wanted=RoundsWanted(sharing, wake.set)),
        NoReplies(),
        projections,
        planner=BY_KEY,
        invariants=INVARIANTS,
    )
    rounds = Rounds(assembly.database, utc_now, assembly.relay.wake, sharing, clinics=settings.round_clinics)
    releases = Releases(assembly.database, utc_now, assembly.relay.wake)
    woken = Woken(wake, releases, rounds, settings.round_sweep_seconds)
    viewing = Viewing(Reading(assembly.database), assembly.freshness)
    add_routes(assembly.app, assembly.commands, viewing)
    hub = Hub(
        Steps(assembly.database),
        viewing,
        settings,
        lambda: assembly.service is not None and assembly.service.ready,
    )
    add_stream(assembly.app, assembly.commands, viewing, hub, settings)

    def subscribe(slot: int) -> tuple[Sequence[Subscription], Sequence[Subscription]]:
        directory = assembly.projection(slot, [directory_topic])
        cases = assembly.subscription(slot, "routing", assembly.runner.take, topics=[case_topic])
        return [directory], [cases]

    service = assembly.finish(
        subscribe,
        [
            Schedule("rounds", 0.0, woken.next),
            Schedule("backlog", settings.backlog_sweep_seconds, rounds.want_backlog),
        ],
    )
    service.opened = (*service.opened, hub.start)
    service.closed = (hub.stop, *service.closed)
    return service
