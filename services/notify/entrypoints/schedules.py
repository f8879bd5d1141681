"""What notify does by itself, and how often."""

from datetime import timedelta

from services.notify.adapters.due import DueMails
from services.notify.entrypoints.delivery import Sender
from services.notify.settings import NotifySettings
from shared.process import Schedule

_RENEWALS_PER_LEASE = 3


def schedules(settings: NotifySettings, sender: Sender, due: DueMails) -> tuple[Schedule, ...]:
    """Sending, recording, holding on, measuring, forgetting."""
    return (
        Schedule("take due mails", settings.delivery_poll_seconds, sender.take),
        Schedule("record outcomes", settings.record_seconds, sender.record),
        Schedule("renew leases", settings.lease_seconds / _RENEWALS_PER_LEASE, sender.renew),
        Schedule("measure mails", 5.0, sender.measure),
        Schedule("forget what is over", 60.0, lambda: due.forget(timedelta(days=settings.keep_days))),
    )
