"""Which limits, helps and pieces of information a form may hold, and what is said about those that it may not."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.forms import Display, Question, Text, parse_form
from tests.unit.shared.forms.builders import (
    HELP,
    Json,
    a_choice,
    a_display,
    a_group,
    a_question,
    a_questionnaire,
    faults_of,
    limit,
    sick_leave,
)


def refused(question: Json) -> list[tuple[str, str]]:
    return [(field.removeprefix("item[0]."), code) for field, code in faults_of(a_questionnaire(question))]


def read(question: Json) -> Question:
    (item,) = parse_form(a_questionnaire(question)).items
    assert isinstance(item, Question)
    return item


def test_a_form_with_everything_is_written_as_it_was_read() -> None:
    form = parse_form(sick_leave())

    assert form.to_questionnaire() == sick_leave()
    assert parse_form(form.to_questionnaire()) == form


@pytest.mark.parametrize(
    ("type_", "field", "sent", "value"),
    (
        ("integer", "valueInteger", 3, 3),
        ("decimal", "valueDecimal", 0.1, Decimal("0.1")),
        ("decimal", "valueDecimal", 2, Decimal(2)),
        ("date", "valueDate", "2026-03-01", date(2026, 3, 1)),
    ),
)
def test_a_limit_is_of_the_type_of_the_answer(type_: str, field: str, sent: Any, value: Any) -> None:
    question = read(a_question(type_=type_, extension=[limit("minValue", **{field: sent})]))

    assert (question.min_value, question.max_value) == (value, None)
    assert type(question.min_value) is type(value)


@pytest.mark.parametrize(
    ("type_", "extensions", "path", "code"),
    (
        ("integer", [], "extension", "empty"),
        ("integer", {}, "extension", "wrong_type"),
        ("integer", [{}], "extension[0].url", "missing_field"),
        ("integer", [limit("minValue")], "extension[0].valueInteger", "missing_field"),
        ("integer", [limit("minLength", valueInteger=1)], "extension[0].url", "wrong_value"),
        ("integer", [limit("mimeType", valueCode="image/png")], "extension[0].url", "wrong_value"),
        ("integer", [limit("minValue", valueInteger=1.5)], "extension[0].valueInteger", "wrong_type"),
        ("integer", [limit("minValue", valueInteger=2**31)], "extension[0].valueInteger", "wrong_value"),
        ("integer", [limit("minValue", valueInteger=1)] * 2, "extension[1].url", "wrong_value"),
        ("integer", [limit("minValue", valueInteger=1)] * 3, "extension", "too_many"),
        ("decimal", [limit("minValue", valueDecimal="1")], "extension[0].valueDecimal", "wrong_type"),
        ("decimal", [limit("minValue", valueDecimal=0.1 + 0.2)], "extension[0].valueDecimal", "wrong_value"),
        ("date", [limit("maxValue", valueDate="2026-02-30")], "extension[0].valueDate", "wrong_value"),
        (
            "integer",
            [limit("minValue", valueInteger=2), limit("maxValue", valueInteger=1)],
            "extension",
            "empty_range",
        ),
        ("attachment", [limit("mimeType", valueCode="text/html")], "extension[0].valueCode", "wrong_value"),
        ("attachment", [limit("mimeType", valueCode=["image/png"])], "extension[0].valueCode", "wrong_value"),
        (
            "attachment",
            [limit("mimeType", valueCode="image/png")] * 2,
            "extension[1].valueCode",
            "wrong_value",
        ),
        ("attachment", [limit("maxSize", valueDecimal=0)], "extension[0].valueDecimal", "wrong_value"),
        ("attachment", [limit("maxSize", valueDecimal=1.5)], "extension[0].valueDecimal", "wrong_type"),
        ("attachment", [limit("maxSize", valueDecimal=2**25)], "extension[0].valueDecimal", "wrong_value"),
        ("attachment", [limit("maxSize", valueDecimal=5)] * 2, "extension[1].url", "wrong_value"),
    ),
)
def test_a_limit_that_is_not_understood_is_refused(type_: str, extensions: Any, path: str, code: str) -> None:
    assert (path, code) in refused(a_question(type_=type_, extension=extensions))


def test_a_question_may_say_which_files_it_takes() -> None:
    extensions = [
        limit("mimeType", valueCode="image/png"),
        limit("mimeType", valueCode="image/jpeg"),
        limit("maxSize", valueDecimal=5000),
    ]
    question = read(a_question(type_="attachment", extension=extensions))

    assert (question.mime_types, question.max_size) == (("image/png", "image/jpeg"), 5000)


@pytest.mark.parametrize("item", (a_question(type_="boolean"), a_group("g", a_question()), a_display("d")))
def test_what_has_one_answer_or_none_does_not_repeat(item: Json) -> None:
    assert refused(item | {"repeats": True}) == [("repeats", "field_not_for_type")]


@pytest.mark.parametrize(
    "attribute", ("required", "repeats", "maxLength", "answerOption", "extension", "item")
)
def test_information_asks_nothing(attribute: str) -> None:
    assert refused(a_display("d") | {attribute: True}) == [(attribute, "field_not_for_type")]


def test_an_open_choice_has_options_too() -> None:
    assert refused(a_question(type_="open-choice")) == [("answerOption", "missing_field")]
    assert read(a_choice(maxLength=5) | {"type": "open-choice"}).max_length == 5


def test_help_goes_with_its_question() -> None:
    question = read(a_question("q", item=[a_display("q.help") | HELP]))

    assert question.help == Display("q.help", Text("Upplysningen q.help"))


@pytest.mark.parametrize(
    ("helps", "path", "code"),
    (
        ({}, "item", "wrong_type"),
        (["hjälp"], "item[0]", "wrong_type"),
        ([a_question("q2")], "item[0].type", "only_help"),
        ([a_group("g", a_question("q2"))], "item[0].type", "only_help"),
        ([{"linkId": "h", "text": "Hjälp", **HELP}], "item[0].type", "missing_field"),
        ([a_display("q.help")], "item[0].extension", "missing_field"),
        ([a_display("q") | HELP], "item[0].linkId", "duplicate_link_id"),
        ([a_display("q.help", enableWhen=[]) | HELP], "item[0].enableWhen", "unknown_field"),
        ([a_display("h1") | HELP, a_display("h2") | HELP], "item", "too_many"),
        (
            [a_display("h", extension=[limit("minValue", valueInteger=1)])],
            "item[0].extension[0].url",
            "wrong_value",
        ),
    ),
)
def test_under_a_question_there_is_only_its_help(helps: Any, path: str, code: str) -> None:
    assert (path, code) in refused(a_question("q", item=helps))


@pytest.mark.parametrize(
    ("concept", "path", "code"),
    (
        ("help", "", "wrong_type"),
        ({}, ".coding", "missing_field"),
        ({"coding": [], "text": "help"}, ".text", "unknown_field"),
        ({"coding": []}, ".coding", "empty"),
        ({"coding": ["help"]}, ".coding[0]", "wrong_type"),
        ({"coding": [{"code": "help"}]}, ".coding[0].system", "missing_field"),
        (
            {"coding": [{"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "prompt"}]},
            ".coding[0].code",
            "wrong_value",
        ),
    ),
)
def test_help_says_of_itself_that_it_is_help(concept: Any, path: str, code: str) -> None:
    control = limit("questionnaire-itemControl", valueCodeableConcept=concept)
    help_ = a_display("q.help", extension=[control])

    assert (f"item[0].extension[0].valueCodeableConcept{path}", code) in refused(
        a_question("q", item=[help_])
    )


def test_helps_are_not_counted_among_the_items() -> None:
    items = [a_question(f"q{number}", item=[a_display(f"q{number}.help") | HELP]) for number in range(200)]

    assert len(parse_form(a_questionnaire(*items)).items) == 200
