"""Templates: their texts and marks, and the second person who approves them."""

from typing import Any

import pytest

from services.admin.application.documents.commands import DocumentCommand, SaveDraft
from services.admin.application.documents.drafts import save_draft
from services.admin.application.documents.transfer import exported, read_file
from services.admin.application.templates.approval import (
    approve_template,
    send_back_template,
    submit_template,
)
from services.admin.application.templates.commands import ApproveTemplate, SendBackTemplate, SubmitTemplate
from services.admin.application.templates.review import preview_template, remarks_on_template
from services.admin.application.templates.wishes import TemplateWish
from services.admin.domain.account import Account
from services.admin.domain.document import Document
from services.admin.domain.template import Template
from shared.contracts.events.admin import Role
from shared.contracts.texts import filled_in, marks_in, open_prompts
from shared.errors import Conflict, Forbidden, NotFound, Refused
from tests.unit.admin.builders import NOW, a_form, an_account
from tests.unit.admin.documents import OF_HILL

ANNA, BO = an_account("ANNA", hill=Role.CLINIC_ADMIN), an_account("BO", hill=Role.CLINIC_ADMIN)
BODY = {
    "sv": "Hej {{citizen_first_name|du}}! Tid: [[dag]].",
    "en": "Hi {{citizen_first_name|there}}: [[day]].",
}


def a_wish(**fields: Any) -> TemplateWish:
    texts = {"subject": {"sv": "Tid", "en": "Time"}, "body": BODY}
    return TemplateWish.model_validate(
        {"name_sv": "Kallelse", "name_en": "Call", "kind": "information"} | texts | fields
    )


class Shelf:
    """A template of a clinic with two administrators."""

    def __init__(self) -> None:
        self.template = Template("call", OF_HILL)
        self.template.save_draft(a_wish().content(), ANNA.id, NOW)

    def does(self, use_case: Any, command: type[DocumentCommand], actor: Account, **fields: Any) -> None:
        seen = {"seen": self.template.revision} | fields
        use_case(command(actor=actor.id, id="call", **seen), actor, self.template, NOW)

    def saves(self, actor: Account) -> None:
        self.does(save_draft, SaveDraft, actor, wish=a_wish(name_en="Better"))

    def submits(self, actor: Account) -> None:
        self.does(submit_template, SubmitTemplate, actor)

    def approves(self, actor: Account, **fields: Any) -> None:
        self.does(approve_template, ApproveTemplate, actor, **fields)


def test_a_second_person_approves_and_then_it_is_published() -> None:
    shelf = Shelf()
    shelf.submits(ANNA)
    assert shelf.template.events == []

    shelf.approves(BO)

    [event] = shelf.template.events
    assert (event.key(), event.approved_by, event.version) == ("template:call/1", BO.id, 1)
    assert shelf.template.draft is None


def test_nobody_approves_what_they_have_had_a_hand_in() -> None:
    shelf = Shelf()
    shelf.saves(BO)
    shelf.submits(ANNA)
    for author in (ANNA, BO):
        with pytest.raises(Forbidden, match="own_work"):
            shelf.approves(author)
    assert shelf.template.version == 0


def test_whoever_only_submits_does_not_approve_either() -> None:
    shelf = Shelf()
    shelf.submits(BO)
    with pytest.raises(Forbidden, match="own_work"):
        shelf.approves(BO)


def test_what_is_changed_after_it_was_submitted_is_not_approved() -> None:
    shelf = Shelf()
    shelf.submits(ANNA)
    seen = shelf.template.revision
    shelf.saves(ANNA)

    with pytest.raises(Conflict, match="draft_conflict"):
        shelf.approves(BO, seen=seen)
    with pytest.raises(Refused, match="not_submitted"):
        shelf.approves(BO)


def test_what_is_sent_back_is_its_authors_again() -> None:
    shelf = Shelf()
    shelf.submits(ANNA)
    shelf.does(send_back_template, SendBackTemplate, BO)
    with pytest.raises(Refused, match="not_submitted"):
        shelf.approves(BO)
    shelf.submits(ANNA)
    shelf.approves(BO)


def test_who_administers_elsewhere_approves_nothing_here() -> None:
    shelf = Shelf()
    shelf.submits(ANNA)
    for stranger in (an_account("CARL", hill=Role.CAREGIVER), an_account("LISA", lake=Role.CLINIC_ADMIN)):
        with pytest.raises(NotFound):
            shelf.approves(stranger)
    assert shelf.template.version == 0


@pytest.mark.parametrize(
    ("fields", "place", "code", "position"),
    (
        ({"body": {"sv": "Hej {{name}}"}}, "body.sv", "unknown_variable", "5"),
        ({"body": {"sv": "Hej", "en": "Hi {{ citizen_name | | }}"}}, "body.en", "unreadable_mark", "4"),
        ({"body": {"sv": "Hej {{citizen_name"}}, "body.sv", "unreadable_mark", "5"),
        ({"subject": {"sv": "[[]]"}}, "subject.sv", "unreadable_mark", "1"),
        ({"body": {"sv": " "}}, "body.sv", "required", ""),
        ({"kind": "questions"}, "form", "required", ""),
        ({"form": a_form()}, "form", "not_for_information", ""),
        ({"kind": "questions", "form": {}}, "form.resourceType", "missing_field", ""),
    ),
)
def test_what_is_not_sound_is_refused_in_its_place(
    fields: dict[str, Any], place: str, code: str, position: str
) -> None:
    with pytest.raises(Refused) as refusal:
        a_wish(**fields).content()
    found = {(fault.field, fault.code): fault for fault in refusal.value.faults}
    assert (place, code) in found
    assert position in found[place, code].en
    assert position in found[place, code].sv


def test_marks_are_found_where_they_stand() -> None:
    found = [(mark.kind, mark.name, mark.position, mark.fallback) for mark in marks_in(BODY["sv"])]
    assert found == [("variable", "citizen_first_name", 4, "du"), ("prompt", "dag", 36, None)]
    assert open_prompts(BODY["sv"]) == ["dag"]
    assert open_prompts("[vanlig text]") == []


@pytest.mark.parametrize(
    ("values", "said"),
    (
        ({"citizen_first_name": "Tolvan"}, "Hej Tolvan! Tid: [[dag]]."),
        ({"citizen_first_name": " "}, "Hej du! Tid: [[dag]]."),
        ({"citizen_first_name": "{{clinic_name}}"}, "Hej {{clinic_name}}! Tid: [[dag]]."),
    ),
)
def test_a_variable_is_its_value_or_its_fallback_and_nothing_is_filled_in_twice(
    values: dict[str, str], said: str
) -> None:
    assert filled_in(BODY["sv"], values) == said


def test_remarks_and_the_preview_are_about_what_citizens_read() -> None:
    content = a_wish(kind="questions", form=a_form(), body={"sv": "Skriv ditt lösenord [[dag]]"}).content()

    shown = preview_template(content, "sv", None)

    assert [line.text for line in shown.citizen] == ["Tid", "Skriv ditt lösenord [[dag]]", "Vad gäller det?"]
    found = {(it.path, it.code) for it in remarks_on_template(content)}
    assert {("body", "risky_text"), ("body.en", "missing_translation"), ("sender", "missing_block")} <= found
    assert ("form.item[0]", "missing_help") in found


def test_a_template_travels_as_a_file_like_a_case_type() -> None:
    content = a_wish(valid_until="2026-12-31").content()
    file = exported("vardvaxel.template.v1", "call", 1, content.model_dump(mode="json"))

    usable, report = read_file(file, "vardvaxel.template.v1", TemplateWish)

    assert usable.content() == content
    assert {field.outcome for field in report.fields} == {"taken"}


def test_a_template_and_a_case_type_may_have_the_same_id() -> None:
    assert Template("call").version_key(1) != Document("call").version_key(1)


@pytest.mark.parametrize("active", (True, False))
def test_what_is_read_of_a_template_can_be_written_again(active: bool) -> None:
    content = a_wish(active=active, valid_until="2027-01-31").content()
    assert TemplateWish.model_validate(content.model_dump(mode="json")).content() == content
