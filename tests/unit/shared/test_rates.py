"""Rates: a client that asks too often waits, others do not."""

import pytest

from shared.http.rates import Rates, TooManyRequests


def taken(rates: Rates, client: str, per_minute: int, most: int = 1000) -> int:
    """How many requests are let through before one is not."""
    for number in range(most):
        try:
            rates.take(client, per_minute)
        except TooManyRequests:
            return number
    return most


def test_a_client_has_its_burst_and_then_waits_and_is_told_how_long() -> None:
    rates = Rates()

    assert taken(rates, "minvard", 60) == 10
    with pytest.raises(TooManyRequests) as refusal:
        rates.take("minvard", 60)
    assert 1 <= refusal.value.retry_after <= 60
    [fault] = refusal.value.faults
    assert str(refusal.value.retry_after) in fault.sv
    assert str(refusal.value.retry_after) in fault.en


def test_one_client_s_haste_is_not_another_s_loss() -> None:
    rates = Rates()
    taken(rates, "minvard", 6)

    assert taken(rates, "karlavagnen", 6) == 1


def test_a_client_without_a_rate_is_not_counted() -> None:
    rates = Rates()

    for _ in range(1000):
        rates.take("minvard", None)


def test_another_rate_is_another_bucket_at_once() -> None:
    rates = Rates()
    taken(rates, "minvard", 6)

    assert taken(rates, "minvard", 600) == 100
