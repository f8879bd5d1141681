"""Which questionnaires are forms, and what is said about those that are not."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.errors import Refused
from shared.forms import FormFaults, Group, Option, Question, Text, parse_form
from tests.unit.shared.forms.builders import (
    TRANSLATION,
    Json,
    a_choice,
    a_group,
    a_question,
    a_questionnaire,
    an_option,
    caregiver_answer,
    faults_of,
    prescription_renewal,
    translated,
)


def test_a_questionnaire_becomes_a_tree_of_groups_and_questions() -> None:
    form = parse_form(prescription_renewal())

    medicine, supply, health, _ = form.items
    assert medicine == Question(
        "medicine",
        Text("Vilket läkemedel gäller det?", "Which medicine is it about?"),
        "string",
        required=True,
        max_length=100,
    )
    assert isinstance(supply, Question)
    assert supply.options[0] == Option("week", Text("Mindre än en vecka", "Less than a week"))
    assert isinstance(health, Group)
    assert [item.link_id for item in health.items] == ["pregnant", "weight", "last_visit"]


def test_a_caregivers_answer_form_is_read_like_a_question_form() -> None:
    assert [item.link_id for item in parse_form(caregiver_answer()).items] == ["decision", "message"]


def test_questions_come_with_the_groups_they_lie_in() -> None:
    form = parse_form(a_questionnaire(a_group("g", a_group("h", a_question("x"))), a_question("y")))

    assert [
        ([group.link_id for group in above], question.link_id) for above, question in form.questions()
    ] == [
        (["g", "h"], "x"),
        ([], "y"),
    ]


@pytest.mark.parametrize("questionnaire", (prescription_renewal(), caregiver_answer()))
def test_a_form_is_written_as_it_was_read(questionnaire: Json) -> None:
    assert parse_form(questionnaire).to_questionnaire() == questionnaire


def test_a_text_without_translation_is_shown_in_swedish() -> None:
    assert Text("Sedan när?").in_language("en") == "Sedan när?"


def test_a_form_that_is_refused_is_a_refusal_like_any_other() -> None:
    assert issubclass(FormFaults, Refused)


def test_all_faults_are_found_in_one_reading() -> None:
    questionnaire = a_questionnaire(
        a_question(text=" "), a_question("b", "boolean", maxLength=3), language="en"
    )

    assert faults_of(questionnaire) == [
        ("language", "wrong_value"),
        ("item[0].text", "blank"),
        ("item[1].maxLength", "field_not_for_type"),
    ]


def test_a_fault_says_in_both_languages_what_to_do() -> None:
    with pytest.raises(FormFaults) as refused:
        parse_form(a_questionnaire(a_question(maxLength=0)))

    (fault,) = refused.value.faults
    assert fault.sv == "Värdet kan inte användas här. Ange ett heltal från 1 till 1000."
    assert fault.en == "The value can't be used here. Give a whole number from 1 to 1000."


@pytest.mark.parametrize("value", (None, [], "form", 3, True))
def test_what_is_not_an_object_is_no_form(value: object) -> None:
    assert faults_of(value) == [("questionnaire", "wrong_type")]


@pytest.mark.parametrize(
    ("change", "path", "code"),
    (
        ({"resourceType": "Patient"}, "resourceType", "wrong_value"),
        ({"language": "en"}, "language", "wrong_value"),
        ({"status": "draft"}, "status", "wrong_value"),
        ({"title": "Förnya recept"}, "title", "unknown_field"),
        ({"Ö\x00": 1}, "questionnaire", "unknown_field"),
        ({"item": []}, "item", "empty"),
        ({"item": {}}, "item", "wrong_type"),
        ({"item": ["fråga"]}, "item[0]", "wrong_type"),
    ),
)
def test_the_frame_of_a_form_is_held_strictly(change: Json, path: str, code: str) -> None:
    assert faults_of(a_questionnaire() | change) == [(path, code)]


@pytest.mark.parametrize("field", ("resourceType", "language", "item"))
def test_a_form_lacks_nothing_of_its_frame(field: str) -> None:
    questionnaire = a_questionnaire()
    del questionnaire[field]

    assert faults_of(questionnaire) == [(field, "missing_field")]


@pytest.mark.parametrize("field", ("linkId", "text", "type"))
def test_an_item_lacks_nothing(field: str) -> None:
    question = a_question()
    del question[field]

    assert faults_of(a_questionnaire(question)) == [(f"item[0].{field}", "missing_field")]


@pytest.mark.parametrize(
    ("attributes", "path", "code"),
    (
        ({"linkId": "två ord"}, "linkId", "invalid_link_id"),
        ({"linkId": ""}, "linkId", "blank"),
        ({"linkId": 7}, "linkId", "wrong_type"),
        ({"linkId": "x" * 65}, "linkId", "too_long"),
        ({"type": "quantity"}, "type", "wrong_value"),
        ({"type": ["string"]}, "type", "wrong_type"),
        ({"text": None}, "text", "wrong_type"),
        ({"text": "\n\t"}, "text", "blank"),
        ({"text": "x" * 1001}, "text", "too_long"),
        ({"text": "NUL\x00"}, "text", "invalid_characters"),
        ({"text": "\ud83d"}, "text", "invalid_characters"),
        ({"required": "true"}, "required", "wrong_type"),
        ({"required": 1}, "required", "wrong_type"),
        ({"maxLength": True}, "maxLength", "wrong_type"),
        ({"maxLength": 10.0}, "maxLength", "wrong_type"),
        ({"maxLength": 0}, "maxLength", "wrong_value"),
        ({"maxLength": 1001}, "maxLength", "wrong_value"),
        ({"initial": [{"valueString": "x"}]}, "initial", "unknown_field"),
        ({"repeats": "yes"}, "repeats", "wrong_type"),
        ({"enableWhen": []}, "enableWhen", "empty"),
        ({"answerOption": []}, "answerOption", "field_not_for_type"),
        ({"extension": []}, "extension", "field_not_for_type"),
        ({"item": []}, "item", "empty"),
    ),
)
def test_an_attribute_that_is_not_understood_is_refused(attributes: Json, path: str, code: str) -> None:
    assert faults_of(a_questionnaire(a_question() | attributes)) == [(f"item[0].{path}", code)]


@pytest.mark.parametrize("type_", ("boolean", "date", "integer"))
def test_only_a_text_has_a_length(type_: str) -> None:
    question = a_question(type_=type_, maxLength=5)

    assert faults_of(a_questionnaire(question)) == [("item[0].maxLength", "field_not_for_type")]


@pytest.mark.parametrize("attribute", ("required", "repeats", "maxLength", "answerOption", "extension"))
def test_a_group_is_not_answered_and_so_has_no_attribute_of_a_question(attribute: str) -> None:
    group = a_group("g", a_question()) | {attribute: True}

    assert faults_of(a_questionnaire(group)) == [(f"item[0].{attribute}", "field_not_for_type")]


def test_a_group_is_never_empty() -> None:
    assert faults_of(a_questionnaire(a_group("g"))) == [("item[0].item", "empty")]


def test_a_link_id_is_used_once_also_across_groups() -> None:
    questionnaire = a_questionnaire(a_question("x"), a_group("g", a_question("x")))

    assert faults_of(questionnaire) == [("item[1].item[0].linkId", "duplicate_link_id")]


def nested(levels: int) -> Json:
    item = a_question("deepest")
    for level in range(levels - 1):
        item = a_group(f"g{level}", item)
    return a_questionnaire(item)


def test_groups_nest_to_four_levels() -> None:
    parse_form(nested(4))
    assert faults_of(nested(5)) == [("item[0].item[0].item[0].item[0].item", "too_deep")]


def test_a_form_nested_beyond_reason_is_refused_like_any_other() -> None:
    assert [code for _, code in faults_of(nested(5_000))] == ["too_deep"]


def of_size(size: int) -> Json:
    return a_questionnaire(*(a_question(f"q{number}") for number in range(size)))


def test_a_form_has_at_most_two_hundred_items_groups_included() -> None:
    in_group = a_questionnaire(a_group("g", *of_size(200)["item"]))

    parse_form(of_size(200))
    assert faults_of(of_size(201)) == [("item[200]", "too_many_items")]
    assert faults_of(in_group) == [("item[0].item[199]", "too_many_items")]


def test_at_most_a_hundred_faults_are_told() -> None:
    assert len(faults_of(a_questionnaire(*(a_question() for _ in range(200))))) == 100


def options(*given: Any) -> Json:
    return a_questionnaire(a_choice() | {"answerOption": list(given)})


def test_a_choice_has_options() -> None:
    without = a_question(type_="choice")

    assert faults_of(a_questionnaire(without)) == [("item[0].answerOption", "missing_field")]
    assert faults_of(options()) == [("item[0].answerOption", "empty")]


def test_a_choice_has_at_most_two_hundred_options() -> None:
    parse_form(options(*(an_option(str(number)) for number in range(200))))
    assert faults_of(options(*(an_option(str(number)) for number in range(201)))) == [
        ("item[0].answerOption", "too_many")
    ]


@pytest.mark.parametrize(
    ("option", "path", "code"),
    (
        ("a", "", "wrong_type"),
        ({"valueString": "a"}, ".valueCoding", "missing_field"),
        ({"valueCoding": "a"}, ".valueCoding", "wrong_type"),
        ({"valueCoding": {"display": "A"}}, ".valueCoding.code", "missing_field"),
        ({"valueCoding": {"code": "a"}}, ".valueCoding.display", "missing_field"),
        ({"valueCoding": {"code": "a", "display": ""}}, ".valueCoding.display", "blank"),
        ({"valueCoding": {"code": " a", "display": "A"}}, ".valueCoding.code", "invalid_code"),
        (
            {"valueCoding": {"code": "a", "display": "A", "system": "s"}},
            ".valueCoding.system",
            "unknown_field",
        ),
    ),
)
def test_an_option_is_a_code_and_a_display(option: Any, path: str, code: str) -> None:
    assert (f"item[0].answerOption[1]{path}", code) in faults_of(options(an_option("first"), option))


def test_two_options_have_different_codes() -> None:
    assert faults_of(options(an_option("a"), an_option("a"))) == [
        ("item[0].answerOption[1].valueCoding.code", "duplicate_option")
    ]


def _retell(change: Callable[[list[Json]], Any]) -> Json:
    english = translated("Why?")
    change(english["extension"][0]["extension"])
    return english


@pytest.mark.parametrize(
    ("translation", "path", "code"),
    (
        ("Why?", "", "wrong_type"),
        ({"id": "x", **translated("Why?")}, ".id", "unknown_field"),
        ({}, ".extension", "missing_field"),
        ({"extension": []}, ".extension", "empty"),
        ({"extension": translated("Why?")["extension"] * 2}, ".extension", "too_many"),
        ({"extension": [{"url": "http://example.org/other"}]}, ".extension[0].url", "wrong_value"),
        ({"extension": [{"url": TRANSLATION}]}, ".extension[0].extension", "missing_field"),
        (
            _retell(lambda parts: parts[0].update(valueCode="fi")),
            ".extension[0].extension[0].valueCode",
            "wrong_value",
        ),
        (
            _retell(lambda parts: parts[1].update(valueString=" ")),
            ".extension[0].extension[1].valueString",
            "blank",
        ),
        (_retell(lambda parts: parts.pop()), ".extension[0].extension", "incomplete"),
        (_retell(lambda parts: parts[1].update(url="lang")), ".extension[0].extension[1].url", "wrong_value"),
    ),
)
def test_a_translation_is_english_in_the_standard_extension(translation: Any, path: str, code: str) -> None:
    assert (f"item[0]._text{path}", code) in faults_of(a_questionnaire(a_question(_text=translation)))
