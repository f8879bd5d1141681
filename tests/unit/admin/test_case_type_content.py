"""What a case type may say, what is remarked about it, how versions differ, and how it travels as a file."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.admin.application.catalogue.kind import CASE_TYPES
from services.admin.application.catalogue.review import preview_case_type, remarks_on_case_type
from services.admin.application.catalogue.wishes import CaseTypeWish
from services.admin.application.documents.commands import ImportDocument
from services.admin.application.documents.transfer import exported, import_document, read_file
from services.admin.application.documents.wishes import Import, OwnerWish
from services.admin.domain.case_type import CaseType
from services.admin.domain.differences import differences
from shared.errors import Conflict, Forbidden, Refused
from shared.messaging.faults import faults_of
from tests.unit.admin.builders import HILL, NOW, FakeRows, a_clinic, a_form
from tests.unit.admin.documents import CLINICAL, OF_HILL, a_case_type, a_wish

FORMAT = "vardvaxel.case-type.v1"


def an_answer(**texts: str) -> dict[str, Any]:
    return {"key": "time", "title": {"sv": "Tid", "en": "Time"}, "text": texts}


@pytest.mark.parametrize(
    ("fields", "place", "code"),
    (
        ({"question_form": a_form(type="nonsense")}, "question_form.item[0].type", "wrong_value"),
        ({"answer_form": {}}, "answer_form.resourceType", "missing_field"),
        ({"age": {"least": 20, "most": 10}}, "age", "empty_interval"),
        ({"starts_on": "2026-02-01", "ends_on": "2026-01-31"}, "ends_on", "before_start"),
        ({"standard_answers": [an_answer(sv="a"), an_answer(sv="b")]}, "standard_answers", "duplicate_key"),
        (
            {"standard_answers": [an_answer(sv="Hej {{pet_name}}")]},
            "standard_answers.0.text.sv",
            "unknown_variable",
        ),
        ({"standard_answers": [an_answer(sv="Tid [[dag")]}, "standard_answers.0.text.sv", "unreadable_mark"),
        ({"description": {"sv": "Hej {{citizen_name}}"}}, "description.sv", "no_marks_here"),
        (
            {"question_form": a_form(type="attachment"), "attachments": {"allowed": False}},
            "attachments.allowed",
            "files_asked_for",
        ),
    ),
)
def test_what_is_not_sound_is_refused_in_its_place(fields: dict[str, Any], place: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        a_wish(**fields).content()
    assert (place, code) in [(fault.field, fault.code) for fault in refusal.value.faults]
    assert all(fault.sv and fault.en for fault in refusal.value.faults)


@pytest.mark.parametrize(
    "fields",
    (
        {"attachments": {"most": 6}},
        {"attachments": {"kinds": ["exe"]}},
        {"answer_within_hours": 0},
        {"locked": ["name_sv"]},
        {"surprise": 1},
        {"routing": {"group": "No such name"}},
    ),
)
def test_what_makes_no_sense_is_refused_before_anything_looks_at_it(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_wish(**fields)


def test_a_form_that_only_nests_is_refused_before_anything_looks_at_it() -> None:
    form: Any = []
    for _ in range(500):
        form = [form]
    with pytest.raises(ValidationError, match="nests more than"):
        a_wish(question_form={"item": form})


@pytest.mark.parametrize(
    "owner", ({"kind": "region"}, {"kind": "clinic", "region": "01"}, {"region": "01"}, {"kind": "clinic"})
)
def test_an_owner_names_its_place_and_no_other(owner: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="Place and level do not fit"):
        OwnerWish.model_validate(owner)


def test_remarks_name_what_could_be_better_and_stop_nothing() -> None:
    content = a_wish(
        description={"sv": "Skriv ditt lösenord här"},
        standard_answers=[an_answer(sv="Tid [[dag]]", en="Time, soon")],
    ).content()

    found = {(remark.path, remark.code) for remark in remarks_on_case_type(content)}

    assert ("description.en", "missing_translation") in found
    assert ("description", "risky_text") in found
    assert ("standard_answers.0.text.en", "other_prompts") in found
    assert ("question_form.item[0]", "missing_help") in found


def test_a_preview_shows_what_the_answers_so_far_show() -> None:
    form = a_form()
    form["item"].append(
        {
            "linkId": "more",
            "text": "Hur länge?",
            "type": "string",
            "enableWhen": [{"question": "question", "operator": "exists", "answerBoolean": True}],
        }
    )
    content = a_wish(question_form=form, description={"sv": "Om frågor"}).content()
    answered = {"item": [{"linkId": "question", "answer": [{"valueString": "Ont"}]}]}

    whole, empty, filled = (preview_case_type(content, "sv", answers) for answers in (None, {}, answered))

    assert [line.text for line in whole.citizen] == ["Om frågor", "Vad gäller det?", "Hur länge?"]
    assert [line.conditional for line in whole.citizen] == [False, False, True]
    assert [line.text for line in empty.citizen] == ["Om frågor", "Vad gäller det?"]
    assert [line.text for line in filled.citizen] == [line.text for line in whole.citizen]


def test_versions_are_compared_question_by_question() -> None:
    old, new = a_form(), a_form(text="Vad är det?", maxLength=10)
    new["item"].insert(0, {"linkId": "first", "text": "Ny", "type": "string"})
    old["item"].append({"linkId": "gone", "text": "Borta", "type": "string"})
    before, after = (a_wish(question_form=form).content().model_dump(mode="json") for form in (old, new))

    found = {(it.path, it.kind) for it in differences(before, after)}

    assert found == {
        ("question_form.item[gone]", "removed"),
        ("question_form.item[first]", "added"),
        ("question_form.item[question].text", "changed"),
        ("question_form.item[question].maxLength", "added"),
    }
    assert not list(differences(after, after))


def test_moved_questions_are_told_as_moved() -> None:
    before = [{"linkId": "a"}, {"linkId": "b"}]
    assert [(it.path, it.kind) for it in differences({"item": before}, {"item": before[::-1]})] == [
        ("item", "moved")
    ]


def test_a_file_comes_back_as_it_was() -> None:
    content = a_wish(standard_answers=[an_answer(sv="Hej", en="Hi")]).content()
    file = exported(FORMAT, "ask", 1, content.model_dump(mode="json"))

    usable, report = read_file(file, FORMAT, CaseTypeWish)

    assert usable.content() == content
    assert {field.outcome for field in report.fields} == {"taken"}


def test_a_report_says_what_was_taken_changed_and_refused() -> None:
    file = exported(FORMAT, "ask", 1, a_wish().content().model_dump(mode="json"))
    file["content"] |= {
        "name_en": "  Ask us ",
        "priority": "at once",
        "colour": "red",
        "age": {"least": 9, "most": 1},
    }

    usable, report = read_file(file, FORMAT, CaseTypeWish)

    outcomes = {field.field: field.outcome for field in report.fields}
    assert outcomes["name_sv"] == "taken"
    assert outcomes["name_en"] == "changed"
    assert {name for name, it in outcomes.items() if it == "refused"} == {"priority", "colour", "age"}
    assert all(field.reasons for field in report.fields if field.outcome == "refused")
    assert usable.content().name_en == "Ask us"


def test_a_file_without_what_is_needed_is_reported_and_not_stored() -> None:
    usable, report = read_file({"format": FORMAT, "content": {"name_sv": ""}}, FORMAT, CaseTypeWish)

    assert usable is None
    assert [(field.field, field.outcome) for field in report.fields] == [("name_sv", "refused")]
    documents: FakeRows[str, CaseType] = FakeRows()
    with pytest.raises(Refused, match="not_enough"):
        bring(documents, usable, report, dry_run=False)
    assert documents.get("ask") is None


@pytest.mark.parametrize("file", ({}, {"format": "other", "content": {}}, {"format": FORMAT, "content": []}))
def test_a_file_of_another_kind_is_refused(file: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="other_format"):
        read_file(file, FORMAT, CaseTypeWish)


def test_a_dry_run_stores_nothing_and_needs_the_same_permission() -> None:
    file = exported(FORMAT, "ask", 1, a_wish().content().model_dump(mode="json"))
    usable, report = read_file(file, FORMAT, CaseTypeWish)
    documents: FakeRows[str, CaseType] = FakeRows()

    assert not bring(documents, usable, report, dry_run=True).stored
    assert documents.get("ask") is None
    assert bring(documents, usable, report, dry_run=False).stored
    assert documents.the("ask").drafted().content == usable.content()
    with pytest.raises(Conflict):
        bring(documents, usable, report, dry_run=True)
    with pytest.raises(Forbidden):
        bring(FakeRows(a_case_type()), usable, report, dry_run=True)


def bring(documents: Any, wish: Any, report: Any, *, dry_run: bool) -> Any:
    command: ImportDocument = CASE_TYPES.commands.import_(
        actor=CLINICAL.id,
        id="ask",
        owner=OF_HILL,
        wish=wish,
        report=report.model_dump(mode="json"),
        dry_run=dry_run,
    )
    return import_document(command, CLINICAL, documents, FakeRows(a_clinic(HILL)), NOW)


def _deep(levels: int) -> dict[str, Any]:
    form: dict[str, Any] = {}
    for _ in range(levels):
        form = {"item": [form]}
    return form


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    (
        ({"owner": {"kind": "region"}}, "owner", "wrong_place"),
        ({"owner": {"kind": "national", "clinic_id": HILL}}, "owner", "wrong_place"),
        ({"file": _deep(20)}, "file", "too_deep"),
    ),
)
def test_our_own_validators_say_the_field_and_what_to_do(sent: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Import.model_validate({"file": {}} | sent)
    told = {(fault.field, fault.code): fault for fault in faults_of(refused.value)}
    assert (field, code) in told
    assert told[field, code].sv != told[field, code].en


def test_what_is_read_of_a_case_type_can_be_written_again() -> None:
    wish = a_wish(
        standard_answers=[an_answer(sv="Hej", en="Hi")], age={"least": 18}, locked=["priority"], active=False
    )
    read = wish.content().model_dump(mode="json")
    assert CaseTypeWish.model_validate(read).content() == wish.content()
