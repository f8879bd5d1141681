"""Which answers a form accepts, and what is said about those that it doesn't."""

from types import MappingProxyType
from typing import Any

import pytest

from shared.forms import Fault, parse_form
from tests.unit.shared.forms.builders import (
    Json,
    a_form,
    a_group,
    a_question,
    answered,
    answers,
    caregiver_answer,
    prescription_answers,
    prescription_renewal,
    told,
)


def test_a_citizens_complete_answers_have_no_faults() -> None:
    assert parse_form(prescription_renewal()).check(prescription_answers()) == ()


def test_a_caregivers_answer_is_checked_like_a_citizens() -> None:
    form = parse_form(caregiver_answer())
    decision = answered("decision", valueCoding={"code": "visit"})

    assert told(form, answers(decision, answered("message", valueString="Välkommen"))) == []
    assert told(form, answers(decision)) == [("answers.message", "required")]


def test_a_fault_names_the_question_and_says_what_to_do_in_both_languages() -> None:
    response = prescription_answers()
    response["item"][0] = answered("medicine", valueString="x" * 101)

    assert parse_form(prescription_renewal()).check(response) == (
        Fault(
            "answers.medicine",
            "too_long",
            "Svaret på frågan ”Vilket läkemedel gäller det?” är för långt. Korta det till högst 100 tecken.",
            "The answer to “Which medicine is it about?” is too long. Shorten it to at most 100 characters.",
        ),
    )


def test_a_fault_shortens_a_long_question() -> None:
    (fault,) = a_form(a_question(text="Varför? " * 100, required=True)).check(answers())

    assert "Varför? Varför?…”" in fault.sv
    assert len(fault.sv) < 150


def test_a_question_may_hold_braces() -> None:
    (fault,) = a_form(a_question(text="Är {x} eller {0}?", required=True)).check(answers())

    assert "”Är {x} eller {0}?”" in fault.sv


@pytest.mark.parametrize(
    "sent",
    (
        answers(),
        {},
        answers({"linkId": "reason"}),
        answers({"linkId": "reason", "answer": []}),
        answers(answered("reason", valueString="")),
        answers(answered("reason", valueString=" \n\t\u00a0")),
    ),
)
def test_a_question_left_blank_is_a_fault_only_if_it_is_required(sent: Json) -> None:
    assert told(a_form(a_question(required=True)), sent) == [("answers.reason", "required")]
    assert told(a_form(a_question()), sent) == []


def test_a_required_question_must_be_answered_also_if_its_group_is_left_out() -> None:
    form = a_form(a_group("g", a_question("x", required=True)))

    assert told(form, answers()) == [("answers.x", "required")]
    assert told(form, answers({"linkId": "g"})) == [("answers.x", "required")]
    assert told(form, answers({"linkId": "g", "item": [answered("x", valueString="ja")]})) == []


def test_a_question_that_the_form_does_not_have_is_located_by_position() -> None:
    form = a_form(a_question(), a_group("g", a_question("x")))
    sent = answers(
        answered("reason", valueString="ont"), {"linkId": "g", "item": [{"linkId": "191212121212"}]}
    )

    assert told(form, sent) == [("answers.item[1].item[0]", "unknown_question")]


def test_a_question_is_answered_once() -> None:
    sent = answers(answered("reason", valueString="ett"), answered("reason", valueString="två"))

    assert told(a_form(a_question()), sent) == [("answers.reason", "answered_twice")]


def test_a_group_comes_once() -> None:
    group = {"linkId": "g", "item": [answered("x", valueString="ja")]}

    assert told(a_form(a_group("g", a_question("x"))), answers(group, group)) == [
        ("answers.g", "answered_twice")
    ]


def test_a_question_has_one_answer() -> None:
    sent = answers({"linkId": "reason", "answer": [{"valueString": "ett"}, {"valueString": "två"}]})

    assert told(a_form(a_question()), sent) == [("answers.reason", "more_than_one_answer")]


def test_a_question_is_answered_in_its_own_group() -> None:
    form = a_form(a_question("y"), a_group("g", a_question("x", required=True)))

    assert told(form, answers(answered("x", valueString="ja"))) == [("answers.x", "misplaced_question")]
    assert told(
        form, answers({"linkId": "g", "item": [{"linkId": "y"}, answered("x", valueString="ja")]})
    ) == [("answers.y", "misplaced_question")]


def test_a_heading_can_not_be_answered() -> None:
    form = a_form(a_group("g", a_question("x", required=True)))
    sent = answers({**answered("g", valueString="ja"), "item": [answered("x", valueString="ja")]})

    assert told(form, sent) == [("answers.g", "group_answered")]


@pytest.mark.parametrize(
    ("item", "field", "code"),
    (
        ("reason", "answers.item[0]", "malformed"),
        ({}, "answers.item[0]", "malformed"),
        ({"linkId": ["reason"]}, "answers.item[0]", "malformed"),
        ({"linkId": "reason", "answer": None}, "answers.reason", "malformed"),
        ({"linkId": "reason", "answer": {"valueString": "x"}}, "answers.reason", "malformed"),
        ({"linkId": "reason", "answer": ["x"]}, "answers.reason", "malformed"),
        ({"linkId": "reason", "text": "Orsak"}, "answers.reason", "unknown_field"),
        ({**answered("reason", valueString="x"), "text": "Orsak"}, "answers.reason", "unknown_field"),
        (answered("reason", valueString="x", valueDate="2026-03-01"), "answers.reason", "unknown_field"),
        ({"linkId": "g", "item": None}, "answers.g", "malformed"),
        ({"linkId": "g", "text": "Gruppen"}, "answers.g", "unknown_field"),
        ({"linkId": "g", "item": [], "text": "Gruppen"}, "answers.g", "unknown_field"),
    ),
)
def test_an_item_is_built_as_fhir_says(item: Any, field: str, code: str) -> None:
    assert told(a_form(a_question(), a_group("g", a_question("x"))), answers(item)) == [(field, code)]


@pytest.mark.parametrize(
    ("sent", "code"),
    (
        (None, "malformed"),
        ([], "malformed"),
        ({"item": None}, "malformed"),
        ({"item": "reason"}, "malformed"),
        ({"item": [], "subject": "191212121212"}, "unknown_field"),
        ({"item": [], "resourceType": "Questionnaire"}, "wrong_resource"),
        ({"item": [], "status": "in-progress"}, "not_completed"),
        ({"item": [], "status": ["completed"]}, "not_completed"),
    ),
)
def test_the_frame_of_the_answers_is_held_strictly(sent: Any, code: str) -> None:
    assert told(a_form(a_question()), sent) == [("answers", code)]


def test_faults_come_in_the_order_of_the_form_and_what_belongs_nowhere_last() -> None:
    form = a_form(
        a_question("first", required=True), a_question("second"), a_question("third", required=True)
    )
    sent = answers({"linkId": "stray"}, answered("third", valueString=3), answered("second", valueString=2))

    assert [field for field, _ in told(form, sent)] == [
        "answers.first",
        "answers.second",
        "answers.third",
        "answers.item[0]",
    ]


@pytest.mark.parametrize(
    "item", ({"linkId": "stray"}, {"linkId": "reason"}, {"linkId": "g", "item": [1] * 500})
)
def test_at_most_a_hundred_faults_are_told(item: Json) -> None:
    form = a_form(a_question(), a_group("g", a_question("x")))

    assert len(form.check(answers(*([item] * 500)))) == 100


def test_at_most_a_hundred_missing_answers_are_told() -> None:
    form = a_form(*(a_question(f"q{number}", required=True) for number in range(150)))

    assert [field for field, _ in told(form, {})] == [f"answers.q{number}" for number in range(100)]


def test_an_item_nested_beyond_reason_is_refused_without_descending() -> None:
    item: Json = {"linkId": "g"}
    for _ in range(50_000):
        item = {"linkId": "g", "item": [item]}

    assert told(a_form(a_group("g", a_question("x"))), answers(item)) == [("answers.g", "answered_twice")]


def test_answers_are_read_from_any_mapping() -> None:
    item = MappingProxyType({"linkId": "reason", "answer": (MappingProxyType({"valueString": "ont"}),)})

    assert a_form(a_question()).check(MappingProxyType({"item": (item,)})) == ()
