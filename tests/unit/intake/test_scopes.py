"""What a portal may ask for: by what the directory says of it, by HTTP and by Kafka alike."""

import pytest

from services.intake.application.learn_directory import learn_portal
from services.intake.application.policy import RULES, SCOPES, Act, may
from services.intake.domain.neighbours import Portal
from shared.contracts.events.admin import PortalPublished, Scope
from shared.errors import Refused
from tests.unit.intake.builders import NOW, Desk

PORTAL_ACTS = sorted(act for actor, act in RULES if actor is Portal)


def a_portal(*scopes: Scope, active: bool = True) -> Portal:
    return Portal("karlstad", 1, active, scopes)


def test_every_act_of_a_portal_needs_a_scope() -> None:
    assert sorted(SCOPES) == PORTAL_ACTS
    assert set(SCOPES.values()) == set(Scope)


@pytest.mark.parametrize("act", PORTAL_ACTS)
def test_the_one_scope_that_an_act_needs_suffices_and_no_other_does(act: Act) -> None:
    case = Desk().stored()
    needed = SCOPES[act]

    assert may(a_portal(needed), act, case)
    assert not may(a_portal(needed, active=False), act, case)
    assert not may(a_portal(*(set(Scope) - {needed})), act, case)


def test_without_the_scope_a_submission_is_refused_whichever_way_it_came() -> None:
    desk = Desk()
    desk.portal = a_portal(Scope.READ, Scope.CATALOGUE)

    with pytest.raises(Refused, match="scope_missing"):
        desk.submit()
    desk.portal = a_portal(*Scope, active=False)
    with pytest.raises(Refused, match="portal_inactive"):
        desk.submit()


def test_a_portal_that_was_published_before_there_were_scopes_may_all() -> None:
    learned: list[Portal] = []

    class Portals:
        def add(self, portal: Portal) -> None:
            learned.append(portal)

    old = PortalPublished.model_validate(
        {"portal_id": "karlstad", "version": 1, "at": NOW, "name": "Karlstad", "active": True}
    )
    learn_portal(old, Portals(), NOW)  # type: ignore[arg-type]

    assert frozenset(learned[0].scopes) == frozenset(Scope)
