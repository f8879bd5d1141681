"""The envelope is CloudEvents 1.0 in Kafka's binary mode: the official library reads ours, and we read its own."""

from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from shared.contracts.envelope import Envelope, read_envelope
from shared.contracts.samples_on_file import Sample, all_samples

EXTENSIONS = ("correlation_id", "causation_id", "traceparent")
"""Headers without `ce_`: plain Kafka headers, which CloudEvents leaves alone."""


@pytest.mark.parametrize("sample", all_samples(), ids=lambda s: f"{s.type}/{s.name}")
def test_the_official_library_reads_every_sample(sample: Sample) -> None:
    message = KafkaMessage(dict(sample.wire_headers()), sample.key, sample.wire_value())

    event = from_binary(message, JSONFormat())

    assert event.get_specversion() == "1.0"
    assert event.get_id() == sample.headers["ce_id"]
    assert event.get_type() == sample.type
    assert event.get_source() == sample.headers["ce_source"]
    assert event.get_time() == datetime.fromisoformat(sample.headers["ce_time"])
    assert event.get_subject() == sample.headers.get("ce_subject")
    assert event.get_datacontenttype() == "application/json"
    assert event.get_data() == sample.value


def test_the_official_library_reads_what_we_write() -> None:
    ours = Envelope(
        "a-1",
        "routing.case-assigned.v1",
        "/vardvaxel/routing",
        datetime(2026, 3, 1, 8, 0, 0, 1, tzinfo=UTC),
        "case",
        "story",
        "cause",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    )

    event = from_binary(KafkaMessage(dict(ours.headers()), "case", b"{}"), JSONFormat())

    assert (event.get_id(), event.get_type(), event.get_source(), event.get_time(), event.get_subject()) == (
        ours.id,
        ours.type,
        ours.source,
        ours.time,
        ours.subject,
    )
    assert {name for name, _ in ours.headers()} >= {*EXTENSIONS}


def test_we_read_what_the_official_library_writes() -> None:
    written = to_binary(
        CloudEvent(
            {
                "id": "withdraw/48213",
                "type": "intake.withdraw-case.v1",
                "source": "https://portal.example/cases",
                "specversion": "1.0",
                "time": datetime(2026, 3, 1, 8, tzinfo=UTC),
                "subject": "019cad52-11c8-7a90-b3de-5c0a7f42e871",
                "datacontenttype": "application/json",
            },
            {"case_id": "019cad52-11c8-7a90-b3de-5c0a7f42e871"},
        ),
        JSONFormat(),
    )

    assert read_envelope(written.headers.items()) == Envelope(
        "withdraw/48213",
        "intake.withdraw-case.v1",
        "https://portal.example/cases",
        datetime(2026, 3, 1, 8, tzinfo=UTC),
        "019cad52-11c8-7a90-b3de-5c0a7f42e871",
    )
