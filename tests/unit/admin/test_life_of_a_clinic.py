"""A clinic's life: opened when it is ready, drained with a word to its citizens, closed, opened again."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.admin.adapters.rows.clinics import ClinicRows
from services.admin.application.clinics.changes import change_clinic
from services.admin.application.clinics.commands import ChangeClinic, CloseClinic, DrainClinic, OpenClinic
from services.admin.application.clinics.life import close_clinic, drain_clinic, open_clinic
from services.admin.application.clinics.settings_wishes import Draining
from services.admin.application.clinics.wishes import ClinicWish
from services.admin.domain.account import Account
from services.admin.domain.clinic import Clinic
from services.admin.domain.clinic_life import LIFE, Step
from services.admin.domain.readiness import Mark, Staffing, readiness, reasons_against
from shared.contracts.clinic_settings import (
    AnswerPromise,
    ClinicSettings,
    ClinicState,
    ContactCard,
    LocalText,
    OpenInterval,
    PublishedText,
)
from shared.contracts.events.admin import ClinicPublished, Role
from shared.errors import Forbidden, Refused
from tests.unit.admin.builders import HILL, NOW, FakeRows, a_clinic, an_account
from tests.unit.admin.documents import a_case_type

BOSS = an_account(hill=Role.CLINIC_ADMIN)
STAFFED = Staffing(HILL, receivers=2, caregivers=3)
HELLO = LocalText(sv="Hej", en="Hello")


def a_ready_clinic(state: ClinicState = ClinicState.INACTIVE) -> Clinic:
    settings = ClinicSettings(
        contact=ContactCard(phone="08-1", address="Gatan 1"),
        mailbox="kullen@example.org",
        opening_hours=(OpenInterval(weekday=1, opens="08:00", closes="17:00"),),
        acknowledgement=HELLO,
        out_of_hours=HELLO,
        answer_promise=AnswerPromise(amount=2, unit="days"),
    )
    text = (PublishedText(version=1, valid_from=NOW.date(), text=HELLO),)
    fields: dict[str, Any] = {"information": text, "terms": text, "case_types": frozenset({"ask"})}
    return a_clinic(administrators=2, region="01", settings=settings, state=state, **fields)


def take(clinic: Clinic, step: Step, actor: Account = BOSS, staffing: Staffing | None = STAFFED) -> None:
    seen: dict[str, Any] = {"actor": actor.id, "clinic_id": HILL, "expected_version": clinic.version}
    if step is Step.OPEN:
        open_clinic(OpenClinic(**seen), actor, clinic, staffing, NOW)
    elif step is Step.DRAIN:
        wish = Draining.model_validate({"text": {"sv": "Välj Norra.", "en": "Choose the northern one."}})
        drain_clinic(DrainClinic(**seen, wish=wish), actor, clinic, NOW)
    elif step is Step.CLOSE:
        close_clinic(CloseClinic(**seen), actor, clinic, NOW)
    else:
        wish_off = ClinicWish(name="Kullen", active=False)
        change_clinic(ChangeClinic(**seen, wish=wish_off), actor, clinic, FakeRows(), staffing, NOW)


@pytest.mark.parametrize(("state", "step"), tuple(product(ClinicState, Step)))
def test_every_step_follows_or_is_refused_with_what_must_come_first(state: ClinicState, step: Step) -> None:
    clinic = a_ready_clinic(state)

    if (state, step) in LIFE:
        take(clinic, step)
        assert (clinic.state, clinic.version) == (LIFE[state, step], 2)
    elif (state, step) in {(s, Step.SWITCH_OFF) for s in ClinicState}:
        take(clinic, step)
        assert clinic.state is state, "who asks that it be off, and it is, gets no error"
    else:
        with pytest.raises(Refused, match="does_not_follow"):
            take(clinic, step)
        assert (clinic.state, clinic.version) == (state, 1)


def test_citizens_are_told_from_the_draining_on_until_it_opens_again() -> None:
    clinic = a_ready_clinic(ClinicState.OPEN)

    told: list[tuple[bool, ClinicState | None, str]] = []
    for step in (Step.DRAIN, Step.CLOSE, Step.OPEN):
        take(clinic, step)
        event = clinic.events[-1]
        assert isinstance(event, ClinicPublished)
        told.append((event.active, event.state, event.closing.sv))

    assert told == [
        (False, ClinicState.DRAINING, "Välj Norra."),
        (False, ClinicState.CLOSED, "Välj Norra."),
        (True, ClinicState.OPEN, ""),
    ]


def test_a_clinic_is_not_drained_without_a_word() -> None:
    clinic = a_ready_clinic(ClinicState.OPEN)
    wish = Draining.model_validate({"text": {}})
    command = DrainClinic(actor=BOSS.id, clinic_id=HILL, expected_version=1, wish=wish)

    with pytest.raises(Refused, match="missing"):
        drain_clinic(command, BOSS, clinic, NOW)
    assert clinic.state is ClinicState.OPEN


@pytest.mark.parametrize("step", tuple(Step))
def test_only_its_administrators_take_a_step(step: Step) -> None:
    for actor in (an_account(hill=Role.RECEIVER), an_account(lake=Role.CLINIC_ADMIN)):
        with pytest.raises(Forbidden):
            take(a_ready_clinic(ClinicState.OPEN), step, actor)


def test_a_clinic_of_which_all_is_well_is_ready() -> None:
    assert {item.mark for item in readiness(a_ready_clinic(), STAFFED)} == {Mark.OK}
    assert reasons_against(a_ready_clinic(), STAFFED) == []


def without(**fields: Any) -> Clinic:
    return replace(a_ready_clinic(), **fields)


def but(**settings: Any) -> Clinic:
    clinic = a_ready_clinic()
    return replace(clinic, settings=clinic.settings.model_copy(update=settings))


@pytest.mark.parametrize(
    ("clinic", "staffing", "code", "mark"),
    (
        (without(administrators=0), STAFFED, "administrators", Mark.FAIL),
        (without(administrators=1), STAFFED, "administrators", Mark.WARN),
        (a_ready_clinic(), Staffing(HILL, 0, 1), "receivers", Mark.FAIL),
        (a_ready_clinic(), Staffing(HILL, 1, 0), "caregivers", Mark.FAIL),
        (a_ready_clinic(), Staffing(HILL, 1, 1, 2), "email_addresses", Mark.WARN),
        (without(region=""), STAFFED, "region", Mark.FAIL),
        (without(case_types=frozenset()), STAFFED, "case_types", Mark.FAIL),
        (but(opening_hours=()), STAFFED, "opening_hours", Mark.FAIL),
        (but(contact=ContactCard(phone="08-1")), STAFFED, "contact_card", Mark.FAIL),
        (but(contact=ContactCard(address="Gatan 1")), STAFFED, "contact_card", Mark.FAIL),
        (but(mailbox=""), STAFFED, "mailbox", Mark.WARN),
        (but(answer_promise=None), STAFFED, "answer_promise", Mark.WARN),
        (but(acknowledgement=LocalText()), STAFFED, "texts", Mark.WARN),
        (without(terms=()), STAFFED, "texts", Mark.WARN),
        (but(out_of_hours=LocalText(sv="Hej")), STAFFED, "translations", Mark.WARN),
    ),
)
def test_what_is_missing_is_marked_and_says_what_to_do(
    clinic: Clinic, staffing: Staffing, code: str, mark: Mark
) -> None:
    marked = [item for item in readiness(clinic, staffing) if item.mark is not Mark.OK]

    assert [(item.code, item.mark) for item in marked] == [(code, mark)]
    assert all(item.sv != item.en and item.sv.endswith(".") for item in marked)
    assert [fault.field for fault in reasons_against(clinic, staffing)] == [code] * (mark is Mark.FAIL)


def test_a_clinic_that_is_not_ready_does_not_open_by_any_door() -> None:
    clinic = a_clinic()
    command = ChangeClinic(
        actor=BOSS.id, clinic_id=HILL, expected_version=1, wish=ClinicWish(name="Kullen", active=True)
    )

    for refused in (
        lambda: take(clinic, Step.OPEN, staffing=None),
        lambda: change_clinic(command, BOSS, clinic, FakeRows(), None, NOW),
    ):
        with pytest.raises(Refused, match="not_ready") as refusal:
            refused()
        fields = {fault.field for fault in refusal.value.faults}
        assert {"receivers", "caregivers", "region", "case_types", "opening_hours", "contact_card"} == fields
    assert (clinic.state, clinic.version) == (ClinicState.INACTIVE, 1)


def test_a_change_that_opens_is_judged_with_what_it_changes() -> None:
    clinic = without(case_types=frozenset())
    types: FakeRows[Any, Any] = FakeRows(a_case_type())
    wish = ClinicWish(name="Kullen", active=True, case_types=frozenset({"ask"}))
    command = ChangeClinic(actor=BOSS.id, clinic_id=HILL, expected_version=1, wish=wish)

    change_clinic(command, BOSS, clinic, types, STAFFED, NOW)

    assert clinic.state is ClinicState.OPEN


@given(st.lists(st.sampled_from(Step), max_size=12))
def test_whatever_is_done_only_an_open_clinic_takes_cases(steps: list[Step]) -> None:
    clinic = a_ready_clinic()

    for step in steps:
        try:
            clinic.take(
                step, HELLO if step is Step.DRAIN else clinic.closing if step is Step.CLOSE else LocalText()
            )
        except Refused:
            continue
        told = clinic.published()
        assert told.active is (told.state is ClinicState.OPEN)
        assert bool(told.closing.sv) is (told.state in {ClinicState.DRAINING, ClinicState.CLOSED})


@pytest.mark.parametrize("state", tuple(ClinicState))
def test_a_clinic_comes_back_from_its_row_as_it_was(state: ClinicState) -> None:
    rows, clinic = ClinicRows(), replace(a_ready_clinic(state), closing=HELLO)

    assert rows.from_row(rows.to_row(clinic)).published() == clinic.published()


@pytest.mark.parametrize(
    ("active", "state", "read_as"),
    ((True, "", "open"), (False, "", "inactive"), (False, "open", "inactive"), (True, "draining", "open")),
)
def test_what_a_former_release_wrote_beside_this_one_is_understood(
    active: bool, state: str, read_as: str
) -> None:
    rows = ClinicRows()
    row = dict(zip(rows.columns, rows.to_row(a_ready_clinic()), strict=True))
    row |= {"active": active, "state": state}

    assert rows.from_row(tuple(row.values())).state.value == read_as
