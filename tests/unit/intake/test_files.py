"""Files that go with a case or an answer, as far as they are told of."""

from typing import Any

import pytest

from services.intake.application.staff_acts import answer_case
from shared.errors import Refused
from shared.forms import parse_form
from tests.unit.intake.builders import NOW, Desk, a_submission, answer

QUESTION = {"linkId": "file", "text": "Fil?", "type": "attachment", "repeats": True}
FORM = parse_form(
    {
        "resourceType": "Questionnaire",
        "language": "sv",
        "item": [{"linkId": "g", "text": "Filer", "type": "group", "item": [QUESTION]}],
    }
)


def files(*kinds: str) -> dict[str, Any]:
    told = [{"id": f"f-{n}", "contentType": kind, "size": 1000} for n, kind in enumerate(kinds)]
    answers = [{"valueAttachment": one} for one in told]
    return {"item": [{"linkId": "g", "item": [{"linkId": "file", "answer": answers}]}]}


def a_desk(**attachments: Any) -> Desk:
    desk = Desk()
    desk.forms._compiled["renewal", 2] = (FORM, FORM, {"attachments": attachments} if attachments else {})
    return desk


def refusals(desk: Desk, form: dict[str, Any]) -> list[tuple[str, str]]:
    try:
        desk.submit(a_submission(form=form))
    except Refused as refusal:
        return [(fault.field, fault.code) for fault in refusal.faults]
    return []


@pytest.mark.parametrize(
    ("attachments", "kinds", "code"),
    (
        ({}, ["image/png"] * 5, ""),
        ({}, ["image/png"] * 6, "too_many_files"),
        ({"most": 1}, ["image/png"] * 2, "too_many_files"),
        ({"allowed": False}, ["image/png"], "too_many_files"),
        ({"kinds": ["pdf"]}, ["application/pdf"], ""),
        ({"kinds": ["pdf"]}, ["application/pdf", "image/png"], "wrong_file_type"),
    ),
)
def test_a_citizen_attaches_what_the_case_type_takes(
    attachments: dict[str, Any], kinds: list[str], code: str
) -> None:
    assert refusals(a_desk(**attachments), files(*kinds)) == ([("form", code)] if code else [])


def test_what_is_wrong_with_a_file_itself_is_told_first() -> None:
    assert refusals(a_desk(most=1), files("text/html", "image/png")) == [
        ("form.answers.file", "wrong_file_type")
    ]


@pytest.mark.parametrize(("count", "taken"), ((10, True), (11, False)))
def test_an_answer_carries_at_most_ten(count: int, taken: bool) -> None:
    desk = a_desk(most=1)
    desk.submit(command := a_submission(form=files("image/png")))
    case = desk.cases.get(command.case_id)
    assert case is not None
    case.held_by("SE1-ANNA", "", 1, 2, NOW)
    said = answer(case, form=files(*["image/png"] * count))
    rows = (desk.staff, desk.clinic, case, desk.forms, desk.messages, desk.access_log)
    if taken:
        assert answer_case(said, *rows, case.id, NOW)["state"] == "answered"
        return
    with pytest.raises(Refused) as refusal:
        answer_case(said, *rows, case.id, NOW)
    assert [fault.code for fault in refusal.value.faults] == ["too_many_files"]
