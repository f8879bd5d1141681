"""Admin's part: clinics, caregivers, a case type, a portal, and a heartbeat each second, straight to the topics.

So the benchmark needs no admin. The same facts come the same way as from the real one.
"""

import threading
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from confluent_kafka import Producer

from deploy.local.kafka_login import KafkaLogin
from shared.contracts.envelope import Envelope
from shared.contracts.events.admin import (
    CaseTypePublished,
    CatalogueHeartbeatSent,
    ClinicPublished,
    Distribution,
    HeartbeatSent,
    Permission,
    PortalPublished,
    Role,
    StaffAccountPublished,
)
from shared.contracts.message import Event
from shared.contracts.topics import DIRECTORY_PARTITIONS
from tests.bench.load import CASE_TYPE, LONGEST_TEXT, PORTAL, clinic_ids
from tests.bench.profile import Profile

BEAT_SECONDS = 1.0


class Directory:
    """Publishes the directory when entered, and then beats until it is left. `more` is published with it."""

    def __init__(self, login: KafkaLogin, profile: Profile, more: tuple[Event, ...] = ()) -> None:
        settings: dict[str, Any] = {"enable.idempotence": True, "acks": "all", "linger.ms": 5, "log_level": 0}
        self._producer = Producer(login.for_confluent() | settings)
        self._profile = profile
        self._more = more
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        for message in (*directory(self._profile), *self._more):
            self.publish(message)
        self._beat_once()
        self._producer.flush()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The broker may be gone by now: what has not been sent is nobody's loss."""
        self._stop.set()
        self._thread.join()
        self._producer.purge()

    def publish(self, message: Event, partition: int | None = None) -> None:
        """One fact, to the partition of its key."""
        envelope = Envelope(str(uuid4()), message.TYPE, "/vardvaxel/admin", datetime.now(UTC), message.key())
        key = message.key().encode()
        place = zlib.crc32(key) % DIRECTORY_PARTITIONS if partition is None else partition
        value = message.model_dump_json().encode()
        headers: list[tuple[str, str | bytes | None]] = [*envelope.headers()]
        self._producer.produce(message.topic(), value, key, place, headers=headers)
        self._producer.poll(0)

    def _beat(self) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            self._beat_once()
            self._producer.poll(0)

    def _beat_once(self) -> None:
        now, version = datetime.now(UTC), int(time.time() * 1000)
        for number in range(DIRECTORY_PARTITIONS):
            self.publish(HeartbeatSent(version=version, at=now, beat=f"directory-{number}"), number)
            self.publish(CatalogueHeartbeatSent(version=version, at=now, beat=f"catalogue-{number}"), number)


def directory(profile: Profile) -> Iterator[Event]:
    """Every clinic shares its queue out by round robin among its own caregivers, who all are present."""
    now = datetime.now(UTC)
    yield CaseTypePublished(
        case_type=CASE_TYPE,
        version=1,
        at=now,
        name_sv="Ställ en fråga",
        name_en="Ask a question",
        active=True,
        question_form=_form(
            {
                "linkId": "reason",
                "text": "Vad vill du fråga?",
                "type": "text",
                "required": True,
                "maxLength": LONGEST_TEXT,
            },
            {"linkId": "since", "text": "Sedan när?", "type": "date"},
            {"linkId": "contact", "text": "Hur vill du få svar?", "type": "choice", "answerOption": _OPTIONS},
        ),
        answer_form=_form({"linkId": "answer", "text": "Svar", "type": "text", "required": True}),
    )
    yield PortalPublished(portal_id=PORTAL, version=1, at=now, name="Mätportalen", active=True)
    for number, clinic_id in enumerate(clinic_ids(profile.clinics)):
        yield ClinicPublished(
            clinic_id=clinic_id,
            version=1,
            at=now,
            name=f"Mottagning {number}",
            active=True,
            distribution=Distribution.ROUND_ROBIN,
            case_types=frozenset({CASE_TYPE}),
        )
        yield from (_caregiver(clinic_id, number, place, now) for place in range(profile.caregivers))


_OPTIONS = [
    {"valueCoding": {"code": code, "display": display}}
    for code, display in (("message", "Här"), ("telephone", "Per telefon"))
]


def _form(*items: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Questionnaire", "language": "sv", "status": "active", "item": list(items)}


def _caregiver(clinic_id: str, clinic: int, place: int, now: datetime) -> Event:
    return StaffAccountPublished(
        staff_id=f"SE2321000016-V{clinic:04X}{place:03X}",
        version=1,
        at=now,
        name=f"Vårdgivare {clinic}.{place}",
        permissions=(Permission(clinic_id=clinic_id, roles=frozenset({Role.CAREGIVER})),),
    )
