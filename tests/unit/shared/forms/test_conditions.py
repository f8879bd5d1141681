"""When an item is shown, and what that means for its answers."""

from typing import Any

import pytest

from shared.forms import Form, parse_form
from tests.unit.shared.forms.builders import (
    HELP,
    Json,
    a_choice,
    a_display,
    a_form,
    a_group,
    a_question,
    a_questionnaire,
    answered,
    answers,
    only_if,
    told,
)

SMOKES = a_question("smokes", "boolean")
PACKETS = a_question("packets", "integer", required=True) | only_if("smokes", "=", answerBoolean=True)


def yes(link_id: str = "smokes") -> Json:
    return answered(link_id, valueBoolean=True)


def no(link_id: str = "smokes") -> Json:
    return answered(link_id, valueBoolean=False)


def shown_by(question: Json, operator: str, given: list[Json], **value: Any) -> bool:
    """Whether an item that depends on the question is shown for these answers to it."""
    form = a_form(question, a_display("then") | only_if(question["linkId"], operator, **value))
    sent = answers({"linkId": question["linkId"], "answer": given})
    assert form.check(sent) == ()
    return "then" in form.visible(sent)


def test_a_hidden_question_is_not_required() -> None:
    form = a_form(SMOKES, PACKETS)

    assert told(form, answers(no())) == []
    assert told(form, answers()) == []
    assert told(form, answers(yes())) == [("answers.packets", "required")]
    assert told(form, answers(yes(), answered("packets", valueInteger=1))) == []


@pytest.mark.parametrize("value", ({"valueInteger": 1}, {"valueString": "fel slag"}, {}))
def test_an_answer_to_a_hidden_question_is_refused_and_the_fault_says_so(value: Json) -> None:
    form = a_form(SMOKES, PACKETS)
    (fault,) = form.check(answers(no(), answered("packets", **value)))

    assert (fault.field, fault.code) == ("answers.packets", "hidden_question")
    assert "villkoret för att visa den är inte uppfyllt. Ta bort svaret." in fault.sv
    assert "the condition for showing it isn't met. Remove the answer." in fault.en


@pytest.mark.parametrize("item", ({"linkId": "packets"}, {"linkId": "packets", "answer": []}))
def test_a_hidden_question_that_is_sent_without_an_answer_is_not_answered(item: Json) -> None:
    assert told(a_form(SMOKES, PACKETS), answers(no(), item)) == []


def test_blank_answers_to_many_hidden_questions_hide_no_fault() -> None:
    hidden = [
        a_question(f"q{number}", required=True) | only_if("smokes", "=", answerBoolean=True)
        for number in range(150)
    ]
    form = a_form(SMOKES, *hidden, a_question("last", "integer"))
    blank = [answered(item["linkId"], valueString=" ") for item in hidden]

    assert told(form, answers(no(), *blank, answered("last", valueInteger="x"))) == [
        ("answers.last", "wrong_type")
    ]


def test_what_lies_in_a_hidden_group_is_hidden() -> None:
    inner = a_group("inner", a_question("deep", required=True))
    form = a_form(SMOKES, a_group("outer", inner) | only_if("smokes", "=", answerBoolean=True))
    nested = {"linkId": "inner", "item": [answered("deep", valueString="ja")]}
    sent = {"linkId": "outer", "item": [nested]}

    assert told(form, answers(no())) == []
    assert told(form, answers(yes())) == [("answers.deep", "required")]
    assert told(form, answers(no(), sent)) == [("answers.deep", "hidden_question")]
    assert told(form, answers(yes(), sent)) == []
    assert form.visible(answers(no())) == {"smokes"}
    assert form.visible(answers(yes())) == {"smokes", "outer", "inner", "deep"}


def test_an_answer_to_a_hidden_question_shows_nothing() -> None:
    middle = a_question("middle", "boolean") | only_if("smokes", "=", answerBoolean=True)
    form = a_form(SMOKES, middle, a_question("last") | only_if("middle", "=", answerBoolean=True))

    assert form.visible(answers(yes(), yes("middle"))) == {"smokes", "middle", "last"}
    assert form.visible(answers(no(), yes("middle"))) == {"smokes"}


@pytest.mark.parametrize(
    ("behavior", "first", "second", "shown"),
    (
        ("all", True, True, True),
        ("all", True, False, False),
        ("any", True, False, True),
        ("any", False, False, False),
    ),
)
def test_all_conditions_hold_or_any_of_them(behavior: str, first: bool, second: bool, shown: bool) -> None:
    conditions = [{"question": name, "operator": "=", "answerBoolean": True} for name in ("first", "second")]
    form = a_form(
        a_question("first", "boolean"),
        a_question("second", "boolean"),
        a_question("then", enableWhen=conditions, enableBehavior=behavior),
    )
    sent = answers(answered("first", valueBoolean=first), answered("second", valueBoolean=second))

    assert ("then" in form.visible(sent)) is shown


ORDERED = [
    ("integer", "Integer", (1, 2, 3)),
    ("decimal", "Decimal", (0.1, 0.2, 0.3)),
    ("date", "Date", ("2026-02-28", "2026-03-01", "2026-10-01")),
]


@pytest.mark.parametrize(
    ("operator", "expected"),
    (
        ("=", (False, True, False)),
        ("!=", (True, False, True)),
        ("<", (True, False, False)),
        ("<=", (True, True, False)),
        (">", (False, False, True)),
        (">=", (False, True, True)),
    ),
)
@pytest.mark.parametrize(("type_", "name", "values"), ORDERED)
def test_numbers_and_days_are_compared(
    type_: str, name: str, values: tuple[Any, ...], operator: str, expected: tuple[bool, ...]
) -> None:
    limit = {f"answer{name}": values[1]}

    shown = tuple(
        shown_by(a_question("q", type_), operator, [{f"value{name}": value}], **limit) for value in values
    )
    assert shown == expected


def test_decimals_are_compared_exactly() -> None:
    question = a_question("q", "decimal")

    assert shown_by(question, "=", [{"valueDecimal": 0.3}], answerDecimal=0.3)
    assert shown_by(question, "=", [{"valueDecimal": 2}], answerDecimal=2.0)
    assert not shown_by(question, ">", [{"valueDecimal": 0.1}], answerDecimal=0.1)
    assert shown_by(question, ">", [{"valueDecimal": 0.10000000000001}], answerDecimal=0.1)


@pytest.mark.parametrize(
    ("operator", "given", "shown"),
    (
        ("=", ["a"], True),
        ("=", ["b"], False),
        ("=", ["a", "b"], True),
        ("=", [], False),
        ("!=", ["b"], True),
        ("!=", ["a", "b"], False),
        ("!=", [], True),
    ),
)
def test_of_several_answers_one_is_enough_and_unlike_is_the_contrary_of_like(
    operator: str, given: list[str], shown: bool
) -> None:
    question = a_choice("q", "a", "b", "c", repeats=True)
    sent = [{"valueCoding": {"code": code}} for code in given]

    assert shown_by(question, operator, sent, answerCoding={"code": "a"}) is shown


@pytest.mark.parametrize("type_", ("string", "text"))
@pytest.mark.parametrize(("given", "exists"), (([], False), ([" "], False), (["x"], True)))
def test_a_blank_text_does_not_exist(type_: str, given: list[str], exists: bool) -> None:
    sent = [{"valueString": text} for text in given]

    assert shown_by(a_question("q", type_), "exists", sent, answerBoolean=True) is exists
    assert shown_by(a_question("q", type_), "exists", sent, answerBoolean=False) is not exists


def test_no_exists_as_much_as_yes() -> None:
    assert shown_by(SMOKES, "exists", [{"valueBoolean": False}], answerBoolean=True)


def test_an_attachment_exists_or_does_not() -> None:
    file = {"valueAttachment": {"id": "f1", "contentType": "image/png", "size": 1}}

    assert shown_by(a_question("q", "attachment"), "exists", [file], answerBoolean=True)
    assert not shown_by(a_question("q", "attachment"), "exists", [], answerBoolean=True)


def test_an_option_is_not_the_text_that_reads_like_its_code() -> None:
    question = a_choice("q", "a", "b") | {"type": "open-choice"}
    option, text = {"valueCoding": {"code": "a"}}, {"valueString": "a"}

    assert shown_by(question, "=", [option], answerCoding={"code": "a"})
    assert not shown_by(question, "=", [text], answerCoding={"code": "a"})
    assert shown_by(question, "=", [text], answerString="a")
    assert not shown_by(question, "=", [option], answerString="a")


@pytest.mark.parametrize(
    "sent",
    (
        answers(answered("smokes", valueBoolean="true")),
        answers({"linkId": "smokes", "answer": [{"valueBoolean": True}, {"valueBoolean": True}]}),
        answers({"linkId": "elsewhere", "item": [yes()]}),
        answers(no(), yes()),
        {"item": "smokes"},
        [],
        None,
    ),
)
def test_an_answer_that_is_not_accepted_shows_nothing(sent: Any) -> None:
    form = a_form(SMOKES, PACKETS, a_group("elsewhere", a_question("x")))

    assert form.visible(sent) == {"smokes", "elsewhere", "x"}


def test_everything_is_visible_in_a_form_without_conditions_helps_included() -> None:
    form = a_form(a_question("q", item=[a_display("q.help") | HELP]), a_display("d"))

    assert form.visible({}) == {"q", "q.help", "d"}


def test_a_long_chain_of_conditions_is_followed_to_its_end() -> None:
    chain = [a_question("q0", "boolean")] + [
        a_question(f"q{number}", "boolean") | only_if(f"q{number - 1}", "=", answerBoolean=True)
        for number in range(1, 200)
    ]
    form: Form = parse_form(a_questionnaire(*chain))

    assert len(form.visible(answers(*(yes(item["linkId"]) for item in chain)))) == 200
    assert form.visible(answers(*(yes(item["linkId"]) for item in chain[1:]))) == {"q0"}
