"""Tries to sign in: whoever fails makes themselves wait, and nobody else."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.admin.domain.throttle import FORGOTTEN_AFTER, FREE, LONGEST, Tries, one_more, pause_after
from tests.unit.admin.builders import NOW

Pair = tuple[str, str]
STEPS = st.lists(
    st.tuples(st.sampled_from(("anna", "bo")), st.sampled_from(("ward", "street")), st.integers(0, 4_000)),
    max_size=60,
)


def test_a_few_failures_cost_nothing_and_then_each_twice_as_much() -> None:
    pauses = [pause_after(failures).total_seconds() for failures in range(FREE + 4)]

    assert pauses == [0, 0, 0, 2, 4, 8, 16]
    assert pause_after(10_000) == LONGEST


def test_what_is_long_ago_is_forgotten() -> None:
    tries = Tries(50, NOW)

    assert tries.wait(NOW + FORGOTTEN_AFTER) == timedelta()
    assert one_more(tries, NOW + FORGOTTEN_AFTER).failures == 1


@given(STEPS)
def test_no_failures_elsewhere_make_the_owner_wait(steps: list[tuple[str, str, int]]) -> None:
    """Whatever strangers do on the street, to whomever: Anna at her ward may try."""
    known: dict[Pair, Tries] = {}
    now = NOW
    for account, source, seconds in steps:
        now += timedelta(seconds=seconds)
        pair = (account, source)
        if source == "street" and (pair not in known or not known[pair].wait(now)):
            known[pair] = one_more(known.get(pair), now)

    assert ("anna", "ward") not in known


@given(STEPS)
def test_of_one_pair_so_many_tries_fit_into_an_hour_and_no_more(steps: list[tuple[str, str, int]]) -> None:
    """However they are spread, the tries that were let through are as far apart as the failures before them ask."""
    tries, now, let_through = None, NOW, []
    for _, _, milliseconds in steps:
        now += timedelta(milliseconds=milliseconds)
        if tries is None or not tries.wait(now):
            tries = one_more(tries, now)
            let_through.append(now)

    for number in range(FREE, len(let_through)):
        assert let_through[number] - let_through[number - 1] >= pause_after(number)
