"""The composition root: the one place that knows every part of notify."""

from collections.abc import Sequence
from datetime import timedelta

from services.notify.adapters.due import DueMails
from services.notify.adapters.reading import NotificationReader
from services.notify.adapters.smtp import Server, SmtpLine
from services.notify.adapters.wording import Wording
from services.notify.adapters.work import NotifyWork
from services.notify.entrypoints.consumers import handlers
from services.notify.entrypoints.delivery import Sender
from services.notify.entrypoints.http import notification_routes
from services.notify.entrypoints.schedules import schedules
from services.notify.invariants import INVARIANTS
from services.notify.settings import NotifySettings
from shared.clock import utc_now
from shared.composition import Assembly
from shared.contracts.topics import DIRECTORY_EVENTS, RESPONSIBILITY_EVENTS
from shared.messaging.batch import NoReplies
from shared.messaging.broker import Subscription
from shared.process import Service


def build(
    settings: NotifySettings,
    facts_topic: str = RESPONSIBILITY_EVENTS.name,
    directory_topic: str = DIRECTORY_EVENTS.name,
) -> Service:
    """Notify, ready to run. Tests give it topics of their own."""
    table = handlers(timedelta(seconds=settings.gather_seconds))
    projections = {directory_topic: DIRECTORY_EVENTS.partitions}
    assembly = Assembly(
        "notify", settings, table, NotifyWork, NoReplies(), projections, invariants=INVARIANTS
    )
    lease = timedelta(seconds=settings.lease_seconds)
    due = DueMails(assembly.database, utc_now, settings.patience, lease)
    server = Server.of(settings)
    sender = Sender(
        due,
        Wording(settings.mail_sender, settings.mail_sender_name, settings.staff_url),
        lambda: SmtpLine(server),
        utc_now,
        assembly.relay.wake,
        lines=settings.smtp_connections,
        batch=settings.delivery_batch,
    )
    assembly.app.include_router(
        notification_routes(
            assembly.commands.actor, NotificationReader(assembly.database), assembly.freshness
        )
    )

    def subscribe(slot: int) -> tuple[Sequence[Subscription], Sequence[Subscription]]:
        directory = assembly.projection(slot, [directory_topic])
        facts = assembly.subscription(slot, "notify", assembly.runner.take, topics=[facts_topic])
        return (directory,), (facts,)

    service = assembly.finish(subscribe, schedules(settings, sender, due))
    service.closed = (sender.close, *service.closed)
    return service
