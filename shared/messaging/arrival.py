"""One message on its way through a batch, whether a record from the broker or a command from HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Protocol
from uuid import UUID

from pydantic import ValidationError

from shared.contracts.catalogue import BY_TYPE, version_of
from shared.contracts.catalogue import COMMANDS as WISHES
from shared.contracts.envelope import (
    MAX_HEADER,
    Envelope,
    EnvelopeFault,
    derived_text,
    inbox_id,
    message_uuid,
    read_envelope,
)
from shared.contracts.message import Message
from shared.contracts.topics import COMPACTED
from shared.errors import Refused, Unreadable
from shared.faults import Fault
from shared.inbox.claim import Mark, in_window
from shared.messaging.faults import TIME_OUT_OF_WINDOW, faults_of

COMMANDS = ".commands"
"""How the names of topics end that others write their wishes to."""
_WISHES: Mapping[str, type[Message]] = {command.TYPE: command for command in WISHES}
"""What may come by such a topic: a fact is its owner's to tell, and a portal that tells one is not believed."""


class Record(Protocol):
    """What we need of a record, as aiokafka hands it out. `timestamp` is in milliseconds since 1970."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


class UnknownVersion(Exception):
    """A version of a known type that this release can't read yet: it is parked until one can."""


class UnknownType(Exception):
    """A type that nobody here knows."""


@dataclass(slots=True, eq=False)
class Arrival:
    """A message as far as it could be read.

    At most one of `faults`, `unreadable`, `unknown_version` and `unknown_type` is set, and then `body` is None.
    `line` names the case (or other entity) whose messages keep their order. Whole states stand in no line: of them the
    newest counts, and must not wait behind one that can't be handled.
    """

    envelope: Envelope
    line: str
    body: Message | None = None
    record: Record | None = None
    mark: Mark | None = None
    faults: tuple[Fault, ...] = ()
    unreadable: str = ""
    unknown_version: bool = False
    unknown_type: bool = False
    parked_id: int | None = None
    """Its row in `parked`, if it comes from there."""
    overdue: bool = False
    """It has waited as long as it may for what it speaks about."""
    actor: Any = None
    """Who sent it by HTTP, as the token says; None for records."""
    idempotency_key: str = ""
    answer: Any = None
    """What the use case returned, as plain JSON; or the exception that refused it."""

    @property
    def topic(self) -> str:
        """The topic that it came by; empty for HTTP."""
        return self.record.topic if self.record is not None else ""

    @property
    def whole_state(self) -> bool:
        """It says all that there is to know of its entity, and came by a compacted topic."""
        return self.topic in COMPACTED


def read_record(record: Record, now: datetime | None) -> Arrival:
    """Read one record as far as possible; never raises. Without `now` the age is not looked at."""
    try:
        envelope = read_envelope(record.headers)
    except EnvelopeFault as fault:
        envelope = Envelope(_stated_id(record) or _place(record), "", record.topic, _stored_at(record))
        arrival = Arrival(envelope, _line(record), None, record, unreadable=f"header {fault}")
        arrival.mark = None if arrival.whole_state else _mark_of_place(record, now)
        return arrival
    arrival = Arrival(envelope, "", None, record)
    whole_state = arrival.whole_state
    arrival.mark = None if whole_state else _mark(record, envelope)
    try:
        if now is not None and not whole_state and not in_window(envelope.time, now):
            arrival.mark = _mark_of_place(record, now)
            raise Refused(TIME_OUT_OF_WINDOW)
        known = _WISHES if record.topic.endswith(COMMANDS) else BY_TYPE
        arrival.body = read_body(type_of(envelope.type, known), record.value)
        if not whole_state:
            arrival.line = arrival.body.key()
    except UnknownType:
        arrival.unknown_type = True
    except UnknownVersion:
        arrival.unknown_version = True
    except Unreadable as fault:
        arrival.unreadable = str(fault)
    except Refused as refusal:
        arrival.faults = refusal.faults
    if not arrival.line:
        arrival.line = _line(record)
    return arrival


def type_of(name: str, known: Mapping[str, type[Message]] = BY_TYPE) -> type[Message]:
    """The class of a type, among those that may come this way. Raises UnknownVersion or UnknownType."""
    found = known.get(name)
    if found is not None:
        return found
    stem = version_of(name)[0]
    if any(version_of(other)[0] == stem for other in known):
        raise UnknownVersion(name)
    raise UnknownType(name)


def read_body(message_type: type[Message], value: bytes | None) -> Message:
    """Validate a body. Raises Unreadable if it is no JSON, Refused with a fault per field if it does not fit."""
    if value is None:
        raise Unreadable("empty", "the record has no value")
    try:
        return message_type.model_validate_json(value)
    except ValidationError as error:
        if (
            error.errors(include_url=False, include_context=False, include_input=False)[0]["type"]
            == "json_invalid"
        ):
            raise Unreadable("not_json", "the value is not JSON") from None
        raise Refused(*faults_of(error)) from None


def causing_id(arrival: Arrival) -> UUID:
    """The id of the message that causes what follows."""
    return message_uuid(arrival.envelope.id)


def _place(record: Record) -> str:
    return f"{record.topic}/{record.partition}/{record.offset}"


def _mark(record: Record, envelope: Envelope) -> Mark:
    """The topic is the source: nobody else may write to it, whatever the headers say."""
    digest = blake2b(record.value or b"", digest_size=16).digest()
    return Mark(envelope.time.date(), inbox_id(envelope.id), record.topic, digest)


def _mark_of_place(record: Record, now: datetime | None) -> Mark:
    """Without a `ce_time` to go by: the place in the topic, on the day that the broker says, or today."""
    stored = _stored_at(record)
    day = stored if now is None or in_window(stored, now) else now
    return Mark(day.date(), derived_text(_place(record)), record.topic, b"")


def _stated_id(record: Record) -> str:
    """The sender's id of a message whose other headers can't be read, so that they know which one is told of."""
    try:
        text = (dict(record.headers).get("ce_id") or b"").decode()
    except UnicodeDecodeError:
        return ""
    return text if len(text) <= MAX_HEADER and text.isprintable() else ""


def _stored_at(record: Record) -> datetime:
    """The record's time, which is its producer's word unless the topic says otherwise: it may lie beyond all years."""
    try:
        return datetime.fromtimestamp(record.timestamp / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _line(record: Record) -> str:
    """The line of a message whose body can't tell it. On a topic of commands the key is the sender's own word, and
    must not hold up what others send: the line is then the sender's."""
    if not record.key or record.topic in COMPACTED:
        return _place(record)
    key = record.key.decode(errors="replace").replace("\x00", "")
    return f"{record.topic}/{key}" if record.topic.endswith(COMMANDS) else key
