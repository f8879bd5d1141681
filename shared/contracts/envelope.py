"""CloudEvents 1.0 over Kafka in binary mode: what every message carries beside its body.

Source: CloudEvents specification 1.0.2 and its Kafka protocol binding, section 3.2 (binary content mode).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import uuid_utils

CONTENT_TYPE = b"application/json"
REQUIRED = ("ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time")
HEADER_NAMES = (
    "content-type",
    "ce_specversion",
    "ce_id",
    "ce_type",
    "ce_source",
    "ce_time",
    "ce_subject",
    "correlation_id",
    "causation_id",
    "traceparent",
)
"""The headers in the order that they are written; the last four are left out where they are empty."""
ID_NAMESPACE = UUID("6f1c1f0e-7a43-5f0b-9a59-3f6f5a0e9d11")
"""Namespace of every id that is derived rather than drawn."""
MAX_HEADER = 512
_OPTIONAL = HEADER_NAMES[6:]


class EnvelopeFault(ValueError):
    """A header is missing or can't be read. `header` names it, `problem` says what is wrong."""

    def __init__(self, header: str, problem: str) -> None:
        super().__init__(f"{header} {problem}")
        self.header = header
        self.problem = problem


class Envelope(NamedTuple):
    """The context of one message. Times are aware and in UTC; ids are text of at most 512 characters."""

    id: str
    type: str
    source: str
    time: datetime
    subject: str = ""
    correlation_id: str = ""
    causation_id: str = ""
    traceparent: str = ""

    def headers(self) -> list[tuple[str, bytes]]:
        """Kafka headers, in the order of HEADER_NAMES; empty optional ones are left out."""
        values = (
            CONTENT_TYPE,
            b"1.0",
            self.id.encode(),
            self.type.encode(),
            self.source.encode(),
            self.time.isoformat().encode(),
            self.subject.encode(),
            self.correlation_id.encode(),
            self.causation_id.encode(),
            self.traceparent.encode(),
        )
        return [(name, value) for name, value in zip(HEADER_NAMES, values, strict=True) if value]


def read_envelope(headers: Iterable[tuple[str, bytes | None]]) -> Envelope:
    """Read the envelope of a record. A header whose value is null, which Kafka allows, is as good as none.

    Raises EnvelopeFault for the first header that is missing, not UTF-8, too long or not what it should be.
    """
    stated = dict(headers)
    if None in stated.values():
        stated = {name: value for name, value in stated.items() if value is not None}
    found: Mapping[str, bytes] = stated  # type: ignore[assignment]
    try:
        version, id_, type_, source, time = [found[name].decode() for name in REQUIRED]
        optional = [found.get(name, b"").decode() for name in _OPTIONAL]
    except KeyError as missing:
        raise EnvelopeFault(str(missing.args[0]), "is missing") from None
    except UnicodeDecodeError:
        raise EnvelopeFault(_not_utf8(found), "is not UTF-8") from None
    if version != "1.0":
        raise EnvelopeFault("ce_specversion", "must be 1.0")
    texts = (version, id_, type_, source, time, *optional)
    if not "".join(texts).isprintable() or max(map(len, texts)) > MAX_HEADER:
        raise EnvelopeFault(_unfit(texts), f"must be at most {MAX_HEADER} printable characters")
    if not id_ or not type_:
        raise EnvelopeFault("ce_id" if not id_ else "ce_type", "is empty")
    return Envelope(id_, type_, source, _instant(time), *optional)


def inbox_id(id_: str) -> str:
    """The id as the text of a UUID: itself if it is one, else the UUIDv5 of its text.

    Any CloudEvents id is welcome from a portal, and inboxes keep sixteen bytes.
    """
    return id_ if _UUID.fullmatch(id_) else str(message_uuid(id_))


def message_uuid(id_: str) -> UUID:
    """The same as a UUID."""
    try:
        return UUID(id_)
    except ValueError:
        return derived_id(id_)


def opaque_id(id_: str) -> str:
    """The id if it is a UUID, else the UUIDv5 of its text: what a sender writes into its ids is not passed on."""
    return id_ if _UUID.fullmatch(id_) else derived_text(id_)


def derived_id(*parts: object) -> UUID:
    """A UUIDv5 of these parts: the same parts give the same id, on every machine and in every repeat."""
    return UUID(derived_text(*map(str, parts)))


def derived_text(*parts: str) -> str:
    """The same as text, for whoever needs no more."""
    return str(uuid_utils.uuid5(_NAMESPACE, "\x1f".join(parts)))


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAMESPACE = uuid_utils.UUID(str(ID_NAMESPACE))


def _instant(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is UTC:
            return time
        return time.astimezone(UTC) if time.tzinfo else _no_zone()
    except (ValueError, OverflowError):
        raise EnvelopeFault(
            "ce_time", "must be an RFC 3339 time with a zone, such as 2026-03-01T08:00:00Z"
        ) from None


def _no_zone() -> datetime:
    raise ValueError("a time without a zone is no instant")


def _unfit(texts: Iterable[str]) -> str:
    for name, text in zip((*REQUIRED, *_OPTIONAL), texts, strict=True):
        if len(text) > MAX_HEADER or not text.isprintable():
            return name
    return "a header"


def _not_utf8(headers: Mapping[str, bytes]) -> str:
    for name in (*REQUIRED, *_OPTIONAL):
        try:
            headers.get(name, b"").decode()
        except UnicodeDecodeError:
            return name
    return "a header"
