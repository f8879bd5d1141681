"""Portals, case types."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.admin.application.accounts.wishes import Profile
from services.admin.application.catalogue.case_types import publish_case_type
from services.admin.application.catalogue.commands import PublishCaseType
from services.admin.application.catalogue.wishes import CaseTypeWish
from services.admin.application.portals.changes import create_portal, rotate_secret
from services.admin.application.portals.commands import CreatePortal, RotateSecret
from services.admin.application.portals.wishes import NewPortal
from services.admin.domain.case_type import CaseType
from services.admin.domain.portal import OVERLAP, Portal
from shared.contracts.events.admin import Role
from shared.contracts.ids import PortalId
from shared.errors import Conflict, Refused
from tests.unit.admin.builders import NOW, FakeRows, a_form, an_account

REGIONAL = an_account("REGINA", unit=Role.REGIONAL_ADMIN)


def a_wish(**fields: Any) -> CaseTypeWish:
    forms = {"question_form": a_form(), "answer_form": a_form("answer")}
    return CaseTypeWish(**{"name_sv": "Fråga", "name_en": "Ask", **forms, **fields})


def publish(case_types: FakeRows[Any, CaseType], version: int, wish: CaseTypeWish) -> CaseType:
    command = PublishCaseType(actor=REGIONAL.id, case_type="ask", expected_version=version, wish=wish)
    publish_case_type(command, REGIONAL, case_types, NOW)
    return case_types.the("ask")


def test_each_change_of_a_case_type_is_a_new_version() -> None:
    case_types: FakeRows[Any, CaseType] = FakeRows()

    publish(case_types, 0, a_wish())
    ask = publish(case_types, 1, a_wish(active=False))

    assert [(event.key(), event.active) for event in ask.events] == [("ask/1", True), ("ask/2", False)]
    with pytest.raises(Conflict, match="version_conflict"):
        publish(case_types, 1, a_wish())


def test_a_form_that_is_not_sound_is_refused_with_each_fault_in_its_place() -> None:
    with pytest.raises(Refused) as refusal:
        publish(FakeRows(), 0, a_wish(question_form=a_form(type="nonsense"), answer_form={}))

    fields = [fault.field for fault in refusal.value.faults]
    assert "question_form.item[0].type" in fields
    assert any(field.startswith("answer_form.") for field in fields)


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


def test_a_form_that_only_nests_is_refused_before_anything_looks_at_it() -> None:
    form: Any = []
    for _ in range(500):
        form = [form]

    with pytest.raises(ValidationError, match="nests too deeply"):
        a_wish(question_form={"item": form})
