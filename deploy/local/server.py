"""What Kafka, PostgreSQL, the mailbox and the services have in common as processes of this machine."""

import os
import signal
from abc import ABC, abstractmethod
from typing import ClassVar, Self

from deploy.local.errors import NotReady
from deploy.local.home import Home
from deploy.local.process import LocalProcess
from deploy.local.progress import say, wait_until

ADOPT_WITHIN = 10.0
"""Seconds that a server found running gets to answer before it is killed and started anew."""


class LocalServer(ABC):
    """A server to start, find again, pause, kill and restart. Every call blocks until it is done."""

    ready_within: ClassVar[float] = 120.0
    stops_within: ClassVar[float] = 20.0
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    run_as: str | None = None

    def __init__(self, home: Home, name: str, *, tied: bool = True) -> None:
        self.home = home
        self.name = name
        self.process = LocalProcess(home, name, tied=tied)
        self.found_running = False

    @abstractmethod
    def prepare(self) -> None:
        """Make what the first start needs; cheap when it is there already."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command line; never with a password in it."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it does its work now; must not raise."""

    def environment(self) -> dict[str, str]:
        """The environment of the process."""
        return dict(os.environ)

    def start(self) -> Self:
        """Make sure that it runs and answers: the one that runs already, else a new one.

        Raises NotReady when it does not answer in time, LocalStackError when something is missing.
        """
        with self.home.lock(self.name):
            self.found_running = self._adopt()
            if not self.found_running:
                self.prepare()
                say(f"{self.name}: starting")
                self.process.start(self.command(), self.environment(), self.run_as)
                self._wait_until_ready(self.ready_within)
                say(f"{self.name}: ready")
        return self

    def kill(self) -> None:
        """End it without any warning, as a power cut would."""
        self.process.kill()

    def pause(self) -> None:
        """Freeze it: it keeps its connections and answers nothing."""
        self.process.pause()

    def resume(self) -> None:
        """Let a paused one go on."""
        self.process.resume()

    def stop(self) -> None:
        """End it in good order, and by force if that takes too long."""
        self.process.end(self.stop_signal, self.stops_within)

    def restart(self) -> Self:
        """End it in good order if it runs, start it, and wait until it answers."""
        self.stop()
        return self.start()

    def _adopt(self) -> bool:
        if not self.process.alive:
            return False
        self.resume()
        try:
            self._wait_until_ready(ADOPT_WITHIN)
        except NotReady:
            say(f"{self.name}: runs, but does not answer; starting it anew")
            self.kill()
            return False
        return True

    def _wait_until_ready(self, within: float) -> None:
        wait_until(self.answers, self.name, within, self.process.log, lambda: self.process.alive)
