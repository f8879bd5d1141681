"""Who gets which case: fair, deterministic, and never to who can't take it."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.routing.application.distribute import NOBODY, Candidate, distribute
from services.routing.application.explain import Round, explain
from shared.contracts.events.admin import Distribution

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
TURN = 1_000_000
SHARING = (Distribution.ROUND_ROBIN, Distribution.LEAST_LOADED)

crews = st.lists(
    st.tuples(st.booleans(), st.booleans(), st.integers(0, 9), st.integers(0, 50)), max_size=8
).map(lambda people: [Candidate(f"P{n}", *person) for n, person in enumerate(people)])


def somebody(
    name: str, load: int = 0, turn: int = 0, *, locked: bool = False, present: bool = True
) -> Candidate:
    """A caregiver who can take cases, unless said otherwise."""
    return Candidate(name, locked, present, load, turn)


def test_round_robin_goes_on_after_whoever_was_last_whatever_they_hold() -> None:
    crew = [somebody("A", load=0, turn=30), somebody("B", load=9, turn=10), somebody("C", turn=20)]
    assert distribute("round_robin", crew, [None] * 5, first_turn=TURN).choices == [1, 2, 0, 1, 2]


def test_least_loaded_fills_up_and_breaks_ties_by_who_was_last() -> None:
    crew = [somebody("A", load=2, turn=1), somebody("B", load=0, turn=9), somebody("C", load=1, turn=5)]
    assert distribute("least_loaded", crew, [None] * 5, first_turn=TURN).choices == [1, 2, 1, 0, 2]


def test_a_manual_clinic_assigns_nothing() -> None:
    assert distribute("manual", [somebody("A")], [None, None], first_turn=TURN).choices == [NOBODY, NOBODY]


def test_what_somebody_gave_back_goes_to_another_or_waits() -> None:
    two, one = [somebody("A"), somebody("B", load=5)], [somebody("A")]
    assert distribute("least_loaded", two, ["A", None], first_turn=TURN).choices == [1, 0]
    assert distribute("least_loaded", one, ["A", None], first_turn=TURN).choices == [NOBODY, 0]


def test_nobody_gets_more_than_they_may_hold() -> None:
    crew = [somebody("A", load=2), somebody("B", load=1)]
    assert distribute("round_robin", crew, [None] * 5, first_turn=TURN, most_open=3).choices == [
        0,
        1,
        1,
        NOBODY,
        NOBODY,
    ]


@given(st.sampled_from(SHARING), crews, st.integers(0, 40))
def test_every_case_finds_somebody_present_if_there_is_one_and_nobody_else_gets_any(
    how: Distribution, crew: list[Candidate], count: int
) -> None:
    decision = distribute(how, crew, [None] * count, first_turn=TURN)
    able = [place for place, candidate in enumerate(crew) if not candidate.filtered_for()]
    assert len(decision.choices) == count
    assert set(decision.choices) <= (set(able) or {NOBODY})
    assert sum(decision.given.values()) == (count if able else 0)


@given(crews, st.integers(1, 60))
def test_round_robin_gives_everybody_the_same_give_or_take_one(crew: list[Candidate], count: int) -> None:
    given_ = distribute("round_robin", crew, [None] * count, first_turn=TURN).given
    able = [place for place, candidate in enumerate(crew) if not candidate.filtered_for()]
    shares = [given_.get(place, 0) for place in able]
    assert not shares or max(shares) - min(shares) <= 1


@given(crews, st.integers(1, 60))
def test_least_loaded_leaves_nobody_two_above_somebody_who_got_less(
    crew: list[Candidate], count: int
) -> None:
    given_ = distribute("least_loaded", crew, [None] * count, first_turn=TURN).given
    after = {
        place: candidate.load + given_.get(place, 0)
        for place, candidate in enumerate(crew)
        if not candidate.filtered_for()
    }
    for place in given_:
        assert after[place] <= min(after.values()) + 1


@given(st.sampled_from(SHARING), crews, st.integers(1, 20), st.integers(0, 19))
def test_the_explanation_ranks_the_chosen_first_as_it_was_at_that_moment(
    how: Distribution, crew: list[Candidate], count: int, position: int
) -> None:
    decision = distribute(how, crew, [None] * count, first_turn=TURN)
    position = min(position, count - 1)
    if decision.choices[position] == NOBODY:
        return
    why = explain(Round("r", NOW, how, crew, decision.choices), position, version=2)
    assert why["candidates"][0]["staff_id"] == why["chosen"] == crew[decision.choices[position]].staff_id
    assert len(why["candidates"]) + len(why["filtered"]) == len(crew)
