"""Which conditions a form may hold, and what is said about those that it may not."""

from typing import Any

import pytest

from shared.forms import parse_form
from tests.unit.shared.forms.builders import (
    HELP,
    Json,
    a_choice,
    a_display,
    a_group,
    a_question,
    a_questionnaire,
    faults_of,
    only_if,
)


def conditional(*conditions: Any, **fields: Any) -> Json:
    earlier = (
        a_question("smokes", "boolean"),
        a_question("age", "integer"),
        a_choice("kind"),
        a_question("file", "attachment"),
        a_display("note"),
        a_question("helped", item=[a_display("helped.help") | HELP]),
    )
    tested = a_group("g", a_question("then", enableWhen=list(conditions), **fields))
    return a_questionnaire(*earlier, tested, a_question("later", "boolean"))


SOUND: Json = {"question": "smokes", "operator": "=", "answerBoolean": True}


@pytest.mark.parametrize(
    ("condition", "path", "code"),
    (
        ("smokes", "", "wrong_type"),
        ({**SOUND, "valueBoolean": True}, ".valueBoolean", "unknown_field"),
        ({"operator": "=", "answerBoolean": True}, ".question", "missing_field"),
        ({"question": "smokes", "answerBoolean": True}, ".operator", "missing_field"),
        ({"question": "smokes", "operator": "="}, ".answerBoolean", "missing_field"),
        ({**SOUND, "question": 7}, ".question", "wrong_type"),
        ({**SOUND, "question": "then"}, ".question", "condition_on_itself"),
        ({**SOUND, "question": "later"}, ".question", "condition_looks_ahead"),
        ({**SOUND, "question": "nowhere"}, ".question", "condition_on_unknown"),
        ({**SOUND, "question": "g"}, ".question", "condition_on_no_question"),
        ({**SOUND, "question": "note"}, ".question", "condition_on_no_question"),
        ({**SOUND, "question": "helped.help"}, ".question", "condition_on_no_question"),
        ({**SOUND, "operator": "≥"}, ".operator", "wrong_value"),
        ({**SOUND, "operator": None}, ".operator", "wrong_value"),
        ({**SOUND, "operator": ">"}, ".operator", "operator_not_for_type"),
        ({**SOUND, "question": "file"}, ".operator", "operator_not_for_type"),
        ({**SOUND, "question": "age"}, ".answerBoolean", "answer_not_for_condition"),
        ({**SOUND, "answerInteger": 1}, ".answerInteger", "answer_not_for_condition"),
        ({**SOUND, "answerBoolean": "true"}, ".answerBoolean", "wrong_type"),
        (
            {"question": "age", "operator": "exists", "answerInteger": 1},
            ".answerInteger",
            "answer_not_for_condition",
        ),
        (
            {"question": "age", "operator": ">", "answerDecimal": 1.5},
            ".answerDecimal",
            "answer_not_for_condition",
        ),
        ({"question": "age", "operator": ">", "answerInteger": 2**31}, ".answerInteger", "wrong_value"),
        ({"question": "kind", "operator": "=", "answerCoding": "a"}, ".answerCoding", "wrong_type"),
        (
            {"question": "kind", "operator": "=", "answerCoding": {"code": "z"}},
            ".answerCoding.code",
            "unknown_option",
        ),
        (
            {"question": "kind", "operator": "=", "answerCoding": {"code": "a", "display": "A"}},
            ".answerCoding.display",
            "unknown_field",
        ),
    ),
)
def test_a_condition_that_can_not_be_judged_is_refused_where_it_stands(
    condition: Any, path: str, code: str
) -> None:
    assert faults_of(conditional(condition)) == [(f"item[6].item[0].enableWhen[0]{path}", code)]


@pytest.mark.parametrize(
    ("type_", "field", "value", "code"),
    (
        ("decimal", "answerDecimal", "1", "wrong_type"),
        ("decimal", "answerDecimal", 0.1 + 0.2, "wrong_value"),
        ("date", "answerDate", "2026-02-29", "wrong_value"),
        ("date", "answerDate", 2026, "wrong_type"),
        ("string", "answerString", " ", "blank"),
    ),
)
def test_a_condition_compares_with_a_real_value(type_: str, field: str, value: Any, code: str) -> None:
    then = a_question("then") | only_if("q", "=", **{field: value})

    assert faults_of(a_questionnaire(a_question("q", type_), then)) == [
        (f"item[1].enableWhen[0].{field}", code)
    ]


def test_several_conditions_say_how_they_go_together() -> None:
    assert faults_of(conditional(SOUND, SOUND)) == [("item[6].item[0].enableBehavior", "missing_field")]
    assert faults_of(conditional(SOUND, SOUND, enableBehavior="one")) == [
        ("item[6].item[0].enableBehavior", "wrong_value")
    ]


def test_how_conditions_go_together_is_not_said_where_there_are_none() -> None:
    question = a_question("then", enableBehavior="all")

    assert faults_of(a_questionnaire(question)) == [("item[0].enableWhen", "missing_field")]


def test_an_item_has_at_most_twenty_conditions() -> None:
    parse_form(conditional(*[SOUND] * 20, enableBehavior="all"))
    assert faults_of(conditional(*[SOUND] * 21, enableBehavior="all")) == [
        ("item[6].item[0].enableWhen", "too_many")
    ]


def test_a_circle_of_conditions_is_refused_where_it_looks_ahead() -> None:
    first = a_question("first", "boolean") | only_if("second", "=", answerBoolean=True)
    second = a_question("second", "boolean") | only_if("first", "=", answerBoolean=True)

    assert faults_of(a_questionnaire(first, second)) == [
        ("item[0].enableWhen[0].question", "condition_looks_ahead")
    ]


def test_a_group_does_not_depend_on_what_lies_in_it() -> None:
    group = a_group("g", a_question("x", "boolean")) | only_if("x", "=", answerBoolean=True)

    assert faults_of(a_questionnaire(group)) == [("item[0].enableWhen[0].question", "condition_looks_ahead")]
