"""Puts intake together. Nothing imports this."""

from collections.abc import Sequence
from datetime import timedelta

from services.intake.adapters.access_log import AccessJournal, References
from services.intake.adapters.forms import Compiled, FormRows
from services.intake.adapters.offers import Offers
from services.intake.adapters.remembered import Memory, Recall
from services.intake.adapters.work import IntakeWork
from services.intake.entrypoints.consumers import handlers
from services.intake.entrypoints.http import add_routes
from services.intake.entrypoints.outcomes import Outcomes
from services.intake.entrypoints.schedules import ClosingTimer, EndedGrants
from services.intake.invariants import INVARIANTS
from services.intake.settings import IntakeSettings, key_bytes
from shared.clock import utc_now
from shared.composition import Assembly
from shared.contracts.topics import (
    CATALOGUE_EVENTS,
    DIRECTORY_EVENTS,
    PORTAL_COMMANDS_PATTERN,
    RESPONSIBILITY_EVENTS,
)
from shared.database.pool import BY_KEY
from shared.messaging.broker import Subscription
from shared.process import Schedule, Service
from shared.security.sealing import sealer

_PROJECTIONS = (DIRECTORY_EVENTS, CATALOGUE_EVENTS)


def build(settings: IntakeSettings) -> Service:
    """The service with all its parts, not yet running."""
    compiled: Compiled = {}
    memory = Memory()
    references = References(
        key_bytes(settings.patient_reference_key),
        settings.patient_reference_key_version,
        {version: key_bytes(key) for version, key in settings.patient_reference_former_keys.items()},
    )

    def new_work() -> IntakeWork:
        return IntakeWork(
            recall=Recall(memory), forms=FormRows(compiled), access_log=AccessJournal(references)
        )

    assembly = Assembly(
        "intake",
        settings,
        handlers(settings.reply_within),
        new_work,
        Outcomes(),
        projections={topic.name: topic.partitions for topic in _PROJECTIONS},
        seal=sealer(key_bytes(settings.sealing_key)),
        invariants=INVARIANTS,
        planner=BY_KEY,
    )
    add_routes(assembly.app, assembly.commands, Offers(assembly.database, utc_now), assembly.freshness)
    close_after = timedelta(days=settings.close_after_days)
    closing = ClosingTimer(assembly.database, assembly.runner, utc_now, close_after)

    def subscribe(slot: int) -> tuple[Sequence[Subscription], Sequence[Subscription]]:
        take = assembly.runner.take
        projections = assembly.projection(slot, [topic.name for topic in _PROJECTIONS])
        commands = assembly.subscription(slot, "intake", take, pattern=PORTAL_COMMANDS_PATTERN)
        facts = assembly.subscription(slot, "intake-routing", take, topics=[RESPONSIBILITY_EVENTS.name])
        return (projections,), (commands, facts)

    ended = EndedGrants(assembly.database, utc_now, timedelta(days=settings.ended_grants_days))
    by_the_clock = (
        Schedule("closing", 60.0, closing.tick),
        Schedule("forget ended grants", 3600.0, ended.forget),
    )
    return assembly.finish(subscribe, by_the_clock)
