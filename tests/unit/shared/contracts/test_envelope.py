"""The envelope: what is written is read again, and what can't be read is named."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.envelope import (
    HEADER_NAMES,
    Envelope,
    EnvelopeFault,
    derived_id,
    message_uuid,
    read_envelope,
)

PRINTABLE = st.text(st.characters(exclude_categories=("C", "Z")), max_size=40)
GOOD: dict[str, bytes] = {
    "ce_specversion": b"1.0",
    "ce_id": b"a-1",
    "ce_type": b"intake.submit-case.v1",
    "ce_source": b"/portal",
    "ce_time": b"2026-03-01T09:00:00+01:00",
}


@given(
    id_=PRINTABLE.filter(bool),
    type_=PRINTABLE.filter(bool),
    rest=st.tuples(PRINTABLE, PRINTABLE, PRINTABLE, PRINTABLE),
    time=st.datetimes(timezones=st.just(UTC)),
)
def test_what_is_written_is_read_again(
    id_: str, type_: str, rest: tuple[str, str, str, str], time: datetime
) -> None:
    envelope = Envelope(id_, type_, "/vardvaxel/intake", time, *rest)

    assert read_envelope(envelope.headers()) == envelope


def test_empty_optional_headers_are_left_out() -> None:
    headers = Envelope("a", "b", "/c", datetime(2026, 3, 1, tzinfo=UTC)).headers()

    assert [name for name, _ in headers] == list(HEADER_NAMES[:6])


def test_only_the_five_that_are_required_are_needed_and_times_become_utc() -> None:
    envelope = read_envelope(GOOD.items())

    assert envelope.time == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert envelope.time.utcoffset() == timedelta(0)
    assert (envelope.subject, envelope.correlation_id) == ("", "")


def test_unknown_headers_are_ignored_whatever_bytes_they_hold() -> None:
    assert read_envelope({**GOOD, "b3": b"\xff\xfe"}.items()) == read_envelope(GOOD.items())


def test_a_header_that_is_null_is_as_good_as_none() -> None:
    assert read_envelope({**GOOD, "b3": None, "ce_subject": None}.items()) == read_envelope(GOOD.items())
    with pytest.raises(EnvelopeFault, match="ce_id is missing"):
        read_envelope({**GOOD, "ce_id": None}.items())


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_header_is_named(name: str) -> None:
    headers = {other: value for other, value in GOOD.items() if other != name}

    with pytest.raises(EnvelopeFault, match=f"{name} is missing"):
        read_envelope(headers.items())


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    (
        ("ce_specversion", b"0.3", "must be 1.0"),
        ("ce_id", b"", "is empty"),
        ("ce_type", b"", "is empty"),
        ("ce_id", b"x" * 513, "at most 512"),
        ("ce_id", b"a\nb", "printable"),
        ("ce_subject", b"\x00", "printable"),
        ("ce_id", b"\xff", "UTF-8"),
        ("traceparent", b"\xff", "UTF-8"),
        ("ce_time", b"yesterday", "RFC 3339"),
        ("ce_time", b"2026-03-01T09:00:00", "RFC 3339"),
        ("ce_time", b"0001-01-01T00:00:00+14:00", "RFC 3339"),
    ),
)
def test_a_header_that_can_not_be_read_is_named(name: str, value: bytes, problem: str) -> None:
    with pytest.raises(EnvelopeFault, match=problem) as caught:
        read_envelope({**GOOD, name: value}.items())

    assert caught.value.header == name


def test_the_same_parts_give_the_same_id_and_others_another() -> None:
    assert derived_id("intake", "submit_case", "a", 0) == derived_id("intake", "submit_case", "a", 0)
    assert derived_id("intake", "submit_case", "a", 0) != derived_id("intake", "submit_case", "a", 1)
    assert derived_id("ab", "c") != derived_id("a", "bc")
    assert derived_id("a").version == 5


def test_an_id_that_is_a_uuid_is_itself_and_any_other_has_one() -> None:
    id_ = UUID("019cad4b-6f2e-7c31-9a54-2f8e1b7d9c06")

    assert message_uuid(str(id_)) == id_
    assert message_uuid("submit/48213") == message_uuid("submit/48213") != message_uuid("submit/48214")


def test_headers_are_utf8() -> None:
    envelope = Envelope(
        "å", "b", "/Vårdväxel", datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=1))), "§"
    )

    assert read_envelope(envelope.headers()).source == "/Vårdväxel"
