"""Taking a case, and every reason not to."""

from typing import Any

import pytest

from services.intake.domain.neighbours import CaseType, Clinic, Portal
from shared.contracts.commands.intake import PersonId
from shared.errors import Refused
from tests.unit.intake.builders import CLINIC, NOW, Desk, a_submission, filled, names_of


def told(refusal: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    assert all(fault.sv and fault.en for fault in refusal.value.faults)
    return [(fault.field, fault.code) for fault in refusal.value.faults]


def test_a_case_is_stored_with_its_newest_type_version_and_told_once() -> None:
    desk = Desk()
    case = desk.stored()
    assert (case.state, case.version, case.case_type_version) == ("open", 1, 2)
    assert names_of(case) == ["CaseReceived"]


@pytest.mark.parametrize(
    ("fields", "place", "reason"),
    (
        ({"clinic": None}, "clinic_id", "clinic_unknown"),
        ({"clinic": Clinic(CLINIC, 1, False, ["renewal"])}, "clinic_id", "clinic_inactive"),
        ({"clinic": Clinic(CLINIC, 1, True, [])}, "case_type", "case_type_not_offered"),
        ({"case_type": None}, "case_type", "case_type_unknown"),
        ({"case_type": CaseType("renewal", 2, NOW, False, "", "")}, "case_type", "case_type_inactive"),
        ({"case_type": CaseType("renewal", 3, NOW, True, "", "")}, "case_type", "case_type_inactive"),
        ({"portal": Portal("karlstad", 1, False)}, "", "portal_inactive"),
    ),
)
def test_what_the_directory_says_can_refuse_a_case(fields: dict[str, Any], place: str, reason: str) -> None:
    desk = Desk()
    for name, value in fields.items():
        setattr(desk, name, value)
    with pytest.raises(Refused) as refusal:
        desk.submit()
    assert told(refusal) == [(place, reason)]


def test_a_clinic_that_is_being_closed_says_itself_where_to_turn() -> None:
    desk = Desk()
    desk.clinic = Clinic(
        CLINIC, 1, False, ["renewal"], closing_sv="Välj Norra.", closing_en="Choose the northern one."
    )

    with pytest.raises(Refused) as refusal:
        desk.submit()

    [fault] = refusal.value.faults
    assert (fault.code, fault.sv, fault.en) == ("clinic_inactive", "Välj Norra.", "Choose the northern one.")


@pytest.mark.parametrize(
    ("fields", "place", "reason"),
    (
        (
            {"citizen": PersonId(kind="personnummer", value="198112289875")},
            "citizen.value",
            "not_a_person_id",
        ),
        ({"citizen": PersonId(kind="personnummer", value="8112289874")}, "citizen.value", "bad_format"),
        ({"citizen": PersonId(kind="nrid", value="123")}, "citizen.value", "bad_format"),
        ({"citizen_name": "a\x00b"}, "citizen_name", "invalid_characters"),
        ({"form": {}}, "form.answers.medicine", "required"),
        ({"form": filled("medicine", "a\x00")}, "form.answers.medicine", "invalid_characters"),
        ({"form": {"item": [{"linkId": "x"}], "x": 10**30}}, "form.answers", "unknown_field"),
    ),
)
def test_what_the_portal_sends_can_refuse_a_case(fields: dict[str, Any], place: str, reason: str) -> None:
    desk = Desk()
    with pytest.raises(Refused) as refusal:
        desk.submit(a_submission(**fields))
    assert (place, reason) in told(refusal)
    assert list(desk.cases.touched) == []


def test_all_reasons_are_told_at_once() -> None:
    desk = Desk()
    desk.clinic = None
    wrong = a_submission(citizen=PersonId(kind="nrid", value="1"), form={}, citizen_name="\x00")
    with pytest.raises(Refused) as refusal:
        desk.submit(wrong)
    places = [field for field, _ in told(refusal)]
    assert places == ["clinic_id", "citizen.value", "citizen_name", "form.answers.medicine"]


def test_the_same_case_twice_is_one_case() -> None:
    desk = Desk()
    command = a_submission()
    assert desk.submit(command) == desk.submit(command) == {"case_id": str(command.case_id)}
    case = desk.cases.get(command.case_id)
    assert case is not None
    assert names_of(case) == ["CaseReceived"]


@pytest.mark.parametrize("fields", ({"form": filled("medicine", "annat")}, {"citizen_name": "Annan"}))
def test_the_same_id_with_other_content_is_refused(fields: dict[str, Any]) -> None:
    desk = Desk()
    command = a_submission()
    desk.submit(command)
    with pytest.raises(Refused) as refusal:
        desk.submit(command.model_copy(update=fields))
    assert told(refusal) == [("case_id", "case_id_taken")]


def test_another_portals_id_is_refused_without_telling_more() -> None:
    desk = Desk()
    command = a_submission()
    desk.submit(command)
    with pytest.raises(Refused) as refusal:
        desk.submit(command, desk.other)
    assert told(refusal) == [("case_id", "case_id_taken")]
