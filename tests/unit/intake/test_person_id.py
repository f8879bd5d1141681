"""Identity numbers: what can be one, and what can't."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.se import personnummer

from services.intake.application.person_id import fault_in
from shared.contracts.commands.intake import PersonId
from tests.unit.intake.builders import NOW

days = st.dates(date(1890, 1, 1), NOW.date())


def verdict(kind: str, value: str) -> str | None:
    fault = fault_in(PersonId.model_validate({"kind": kind, "value": value}), NOW)
    return None if fault is None else fault.code


def number(day: str, serial: int) -> str:
    digits = f"{day}{serial:03}"
    return digits + luhn.calc_check_digit(digits[2:])


@given(days, st.integers(0, 999))
def test_a_right_number_is_taken_and_its_coordination_number_too(born: date, serial: int) -> None:
    assert verdict("personnummer", number(f"{born:%Y%m%d}", serial)) is None
    assert verdict("samordningsnummer", number(f"{born:%Y%m}{born.day + 60}", serial)) is None


@given(st.from_regex(r"(19|20)[0-9]{10}", fullmatch=True))
def test_the_verdict_is_stdnums(value: str) -> None:
    if value[:8] <= f"{NOW:%Y%m%d}":
        assert (verdict("personnummer", value) is None) == personnummer.is_valid(value)


@given(days, st.integers(0, 999), st.integers(2, 11), st.integers(1, 9))
def test_one_wrong_digit_is_found(born: date, serial: int, place: int, by: int) -> None:
    right = number(f"{born:%Y%m%d}", serial)
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    assert verdict("personnummer", wrong) == "not_a_person_id"


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    (
        ("personnummer", number(f"{NOW.date() + timedelta(days=1):%Y%m%d}", 1), "not_a_person_id"),
        ("personnummer", number("20240229", 7), None),
        ("personnummer", number("20230229", 7), "not_a_person_id"),
        ("personnummer", number("19811288", 7), "not_a_person_id"),
        ("samordningsnummer", number("19811228", 7), "not_a_person_id"),
        ("personnummer", "19811228-9874", "bad_format"),
        ("personnummer", "8112289874", "bad_format"),
        ("personnummer", "١٩٨١١٢٢٨٩٨٧٤", "bad_format"),
        ("personnummer", "²98112289874", "bad_format"),
        ("nrid", "19811228A123", None),
        ("nrid", "19811228-123", "bad_format"),
    ),
)
def test_odd_numbers(kind: str, value: str, code: str | None) -> None:
    assert verdict(kind, value) == code
