"""The toy as a program: `python -m tests.component.machinery.toy_app all`."""

from collections.abc import Sequence
from pathlib import Path

from shared.composition import Assembly
from shared.main import Program, main
from shared.messaging.broker import Subscription
from shared.process import Service
from shared.settings import ServiceSettings
from tests.component.machinery.toy import HANDLERS, Noted, TellPortal, ToyWork


class ToySettings(ServiceSettings):
    """Where the toy listens and tells."""

    toy_in: str
    toy_out: str


def build(settings: ToySettings) -> Service:
    """The toy, put together like any service; it signs in and publishes as intake."""
    Noted.topic = lambda self: settings.toy_out  # type: ignore[method-assign]
    assembly = Assembly("intake", settings, HANDLERS, ToyWork, TellPortal())

    def subscribe(slot: int) -> tuple[Sequence[Subscription], Sequence[Subscription]]:
        group = f"intake-{settings.toy_in}"
        return (), (assembly.subscription(slot, group, assembly.runner.take, topics=[settings.toy_in]),)

    return assembly.finish(subscribe)


if __name__ == "__main__":
    main(Program("toy", ToySettings, build, Path("unused")))
