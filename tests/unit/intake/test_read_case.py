"""Who sees a case, and that every look is logged."""

from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest

from services.intake.adapters.projections import CaseTypeRows
from services.intake.application.commands import ListCases, ReadCase
from services.intake.application.policy import RULES, Act, may
from services.intake.application.read_case import list_cases, read_case
from services.intake.domain.case import Case
from services.intake.domain.offering import Adapted
from shared.contracts.commands.admin import AccessAct
from shared.errors import NotFound
from tests.unit.intake.builders import ANNA, BO, CLINIC, EVA, NOW, RUT, SECRET, Desk


def look(desk: Desk, case: Case, actor: str, kind: Any = "staff") -> dict[str, Any] | None:
    portal = {"karlstad": desk.portal, "arvika": desk.other}.get(actor)
    types = CaseTypeRows()
    if desk.case_type is not None:
        types.add(desk.case_type)
    command = ReadCase(actor=actor, actor_kind=kind, case_id=case.id)
    with suppress(NotFound):
        return read_case(
            command,
            portal,
            desk.cases,
            desk.staff,
            desk.clinic,
            types,
            desk.adaptations,
            desk.forms,
            desk.messages,
            desk.access_log,
            uuid4(),
            NOW,
        )
    return None


@pytest.mark.parametrize(
    ("actor", "kind", "sees"),
    (
        (ANNA, "staff", True),
        (RUT, "staff", True),
        (BO, "staff", False),
        (EVA, "staff", False),
        ("SE1-NOBODY", "staff", False),
        ("karlstad", "portal", True),
        ("arvika", "portal", False),
        (ANNA, "portal", False),
        ("karlstad", "staff", False),
    ),
)
def test_holder_receivers_and_own_portal_see_a_case_and_each_look_is_logged(
    actor: str, kind: str, sees: bool
) -> None:
    desk = Desk()
    case = desk.held()
    view = look(desk, case, actor, kind)
    assert (view is not None) is sees
    [access] = desk.access_log.events
    assert (access.act, access.actor_id) == (AccessAct.READ if sees else AccessAct.REFUSED, actor)  # type: ignore[attr-defined]


def test_the_access_log_names_the_patient_by_reference_only() -> None:
    desk = Desk()
    case = desk.held()
    look(desk, case, ANNA)
    text = desk.access_log.events[0].model_dump_json()
    assert SECRET not in text
    assert case.citizen_value not in text
    assert '"citizen_ref":"1:' in text


def test_what_does_not_exist_is_not_logged() -> None:
    desk = Desk()
    case = desk.held()
    case.id = uuid4()
    assert look(desk, case, ANNA) is None
    assert desk.access_log.events == []


def test_a_portal_is_not_told_which_staff_hold_the_case() -> None:
    desk = Desk()
    view = look(desk, desk.held(), "karlstad", "portal")
    assert view is not None
    assert not {"holder", "holder_name", "answered_by", "answer_form", "standard_answers"} & set(view)


def test_who_answers_sees_the_texts_to_answer_with_as_the_clinic_wants_them() -> None:
    desk, text = Desk(), {"sv": "Receptet är förnyat.", "en": ""}
    nationally = {"key": "done", "title": text, "text": text}
    asked, answered, _ = desk.forms._compiled["renewal", 2]
    desk.forms._compiled["renewal", 2] = (asked, answered, {"standard_answers": [nationally]})
    case = desk.held()
    assert look(desk, case, ANNA)["standard_answers"] == [nationally]  # type: ignore[index]
    here = nationally | {"key": "ours"}
    adaptation = Adapted(f"{CLINIC}/renewal", 1, {"standard_answers": [here]})
    desk.adaptations.add(adaptation)
    desk.adaptations._loaded[adaptation.id] = adaptation
    assert look(desk, case, ANNA)["standard_answers"] == [here]  # type: ignore[index]
    desk.adaptations._loaded[adaptation.id] = adaptation.denied()
    assert look(desk, case, ANNA)["standard_answers"] == []  # type: ignore[index]


def test_a_list_shows_names_without_identity_numbers_and_logs_each_row() -> None:
    desk = Desk()
    mine, others = desk.held(), desk.held(BO)
    command = ListCases(actor=ANNA, case_ids=(mine.id, others.id, uuid4()))
    [row] = list_cases(command, desk.cases, desk.staff, desk.access_log, uuid4(), NOW)
    assert row["citizen_name"] == SECRET
    assert mine.citizen_value not in str(row)
    acts = [access.act for access in desk.access_log.events]  # type: ignore[attr-defined]
    assert acts == [AccessAct.LIST, AccessAct.REFUSED]
    assert len({access.access_id for access in desk.access_log.events}) == 2  # type: ignore[attr-defined]


def test_nobody_may_do_what_no_rule_allows() -> None:
    desk = Desk()
    case = desk.held()
    staff = desk.staff.find(ANNA)
    for actor in (None, staff, desk.portal):
        for act in Act:
            if (type(actor), act) not in RULES:
                assert not may(actor, act, case)
    assert not any(may(staff, act, None) for act in Act)
