"""Intake running in this process, and its neighbours played by hand: a portal, admin and routing."""

import asyncio
import base64
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
from aiokafka import AIOKafkaProducer
from joserfc.jwk import OKPKey
from pydantic import SecretStr

from deploy.local.choose import Infrastructure
from services.intake.app import build
from services.intake.settings import IntakeSettings
from shared.contracts.clinic_settings import LocalText
from shared.contracts.commands.intake import PersonId, SubmitCase
from shared.contracts.envelope import Envelope
from shared.contracts.events.admin import (
    CaseTypePublished,
    ClinicPublished,
    Distribution,
    Permission,
    PortalPublished,
    Role,
    SigningKeyPublished,
    StaffAccountPublished,
)
from shared.contracts.events.routing import CaseAssigned
from shared.contracts.message import Message
from shared.contracts.topics import CATALOGUE_EVENTS, DIRECTORY_EVENTS
from shared.messaging.consumer import Consumer
from shared.process import Service
from shared.security.tokens import Actor, issue
from shared.settings import Environment
from shared.testing.eventually import PATIENCE, eventually

_RUN = uuid4().hex[:6].upper()
CLINIC, ELSEWHERE, ANNA, BO, RUT, ADA, EVA, VERA, GRETA, NOBODY = (
    f"SE2321000016-{name}{_RUN}"
    for name in ("IN", "ELSE", "ANNA", "BO", "RUT", "ADA", "EVA", "VERA", "GRETA", "NOBODY")
)
"""Anna and Bo are caregivers, Rut is a receiver, Ada an administrator; Eva is a receiver elsewhere.
Nobody else's run knows them."""
PORTAL, OTHER = "intake-one", "intake-two"
RENEWAL, GONE = f"renewal-{_RUN.lower()}", f"gone-{_RUN.lower()}"
KEY_ID = f"key-{_RUN}"
PERSON = PersonId(kind="personnummer", value="198112289874")
SEALING_KEY, REFERENCE_KEY = b"s" * 32, b"r" * 32
KEY = OKPKey.generate_key("Ed25519", {"kid": KEY_ID, "alg": "Ed25519"})


def a_case(case_id: UUID | None = None, **fields: Any) -> SubmitCase:
    """A case that is accepted, unless the fields given here are wrong."""
    stated: dict[str, Any] = {
        "case_id": case_id or uuid4(),
        "clinic_id": CLINIC,
        "case_type": RENEWAL,
        "citizen": PERSON,
        "citizen_name": "Tolvan Tolvansson",
        "form": an_answered_form(),
    }
    return SubmitCase(**(stated | fields))


def an_answered_form(text: str = "Levaxin") -> dict[str, Any]:
    return {"item": [{"linkId": "medicine", "answer": [{"valueString": text}]}]}


def an_answer(text: str = "Receptet är förnyat.") -> dict[str, Any]:
    return {"item": [{"linkId": "message", "answer": [{"valueString": text}]}]}


def a_form(link_id: str, text: str) -> dict[str, Any]:
    question = {"linkId": link_id, "text": text, "type": "text", "required": True, "maxLength": 2000}
    return {"resourceType": "Questionnaire", "language": "sv", "status": "active", "item": [question]}


def assigned(case_id: UUID, holder: str = ANNA, epoch: int = 1, version: int | None = None) -> CaseAssigned:
    now = datetime.now(UTC)
    return CaseAssigned(
        case_id=case_id,
        version=version or epoch + 1,
        clinic_id=CLINIC,
        at=now,
        holder=holder,
        epoch=epoch,
        by=RUT,
    )


class Stage:
    """What tests do and see. Outcomes and events are collected from the topics as they come."""

    def __init__(self, service: Service, producer: AIOKafkaProducer, http: httpx.AsyncClient) -> None:
        self.service = service
        self.http = http
        self.seen: list[tuple[str, str, dict[str, Any]]] = []
        self._producer = producer

    async def tell(self, message: Message, topic: str = "", *, id_: str = "", **headers: bytes) -> str:
        """Publish one message as a portal or a neighbour would; gives its id."""
        envelope = Envelope(id_ or str(uuid4()), message.TYPE, "/test", datetime.now(UTC), message.key())
        stated = dict(envelope.headers()) | headers
        await self.tell_raw(
            topic or message.topic(), message.key(), message.model_dump_json().encode(), stated
        )
        return envelope.id

    async def tell_raw(self, topic: str, key: str, value: bytes, headers: dict[str, bytes]) -> None:
        await self._producer.send_and_wait(topic, value, key.encode(), headers=list(headers.items()))

    async def tell_many(self, messages: Sequence[Message], topic: str) -> list[str]:
        """Publish all of them in as few requests as may be; gives their ids."""
        ids, sent = [], []
        for message in messages:
            envelope = Envelope(str(uuid4()), message.TYPE, "/test", datetime.now(UTC), message.key())
            value = message.model_dump_json().encode()
            key = message.key().encode()
            sent.append(await self._producer.send(topic, value, key, headers=envelope.headers()))
            ids.append(envelope.id)
        await asyncio.gather(*sent)
        return ids

    async def submit(self, command: SubmitCase | None = None, portal: str = PORTAL) -> tuple[UUID, str]:
        command = command or a_case()
        return command.case_id, await self.tell(command, f"intake.{portal}.commands")

    async def outcome(self, command_id: str) -> dict[str, Any]:
        """What the portal was told about its command."""

        def look() -> dict[str, Any] | None:
            found = (
                body | {"type": type_} for _, type_, body in self.seen if body.get("command_id") == command_id
            )
            return next(found, None)

        result: dict[str, Any] = await eventually(look, f"an outcome of {command_id}")
        return result

    def events_of(self, case_id: UUID, topic: str = "intake.case.events") -> list[tuple[str, dict[str, Any]]]:
        """The facts about a case that this topic has carried, by the word in their type."""
        return [
            (type_.split(".")[1], body)
            for place, type_, body in self.seen
            if place == topic and body.get("case_id") == str(case_id)
        ]

    async def received(self, case_id: UUID) -> None:
        """Wait until routing could hear of the case."""
        await eventually(lambda: self.events_of(case_id), "CaseReceived")

    async def row(self, case_id: UUID) -> Any:
        rows = await self.service.database.fetch("SELECT * FROM cases WHERE id = $1", case_id)
        return rows[0] if rows else None

    async def stored(self, **fields: Any) -> UUID:
        """A case that intake has taken."""
        command = a_case(**fields)
        case_id, command_id = await self.submit(command)
        assert (await self.outcome(command_id))["type"] == "intake.command-accepted.v1"
        return case_id

    async def held(self, holder: str = ANNA) -> UUID:
        """A case that somebody holds."""
        case_id = await self.stored()
        await self.hand(case_id, holder)
        return case_id

    async def hand(self, case_id: UUID, holder: str, epoch: int = 1) -> None:
        await self.tell(assigned(case_id, holder, epoch))
        await eventually(lambda: self._holds(case_id, holder), f"{holder} holding the case")

    async def _holds(self, case_id: UUID, holder: str) -> bool:
        row = await self.row(case_id)
        return row is not None and row["holder"] == holder

    async def ask(
        self,
        who: str,
        method: str,
        path: str,
        *,
        seen: int | None = None,
        by: Actor | None = None,
        **options: Any,
    ) -> httpx.Response:
        """A request by a staff member, or by a portal; `by` is what the token says, where it says more."""
        kind: Any = "portal" if who in (PORTAL, OTHER) else "staff"
        token = issue(by or Actor(kind, who), KEY, datetime.now(UTC), audience=("intake",))
        headers = {"Authorization": f"Bearer {token}"} | options.pop("headers", {})
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return await self.http.request(method, path, headers=headers, **options)

    async def _listen(self, consumer: Consumer) -> None:
        async for record in consumer:
            headers = dict(record.headers)
            if "ce_type" in headers:
                body = orjson.loads(record.value) | {"ce_id": headers["ce_id"].decode()}
            else:
                body = {"raw": record.value, "headers": headers}
            self.seen.append((record.topic, headers.get("ce_type", b"").decode(), body))


def settings_for(infrastructure: Infrastructure, database: str) -> IntakeSettings:
    login = infrastructure.login("intake")
    return IntakeSettings(
        sealing_key=SecretStr(base64.b64encode(SEALING_KEY).decode()),
        patient_reference_key=SecretStr(base64.b64encode(REFERENCE_KEY).decode()),
        environment=Environment.DEVELOPMENT,
        database_url=SecretStr(infrastructure.databases.url("intake", database)),
        kafka_servers=login.servers,
        kafka_user=login.user or "",
        kafka_password=SecretStr(login.password or ""),
    )


@asynccontextmanager
async def running(infrastructure: Infrastructure, database: str) -> AsyncIterator[Stage]:
    """Intake as it runs, less the web server: requests reach its app in process."""
    service = build(settings_for(infrastructure, database))
    topics = ("intake.case.events", f"intake.{PORTAL}.outcomes", f"intake.{OTHER}.outcomes")
    login = infrastructure.kafka.for_aiokafka()
    async with (
        _opened(service) as slot,
        AIOKafkaProducer(**login) as producer,
        Consumer(
            *topics,
            "intake.dead-letters",
            "admin.access-log.commands",
            auto_offset_reset="earliest",
            **login,
        ) as consumer,
        httpx.AsyncClient(transport=httpx.ASGITransport(service.app), base_url="http://intake") as http,
    ):
        stage = Stage(service, producer, http)
        await _tell_directory(stage)
        async with (
            _in_background(service.relay.run(), stage._listen(consumer)),
            _consuming(service, slot),
            _in_background(_retrying(service)),
        ):
            yield stage


@asynccontextmanager
async def _opened(service: Service) -> AsyncIterator[int]:
    await service.database.open()
    try:
        yield await service.slot.claim()
    finally:
        service.slot.release()
        await service.database.close()


@asynccontextmanager
async def _consuming(service: Service, slot: int) -> AsyncIterator[None]:
    projections, others = service.subscribe(slot)
    assert service.freshness is not None
    async with AsyncExitStack() as leaving:
        for subscription in projections:
            leaving.push_async_callback(subscription.stop)
            await subscription.start()
        async with asyncio.timeout(PATIENCE):
            await service.freshness.wait_until_complete()
        for subscription in others:
            leaving.push_async_callback(subscription.stop)
            await subscription.start()
        yield


@asynccontextmanager
async def _in_background(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(it) for it in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _retrying(service: Service) -> None:
    while True:
        await service.runner.retry_parked()
        await asyncio.sleep(0.2)


CLOSING = LocalText(sv="Vi avvecklas. Välj Backa i stället.")


async def _tell_directory(stage: Stage) -> None:
    now = datetime.now(UTC)
    common: dict[str, Any] = {"version": int(now.timestamp()), "at": now}
    clinic = {"distribution": Distribution.MANUAL, "case_types": {RENEWAL, GONE}, **common}
    facts: list[Message] = [
        ClinicPublished(clinic_id=CLINIC, name="Backa", active=True, **clinic),
        ClinicPublished(clinic_id=ELSEWHERE, name="Norra", active=False, closing=CLOSING, **clinic),
        PortalPublished(portal_id=PORTAL, name="Karlstad", active=True, **common),
        PortalPublished(portal_id=OTHER, name="Arvika", active=True, **common),
        SigningKeyPublished(key_id=KEY_ID, public_jwk=KEY.as_dict(private=False), **common),
        _a_type(RENEWAL, 1, "old", now),
        _a_type(RENEWAL, 2, "medicine", now),
        _a_type(GONE, 1, "medicine", now, active=False),
        *(
            _account(id_, name, role, now)
            for id_, name, role in (
                (ANNA, "Anna Ask", Role.CAREGIVER),
                (BO, "Bo Bok", Role.CAREGIVER),
                (RUT, "Rut Rönn", Role.RECEIVER),
                (ADA, "Ada Alm", Role.CLINIC_ADMIN),
                (GRETA, "Greta Gran", Role.REVIEWER),
            )
        ),
        StaffAccountPublished(
            staff_id=EVA,
            name="Eva Ek",
            permissions=(Permission(clinic_id=ELSEWHERE, roles={Role.RECEIVER}),),
            **common,
        ),
    ]
    for fact in facts:
        await stage.tell(fact)
    for topic in (DIRECTORY_EVENTS, CATALOGUE_EVENTS):
        for partition in range(topic.partitions):
            envelope = Envelope(str(uuid4()), "admin.heartbeat-sent.v1", "/test", now)
            body = b'{"version":1,"at":"%s","beat":"b"}' % now.isoformat().encode()
            await stage._producer.send_and_wait(topic.name, body, b"b", partition, headers=envelope.headers())


def _a_type(name: str, version: int, link_id: str, now: datetime, active: bool = True) -> CaseTypePublished:
    return CaseTypePublished(
        case_type=name,
        version=version,
        at=now,
        name_sv="Förnya recept",
        name_en="Renew",
        active=active,
        question_form=a_form(link_id, "Vilket läkemedel?"),
        answer_form=a_form("message", "Meddelande"),
    )


def _account(id_: str, name: str, role: Role, now: datetime) -> StaffAccountPublished:
    permission = Permission(clinic_id=CLINIC, roles=frozenset({role}))
    return StaffAccountPublished(
        staff_id=id_, version=1, at=now, name=name, title="Läkare", permissions=(permission,)
    )
