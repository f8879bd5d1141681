"""What goes into the outbox: nothing that a sender made up beside an opaque id and a real trace."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from shared.contracts.envelope import Envelope
from shared.contracts.events.intake import CaseWithdrawn
from shared.outbox.packing import kafka_headers, pack, unpack
from shared.outbox.rows import NotOurs, Outbox

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def headers_after(cause: Envelope) -> dict[str, str]:
    outbox = Outbox("intake")
    fact = CaseWithdrawn(case_id=uuid4(), version=2, clinic_id="SE2321000016-1A2B", at=NOW)
    outbox.add([fact], cause=cause, handler="test", now=NOW)
    return {name: value.decode() for name, value in kafka_headers(outbox.messages[0][2])}


def test_an_id_that_says_something_about_somebody_is_not_passed_on() -> None:
    cause = Envelope("tolvan-191212121212", "t", "s", NOW, correlation_id="tolvan", traceparent="tolvan")
    headers = headers_after(cause)
    assert "tolvan" not in str(headers)
    assert "traceparent" not in headers


def test_ids_that_are_uuids_and_real_traces_are_passed_on() -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    cause = Envelope(str(uuid4()), "t", "s", NOW, correlation_id=str(uuid4()), traceparent=trace)
    headers = headers_after(cause)
    assert (headers["causation_id"], headers["correlation_id"], headers["traceparent"]) == (
        cause.id,
        cause.correlation_id,
        trace,
    )


def test_a_service_cannot_publish_another_services_events() -> None:
    fact = CaseWithdrawn(case_id=uuid4(), version=2, clinic_id="SE2321000016-1A2B", at=NOW)
    with pytest.raises(NotOurs):
        Outbox("routing").add([fact], cause=Envelope("x", "t", "s", NOW), handler="test", now=NOW)


def test_messages_come_out_of_a_row_as_they_went_in() -> None:
    packed = pack(b"key", b"a\nb", b"") + pack(b"", b"", b"\x00\x01value")
    assert [tuple(message) for message in unpack(7, "topic", packed)] == [
        (7, 0, "topic", b"key", b"a\nb", b""),
        (7, 1, "topic", b"", b"", b"\x00\x01value"),
    ]
