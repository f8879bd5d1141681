"""Who may do what: every act for every kind of person, at the own clinic and elsewhere."""

import pytest

from services.routing.application.policy import Act, Subject, hears, listener_of, may, must, must_listen
from services.routing.domain import faults
from services.routing.domain.directory import Person
from shared.contracts.events.admin import Role
from shared.errors import Forbidden, NotFound

HERE, ELSEWHERE = "SE2321000016-HERE", "SE2321000016-ELSE"
ME, OTHER = "SE2321000016-ME", "SE2321000016-OTHER"


def person(*roles: Role, clinic_id: str = HERE, locked: str | None = None) -> Person:
    """Me, with these roles at one clinic."""
    return Person(ME, 1, "Me", locked, True, {clinic_id: frozenset(role.value for role in roles)})


ALLOWED: dict[str, set[Act]] = {
    "receiver": set(Act) - {Act.CLAIM},
    "owner": {Act.SEE_CAREGIVERS, Act.SEE_CASE, Act.SEE_HISTORY, Act.REASSIGN, Act.RETURN},
    "claimer": {Act.SEE_QUEUE, Act.SEE_CASE, Act.CLAIM},
    "colleague": set(),
    "administrator": set(),
    "receiver elsewhere": set(),
    "locked receiver": set(),
    "former caregiver": set(),
    "nobody": set(),
}
PEOPLE: dict[str, tuple[Person | None, Subject]] = {
    "receiver": (person(Role.RECEIVER), Subject(HERE, owner=OTHER)),
    "owner": (person(Role.CAREGIVER), Subject(HERE, owner=ME)),
    "claimer": (person(Role.CAREGIVER), Subject(HERE, claim_allowed=True, queued=True)),
    "colleague": (person(Role.CAREGIVER), Subject(HERE, owner=OTHER)),
    "administrator": (
        person(Role.CLINIC_ADMIN, Role.PERMISSION_ADMIN, Role.REVIEWER),
        Subject(HERE, owner=OTHER),
    ),
    "receiver elsewhere": (person(Role.RECEIVER, clinic_id=ELSEWHERE), Subject(HERE, owner=OTHER)),
    "locked receiver": (person(Role.RECEIVER, locked="leave"), Subject(HERE, owner=OTHER)),
    "former caregiver": (person(Role.CAREGIVER, clinic_id=ELSEWHERE), Subject(HERE, owner=ME)),
    "nobody": (None, Subject(HERE, claim_allowed=True, queued=True)),
}


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("who", PEOPLE)
def test_the_matrix(who: str, act: Act) -> None:
    actor, subject = PEOPLE[who]
    assert may(actor, act, subject) == (act in ALLOWED[who])


@pytest.mark.parametrize(
    ("who", "act", "answer"),
    (
        ("colleague", Act.SEE_CASE, NotFound),
        ("colleague", Act.ASSIGN, NotFound),
        ("receiver elsewhere", Act.ASSIGN, NotFound),
        ("nobody", Act.SEE_CASE, NotFound),
        ("owner", Act.SEE_EXPLANATION, Forbidden),
        ("locked receiver", Act.ASSIGN, Forbidden),
    ),
)
def test_a_case_of_others_does_not_exist_and_an_own_one_says_no(
    who: str, act: Act, answer: type[Exception]
) -> None:
    actor, subject = PEOPLE[who]
    with pytest.raises(answer):
        must(actor, act, subject)


def test_a_clinic_of_others_does_not_exist() -> None:
    with pytest.raises(NotFound):
        must(person(Role.RECEIVER, clinic_id=ELSEWHERE), Act.SEE_QUEUE, Subject(HERE), faults.NO_SUCH_CLINIC)
    with pytest.raises(Forbidden):
        must(person(Role.CAREGIVER), Act.SEE_QUEUE, Subject(HERE), faults.NO_SUCH_CLINIC)


def test_receivers_hear_their_clinic_and_caregivers_only_what_they_hold_or_held() -> None:
    receiver, caregiver = listener_of(person(Role.RECEIVER)), listener_of(person(Role.CAREGIVER))
    assert hears(receiver, HERE, OTHER, None)
    assert not hears(receiver, ELSEWHERE, ME, None)
    assert hears(caregiver, HERE, ME, None)
    assert hears(caregiver, HERE, OTHER, ME)
    assert not hears(caregiver, HERE, OTHER, None)
    assert not hears(caregiver, HERE, None, None)
    assert not hears(caregiver, ELSEWHERE, ME, None)


@pytest.mark.parametrize("actor", (None, person(Role.RECEIVER, locked="leave"), person(Role.CLINIC_ADMIN)))
def test_who_may_hear_nothing_gets_no_stream(actor: Person | None) -> None:
    with pytest.raises(Forbidden):
        must_listen(actor)
