"""Portals and systems: scopes, rates, secrets that rotate and end; what may stand in a name or an address."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.admin.application.accounts.wishes import Profile
from services.admin.application.portals.changes import change_portal, create_portal, rotate_secret
from services.admin.application.portals.commands import ChangePortal, CreatePortal, RotateSecret
from services.admin.application.portals.views import portal_view
from services.admin.application.portals.wishes import NewPortal, PortalWish
from services.admin.domain.portal import (
    OVERLAP,
    SECRET_LIFETIME,
    USUAL_RATE,
    WARNED_BEFORE,
    Portal,
    SecretState,
)
from shared.contracts.events.admin import PortalKind, PortalPublished, Role, Scope
from shared.contracts.ids import PortalId
from shared.errors import Conflict, Forbidden, Refused
from tests.unit.admin.builders import NOW, FakeRows, an_account

REGIONAL = an_account("REGINA", unit=Role.REGIONAL_ADMIN)
SECRET = bytes(range(32))


def created(**wish: Any) -> Portal:
    portals: FakeRows[Any, Portal] = FakeRows()
    wished = NewPortal(**{"portal_id": "minvard", "name": "Min vård", **wish})
    create_portal(CreatePortal(actor="x", wish=wished, secret_hash=SECRET.hex()), REGIONAL, portals, NOW)
    return portals.the("minvard")


def change(portal: Portal, version: int | None = None, **wish: Any) -> None:
    wished = PortalWish(**{"name": portal.name, **wish})
    seen = portal.version if version is None else version
    command = ChangePortal(actor="x", portal_id="minvard", expected_version=seen, wish=wished)
    change_portal(command, REGIONAL, portal, NOW)


def test_the_former_secret_counts_for_an_hour_after_a_rotation() -> None:
    portals: FakeRows[Any, Portal] = FakeRows()
    first, second = bytes(32), bytes([1]) * 32
    wish = NewPortal(portal_id="minvard", name="Min vård")
    create_portal(CreatePortal(actor="x", wish=wish, secret_hash=first.hex()), REGIONAL, portals, NOW)
    portal = portals.the("minvard")

    command = RotateSecret(actor="x", portal_id="minvard", expected_version=1, secret_hash=second.hex())
    rotate_secret(command, REGIONAL, portal, NOW)

    assert portal.proves(second, NOW)
    assert portal.proves(first, NOW + OVERLAP - timedelta(seconds=1))
    assert not portal.proves(first, NOW + OVERLAP)
    assert not portal.proves(b"", NOW)
    portal.active = False
    assert not portal.proves(second, NOW)


def test_a_portal_that_has_never_rotated_has_no_second_secret() -> None:
    assert not Portal(PortalId("minvard"), "Min vård", secret_hash=bytes(32)).proves(b"", NOW)


def test_a_portal_is_not_named_like_a_topic_of_ours() -> None:
    command = CreatePortal(actor="x", wish=NewPortal(portal_id="case", name="Fall"), secret_hash="00")

    with pytest.raises(Refused, match="reserved"):
        create_portal(command, REGIONAL, FakeRows(), NOW)


def test_a_portal_may_ask_for_everything_and_a_system_for_the_catalogue_unless_it_is_said() -> None:
    assert created().scopes == frozenset(Scope)
    assert created(kind="system").scopes == {Scope.CATALOGUE}
    assert created(scopes=["cases:read"]).scopes == {Scope.READ}
    assert created().per_minute == USUAL_RATE


def test_neighbours_hear_what_a_portal_may_ask_for_and_never_its_secret() -> None:
    [event] = created(scopes=["cases:submit"]).events

    assert isinstance(event, PortalPublished)
    assert (event.kind, event.scopes) == (PortalKind.PORTAL, frozenset({Scope.SUBMIT}))
    assert SECRET.hex() not in event.model_dump_json()


@pytest.mark.parametrize("scope", sorted(set(Scope) - {Scope.CATALOGUE}))
def test_a_system_speaks_for_no_citizen(scope: Scope) -> None:
    with pytest.raises(Refused, match="not_for_systems"):
        created(kind="system", scopes=[scope])
    system = created(kind="system")
    with pytest.raises(Refused, match="not_for_systems"):
        change(system, name="Annat", scopes=[scope])
    assert (system.scopes, system.name) == (frozenset({Scope.CATALOGUE}), "Min vård")


def test_what_a_change_leaves_out_stays() -> None:
    portal = created(scopes=["cases:read"], requests_per_minute=60)

    change(portal, name="Nytt namn")
    assert (portal.name, portal.scopes, portal.per_minute) == ("Nytt namn", frozenset({Scope.READ}), 60)
    change(portal, scopes=[], requests_per_minute=120)
    assert (portal.scopes, portal.per_minute) == (frozenset(), 120)
    with pytest.raises(Conflict):
        change(portal, version=1)


@pytest.mark.parametrize(
    "wish",
    (
        {"scopes": ["cases:delete"]},
        {"requests_per_minute": 5},
        {"requests_per_minute": 600_001},
        {"kind": "x"},
    ),
)
def test_scopes_and_rates_are_of_a_closed_kind(wish: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NewPortal.model_validate({"portal_id": "minvard", "name": "Min vård", **wish})


def test_a_secret_ends_after_a_year_and_says_so_a_month_before() -> None:
    portal = created()
    end = NOW + SECRET_LIFETIME

    states = [portal.secret_state(at) for at in (NOW, end - WARNED_BEFORE, end)]
    assert states == [SecretState.GOOD, SecretState.EXPIRING, SecretState.EXPIRED]
    assert portal.proves(SECRET, end - timedelta(seconds=1))
    assert not portal.proves(SECRET, end)


def test_a_new_secret_does_not_lengthen_the_former_one_s_life() -> None:
    portal = created()
    late = NOW + SECRET_LIFETIME - timedelta(minutes=1)
    portal.rotate(bytes(32), late, overlap=OVERLAP)

    assert portal.proves(SECRET, late)
    assert not portal.proves(SECRET, NOW + SECRET_LIFETIME)
    assert portal.proves(bytes(32), late + SECRET_LIFETIME - timedelta(seconds=1))


def test_a_portal_is_shown_with_its_end_its_last_use_and_no_secret() -> None:
    portal = created()
    portal.rotate(bytes(32), NOW, overlap=OVERLAP)
    shown = portal_view(portal, NOW, NOW - timedelta(days=3))

    assert (shown.secret_state, shown.last_used_at) == (SecretState.GOOD, NOW - timedelta(days=3))
    assert shown.former_secret_until == NOW + OVERLAP
    assert portal_view(portal, NOW + OVERLAP).former_secret_until is None
    assert "hash" not in shown.model_dump_json()


def test_a_clinic_s_administrator_makes_no_portal() -> None:
    command = CreatePortal(actor="x", wish=NewPortal(portal_id="minvard", name="Min vård"), secret_hash="00")

    with pytest.raises(Forbidden):
        create_portal(command, an_account(hill=Role.CLINIC_ADMIN), FakeRows(), NOW)


@pytest.mark.parametrize(
    "email", ("anna", "anna@localhost", "a b@example.org", "anna@example.org\nBcc: eve@example.org")
)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(ValidationError):
        Profile(name="Anna", email=email)


@pytest.mark.parametrize("name", ("", "  ", "A\x00", "A\nB", "x" * 201, "A\ud800"))
def test_a_name_is_one_line_of_plain_text(name: str) -> None:
    with pytest.raises(ValidationError):
        Profile(name=name)
