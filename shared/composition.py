"""The parts that every service is put together from, so that each `app.py` only names what is its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import FastAPI
from faststream.kafka import KafkaBroker

from shared.clock import utc_now
from shared.database.pool import Database
from shared.http.app import new_app
from shared.http.commands import Commands
from shared.inbox.upkeep import keep_inbox
from shared.messaging.batch import Parts, Replies
from shared.messaging.broker import Subscription, Take, new_broker, new_publisher
from shared.messaging.group_commit import GroupCommit
from shared.messaging.handlers import Handlers
from shared.messaging.heard import Freshness, HeardTopics
from shared.messaging.progress import Progress
from shared.messaging.runner import BatchRunner
from shared.messaging.slots import Slot
from shared.messaging.work import Work
from shared.observability.depth import measure_depth
from shared.observability.invariants import watch_invariants
from shared.outbox.publisher import Publisher
from shared.outbox.relay import Relay
from shared.process import Schedule, Service
from shared.security.keys import Verifier
from shared.settings import ServiceSettings


@dataclass(slots=True)
class Assembly:
    """One service under construction. `projections` says how many partitions each projection topic has."""

    name: str
    settings: ServiceSettings
    handlers: Handlers
    new_work: Callable[[], Work]
    replies: Replies
    projections: dict[str, int] = field(default_factory=dict)
    invariants: Mapping[str, str] = field(default_factory=dict)
    seal: Callable[[bytes], bytes] | None = None
    on_commit: list[Callable[[], None]] = field(default_factory=list)
    planner: dict[str, str] = field(default_factory=dict)
    database: Database = field(init=False)
    relay: Relay = field(init=False)
    runner: BatchRunner = field(init=False)
    freshness: Freshness | None = field(init=False, default=None)
    verifier: Verifier = field(init=False)
    commands: Commands = field(init=False)
    broker: KafkaBroker = field(init=False)
    app: FastAPI = field(init=False)
    service: Service | None = field(init=False, default=None)
    progress: Progress = field(init=False, default_factory=Progress)

    def __post_init__(self) -> None:
        url = self.settings.database_url.get_secret_value()
        self.database = Database(
            url, name=self.name, max_connections=self.settings.database_connections, planner=self.planner
        )
        self.relay = Relay(url, self._new_publisher, name=self.name)
        self.on_commit.append(self.relay.wake)
        parts = Parts(self.name, self.handlers, self.new_work, self.replies, self.settings.release, self.seal)
        self.runner = BatchRunner(parts, self.database, utc_now, self._committed)
        if self.projections:
            stale = timedelta(seconds=self.settings.directory_stale_after)
            self.freshness = Freshness(self.database, utc_now, self.projections, stale)
        self.verifier = Verifier(self.database, utc_now, self.name)
        self.commands = Commands(GroupCommit(self.runner), self.verifier, self.freshness, utc_now)
        self.broker = new_broker(self.settings, self.name)
        self.app = new_app(
            f"Vårdväxel {self.name}",
            body_limit=self.settings.http_body_limit,
            alive=self.progress.stuck,
            ready=self._not_ready,
        )

    def subscription(
        self, slot: int, group: str, take: Take, *, topics: Sequence[str] = (), pattern: str | None = None
    ) -> Subscription:
        """A consumer with a static membership made from the instance's number."""
        instance = f"{group}-{slot}"
        return Subscription(
            self.broker, self.settings, take, group=group, instance=instance, topics=topics, pattern=pattern
        )

    def projection(self, slot: int, topics: Sequence[str]) -> Subscription:
        """The consumer of the topics that our projections come from, in a group of its own."""
        heard = HeardTopics(self.runner, self.database)
        heard.subscription = self.subscription(slot, f"{self.name}-directory", heard.take, topics=topics)
        return heard.subscription

    def finish(
        self,
        subscribe: Callable[[int], tuple[Sequence[Subscription], Sequence[Subscription]]],
        schedules: Sequence[Schedule] = (),
    ) -> Service:
        """The service, ready to run."""
        own = (
            Schedule("inbox upkeep", 3600.0, lambda: keep_inbox(self.database, utc_now)),
            Schedule("signing keys", 5.0, self.verifier.refresh),
            Schedule("depth", 5.0, lambda: measure_depth(self.database)),
            Schedule("invariants", 3600.0, lambda: watch_invariants(self.database, self.invariants)),
        )
        self.service = Service(
            self.name,
            self.database,
            self.runner,
            self.relay,
            Slot(self.settings.database_url.get_secret_value(), self.name),
            self.app,
            self.settings.http_host,
            self.settings.http_port,
            subscribe,
            self.freshness,
            (*own, *schedules),
            closed=(self.broker.stop,),
            progress=self.progress,
        )
        return self.service

    def _committed(self) -> None:
        for act in self.on_commit:
            act()

    async def _new_publisher(self) -> Publisher:
        publisher = new_publisher(self.settings, f"{self.name}-relay")
        await publisher.start()
        return publisher

    def _not_ready(self) -> list[str]:
        wrong = []
        if self.service is None or not self.service.ready:
            wrong.append("starting or stopping")
        if self.freshness is not None and not self.freshness.complete:
            wrong.append("directory and catalogue are not yet read to their ends")
        return wrong
