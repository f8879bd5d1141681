"""Portals, and what may stand in a name or an address."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.admin.application.accounts.wishes import Profile
from services.admin.application.portals.changes import create_portal, rotate_secret
from services.admin.application.portals.commands import CreatePortal, RotateSecret
from services.admin.application.portals.wishes import NewPortal
from services.admin.domain.portal import OVERLAP, Portal
from shared.contracts.events.admin import Role
from shared.contracts.ids import PortalId
from shared.errors import Refused
from tests.unit.admin.builders import NOW, FakeRows, an_account

REGIONAL = an_account("REGINA", unit=Role.REGIONAL_ADMIN)


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
