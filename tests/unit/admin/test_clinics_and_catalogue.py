"""Clinics, portals, case types."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.admin.application.accounts.wishes import Profile
from services.admin.application.catalogue.case_types import publish_case_type
from services.admin.application.catalogue.commands import PublishCaseType
from services.admin.application.catalogue.wishes import CaseTypeWish
from services.admin.application.clinics.changes import change_clinic, create_clinic
from services.admin.application.clinics.commands import ChangeClinic, CreateClinic
from services.admin.application.clinics.wishes import ClinicWish, NewClinic
from services.admin.application.portals.changes import create_portal, rotate_secret
from services.admin.application.portals.commands import CreatePortal, RotateSecret
from services.admin.application.portals.wishes import NewPortal
from services.admin.domain.case_type import CaseType
from services.admin.domain.portal import OVERLAP, Portal
from shared.contracts.events.admin import Distribution, Role
from shared.contracts.ids import PortalId
from shared.errors import Conflict, Forbidden, NotFound, Refused
from tests.unit.admin.builders import HILL, NOW, FakeRows, a_clinic, a_form, an_account

REGIONAL = an_account("REGINA", unit=Role.REGIONAL_ADMIN)


def a_wish(**fields: Any) -> CaseTypeWish:
    forms = {"question_form": a_form(), "answer_form": a_form("answer")}
    return CaseTypeWish(**{"name_sv": "Fråga", "name_en": "Ask", **forms, **fields})


def publish(case_types: FakeRows[Any, CaseType], version: int, wish: CaseTypeWish) -> CaseType:
    command = PublishCaseType(actor=REGIONAL.id, case_type="ask", expected_version=version, wish=wish)
    publish_case_type(command, REGIONAL, case_types, NOW)
    return case_types.the("ask")


def test_a_clinic_is_created_once_by_the_region() -> None:
    command = CreateClinic(actor=REGIONAL.id, wish=NewClinic(clinic_id=HILL, name="Kullen"))
    clinics: FakeRows[Any, Any] = FakeRows()

    create_clinic(command, REGIONAL, clinics, FakeRows(), NOW)

    assert clinics.the(HILL).events[0].name == "Kullen"
    with pytest.raises(Conflict):
        create_clinic(command, REGIONAL, clinics, FakeRows(), NOW)
    with pytest.raises(Forbidden):
        create_clinic(command, an_account(hill=Role.CLINIC_ADMIN), FakeRows(), FakeRows(), NOW)


def test_its_administrator_decides_how_a_clinic_works() -> None:
    boss, clinic = an_account(hill=Role.CLINIC_ADMIN), a_clinic()
    wish = ClinicWish(name="Kullen", distribution=Distribution.LEAST_LOADED, claim_allowed=True)

    change_clinic(
        ChangeClinic(actor=boss.id, clinic_id=HILL, expected_version=1, wish=wish),
        boss,
        clinic,
        FakeRows(),
        NOW,
    )

    event = clinic.events[0]
    assert (event.version, event.distribution, event.claim_allowed) == (2, Distribution.LEAST_LOADED, True)


def test_a_clinic_can_switch_on_only_what_is_published_and_keep_what_it_has() -> None:
    boss, clinic = an_account(hill=Role.CLINIC_ADMIN), a_clinic(case_types=frozenset({"old"}))

    def change(*types: str) -> None:
        wish = ClinicWish(name="Kullen", case_types=frozenset(types))
        command = ChangeClinic(actor=boss.id, clinic_id=HILL, expected_version=clinic.version, wish=wish)
        change_clinic(command, boss, clinic, FakeRows(), NOW)

    change("old")
    with pytest.raises(Refused, match="unknown_case_type"):
        change("old", "new")


def test_nothing_is_found_under_a_clinic_that_does_not_exist() -> None:
    command = ChangeClinic(
        actor=REGIONAL.id, clinic_id=HILL, expected_version=1, wish=ClinicWish(name="Kullen")
    )

    with pytest.raises(NotFound):
        change_clinic(command, REGIONAL, None, FakeRows(), NOW)


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
