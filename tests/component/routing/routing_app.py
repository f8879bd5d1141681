"""Routing as a program on topics of a test's own: `python -m tests.component.routing.routing_app all`."""

from pathlib import Path
from typing import Any

import services.routing
from services.routing.app import build
from services.routing.settings import RoutingSettings
from shared.composition import Assembly
from shared.contracts.events.routing import ResponsibilityEvent
from shared.main import Program, main
from shared.messaging.broker import Subscription
from shared.process import Service


class OwnTopics(RoutingSettings):
    """Where the test publishes and listens."""

    test_cases: str
    test_directory: str
    test_out: str


def build_on_own_topics(settings: OwnTopics) -> Service:
    """Routing, with groups that no other test shares."""
    ResponsibilityEvent.topic = lambda self: settings.test_out  # type: ignore[method-assign]
    with_group = Assembly.subscription

    def subscription(self: Assembly, slot: int, group: str, *rest: Any, **options: Any) -> Subscription:
        return with_group(self, slot, f"{group}-{settings.test_cases}", *rest, **options)

    Assembly.subscription = subscription  # type: ignore[method-assign]
    return build(settings, settings.test_cases, settings.test_directory)


if __name__ == "__main__":
    migrations = Path(services.routing.__file__).parent / "migrations"
    main(Program("routing", OwnTopics, build_on_own_topics, migrations))
