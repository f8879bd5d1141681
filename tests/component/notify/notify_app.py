"""Notify as a program on topics of a test's own: `python -m tests.component.notify.notify_app all`."""

from pathlib import Path
from typing import Any

import services.notify
from services.notify.app import build
from services.notify.settings import NotifySettings
from shared.composition import Assembly
from shared.contracts.events.notify import NotificationEvent
from shared.main import Program, main
from shared.messaging.broker import Subscription
from shared.process import Service


class OwnTopics(NotifySettings):
    """Where the test publishes and listens."""

    test_facts: str
    test_directory: str
    test_out: str


def build_on_own_topics(settings: OwnTopics) -> Service:
    """Notify, with groups that no other test shares."""
    NotificationEvent.topic = lambda self: settings.test_out  # type: ignore[method-assign]
    with_group = Assembly.subscription

    def subscription(self: Assembly, slot: int, group: str, *rest: Any, **options: Any) -> Subscription:
        return with_group(self, slot, f"{group}-{settings.test_facts}", *rest, **options)

    Assembly.subscription = subscription  # type: ignore[method-assign]
    return build(settings, settings.test_facts, settings.test_directory)


if __name__ == "__main__":
    migrations = Path(services.notify.__file__).parent / "migrations"
    main(Program("notify", OwnTopics, build_on_own_topics, migrations))
