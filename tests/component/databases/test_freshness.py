"""How fresh the directory is: measured, alarmed, and nothing decided by one that is incomplete or too old."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import yaml
from aiokafka import TopicPartition
from joserfc.jwk import OKPKey
from prometheus_client import REGISTRY

from deploy.local.choose import Infrastructure
from shared.contracts.events.admin import CatalogueHeartbeatSent, HeartbeatSent, SigningKeyPublished
from shared.contracts.topics import CATALOGUE_EVENTS, DIRECTORY_EVENTS, Topic
from shared.messaging.heard import Freshness, HeardTopics
from shared.process import Service
from shared.security.tokens import Actor, issue
from shared.testing.records import FakeRecord, a_record
from tests.component.databases.reader import ANNA, READERS, Reader, an_account, settings_of

ALERTS = Path(__file__).parents[3] / "deploy/observability/alerts.yml"
TOPICS: dict[str, tuple[Topic, ...]] = {
    "intake": (DIRECTORY_EVENTS, CATALOGUE_EVENTS),
    "routing": (DIRECTORY_EVENTS,),
    "notify": (DIRECTORY_EVENTS,),
}
LOOKS = {"intake": f"/cases/{uuid4()}", "routing": f"/cases/{uuid4()}", "notify": f"/notifications/{uuid4()}"}
"""A request that is decided by the directory: with a fresh one it is answered that there is no such thing."""
KEY = OKPKey.generate_key("Ed25519", {"kid": "fresh", "alg": "Ed25519"})


class FakeSubscription:
    """A consumer that knows where each partition ends."""

    def __init__(self, ends: dict[TopicPartition, int]) -> None:
        self.consumer = self
        self._ends = ends

    def assignment(self) -> Sequence[TopicPartition]:
        return list(self._ends)

    def highwater(self, place: TopicPartition) -> int:
        return self._ends[place]


class Watched:
    """A service whose directory is heard as the test wants, at a time that the test sets."""

    def __init__(self, reader: Reader, service: Service) -> None:
        assert service.freshness is not None
        self.freshness: Freshness = service.freshness
        self.now = datetime.now(UTC)
        self.freshness._clock = lambda: self.now
        self._reader = reader
        self._heard = HeardTopics(service.runner, service.database)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(service.app), base_url="http://it")

    async def hear(self, *, behind: int = 0, but: tuple[str, int] | None = None) -> None:
        """A heartbeat of now from each partition (`but` one), each followed by so many records not yet read."""
        for topic in TOPICS[self._reader.service]:
            for partition in range(topic.partitions):
                if but != (topic.name, partition):
                    await self._beat(topic.name, partition, behind)
        await self.freshness.look()

    async def _beat(self, topic: str, partition: int, behind: int) -> None:
        kind = HeartbeatSent if topic == DIRECTORY_EVENTS.name else CatalogueHeartbeatSent
        record: FakeRecord = a_record(
            kind(version=1, at=self.now, beat=f"beat-{partition}"),
            headers={"ce_time": self.now.isoformat().encode()},
        )
        record.partition = partition
        end = record.offset + 1 + behind
        subscription: Any = FakeSubscription({TopicPartition(topic, partition): end})
        self._heard.subscription = subscription
        await self._heard.take([record])

    async def look(self) -> httpx.Response:
        """What Anna is answered."""
        token = issue(Actor("staff", ANNA), KEY, datetime.now(UTC), audience=(self._reader.service,))
        headers = {"Authorization": f"Bearer {token}"}
        return await self.http.get(LOOKS[self._reader.service], headers=headers)

    async def ready(self) -> bool:
        """What `/readyz` says."""
        answer = await self.http.get("/readyz")
        assert answer.status_code in (200, 503)
        return answer.status_code == 200


@pytest.fixture
async def watched(infrastructure: Infrastructure, reader: Reader) -> AsyncIterator[Watched]:
    key = SigningKeyPublished(
        key_id="fresh", version=1, at=datetime.now(UTC), public_jwk=KEY.as_dict(private=False)
    )
    await reader.take(a_record(an_account()), a_record(key))
    settings = settings_of(infrastructure, reader.service, reader.database.url)
    assert settings.directory_stale_after == 300
    service: Service = import_module(f"services.{reader.service}.app").build(settings)
    await service.database.open()
    service.ready = True
    watched = Watched(reader, service)
    yield watched
    await watched.http.aclose()
    await service.database.close()


@pytest.mark.parametrize("service", READERS)
async def test_nothing_is_decided_before_every_partition_was_read_to_its_end(
    watched: Watched, service: str
) -> None:
    last = TOPICS[service][-1]
    for missing in ({"behind": 1}, {"but": (last.name, last.partitions - 1)}):
        await watched.hear(**missing)
        assert not await watched.ready()
        refused = await watched.look()
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    await watched.hear()
    assert await watched.ready()
    assert (await watched.look()).status_code == 404
    await watched.hear(behind=1000)
    assert await watched.ready(), "once is enough: what comes later is lag"


@pytest.mark.parametrize("service", READERS)
async def test_silence_is_measured_alarmed_after_5_seconds_and_ends_all_acts_after_5_minutes(
    watched: Watched, service: str
) -> None:
    await watched.hear()
    heard_at = watched.now
    [alert] = [
        rule
        for rule in yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]
        if rule["alert"] == "DirectoryStale"
    ]
    assert (alert["expr"], alert["for"]) == ("vardvaxel_directory_age_seconds > 5", "0m")
    for seconds, status in ((4, 404), (6, 404), (299, 404), (301, 503)):
        watched.now = heard_at + timedelta(seconds=seconds)
        await watched.freshness.look()
        assert REGISTRY.get_sample_value("vardvaxel_directory_age_seconds") == seconds
        assert (await watched.look()).status_code == status
        assert await watched.ready(), "it still answers, if only to refuse"
    await watched.hear(but=(DIRECTORY_EVENTS.name, 0))
    assert (await watched.look()).status_code == 503, "the partition that is silent decides"
    await watched.hear()
    assert (await watched.look()).status_code == 404
