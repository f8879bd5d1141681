"""Which values count as an answer where numbers, days and files have limits, or several answers are taken."""

from decimal import Decimal
from typing import Any

import pytest

from tests.unit.shared.forms.builders import (
    HELP,
    Json,
    a_choice,
    a_display,
    a_form,
    a_group,
    a_question,
    answered,
    answers,
    codes_for,
    limit,
    told,
)

FILE: Json = {"id": "0198f5c2-7a7e", "contentType": "application/pdf", "size": 1000}


@pytest.mark.parametrize(
    ("value", "codes"),
    (
        (37, []),
        (37.5, []),
        (-0.0, []),
        (Decimal("37.50"), []),
        (123456789012345, []),
        (12345678.9012345, []),
        (0.00000000000001, []),
        (1234567890123456, ["too_many_digits"]),
        (0.1 + 0.2, ["too_many_digits"]),
        (1e-15, ["too_many_digits"]),
        (1e15, ["too_many_digits"]),
        (Decimal("1.0000000000000001"), ["too_many_digits"]),
        (10**400, ["too_many_digits"]),
        (float("inf"), ["too_many_digits"]),
        (float("nan"), ["too_many_digits"]),
        (Decimal("sNaN"), ["too_many_digits"]),
        (Decimal("1e999999"), ["too_many_digits"]),
        (Decimal("1e-999999"), ["too_many_digits"]),
        ("37.5", ["wrong_type"]),
        (True, ["wrong_type"]),
        (None, ["wrong_type"]),
    ),
)
def test_a_decimal_is_a_number_that_survives_the_way_here_exactly(value: Any, codes: list[str]) -> None:
    assert codes_for(a_question(type_="decimal"), valueDecimal=value) == codes


LIMITED = [
    ("integer", "valueInteger", (0, 10), {-1: "too_small", 0: "", 10: "", 11: "too_great"}),
    (
        "decimal",
        "valueDecimal",
        (0.1, 0.3),
        {0.09: "too_small", 0.1: "", 0.3: "", 0.30000001: "too_great"},
    ),
    (
        "date",
        "valueDate",
        ("2026-02-28", "2026-03-01"),
        {"2026-02-27": "too_early", "2026-02-28": "", "2026-03-01": "", "2026-03-02": "too_late"},
    ),
]


@pytest.mark.parametrize(("type_", "field", "limits", "expected"), LIMITED)
def test_the_limits_of_an_answer_are_themselves_allowed(
    type_: str, field: str, limits: tuple[Any, Any], expected: dict[Any, str]
) -> None:
    extensions = [limit("minValue", **{field: limits[0]}), limit("maxValue", **{field: limits[1]})]
    question = a_question(type_=type_, extension=extensions)

    for value, code in expected.items():
        assert codes_for(question, **{field: value}) == ([code] if code else []), value


def test_a_fault_says_the_limit() -> None:
    question = a_question(type_="decimal", extension=[limit("maxValue", valueDecimal=43.5)])
    (fault,) = a_form(question).check(answers(answered("reason", valueDecimal=44)))

    assert fault.sv == "Talet i svaret på frågan ”Frågan reason?” är för stort. Ange 43.5 eller mindre."
    assert fault.en == "The number in the answer to “Frågan reason?” is too great. Give 43.5 or less."


@pytest.mark.parametrize(
    ("answer", "codes"),
    (
        ({"valueCoding": {"code": "a"}}, []),
        ({"valueString": "något annat"}, []),
        ({"valueString": " "}, []),
        ({"valueString": "x" * 1001}, ["too_long"]),
        ({"valueCoding": {"code": "z"}}, ["not_an_option"]),
        ({"valueCoding": {"code": "a"}, "valueString": "b"}, ["unknown_field"]),
        ({"valueInteger": 3}, ["wrong_type"]),
    ),
)
def test_an_open_choice_is_one_of_the_options_or_other_words(answer: Json, codes: list[str]) -> None:
    assert codes_for(a_choice() | {"type": "open-choice"}, **answer) == codes


def test_other_words_are_as_long_as_the_form_says() -> None:
    question = a_choice(maxLength=3) | {"type": "open-choice"}

    assert codes_for(question, valueString="abc") == []
    assert codes_for(question, valueString="abcd") == ["too_long"]


def several(question: Json, *given: Any) -> list[tuple[str, str]]:
    return told(a_form(question), answers({"linkId": question["linkId"], "answer": list(given)}))


def test_a_multiple_choice_takes_each_option_once() -> None:
    question = a_choice("q", "a", "b", "c", repeats=True)
    a, b = ({"valueCoding": {"code": code}} for code in "ab")

    assert several(question, a, b) == []
    assert several(question, a, b, a) == [("answers.q", "repeated_answer")]
    assert several(question, a, {"valueCoding": {"code": "z"}}) == [("answers.q", "not_an_option")]
    assert several(question, a, "b") == [("answers.q", "malformed")]


def test_a_multiple_choice_has_as_many_answers_as_options_and_other_questions_twenty() -> None:
    codes = [f"o{number}" for number in range(30)]
    choice = a_choice("q", *codes, repeats=True)

    assert several(choice, *({"valueCoding": {"code": code}} for code in codes)) == []
    assert several(a_question("q", repeats=True), *[{"valueString": "x"}] * 20) == []
    assert several(a_question("q", repeats=True), *[{"valueString": "x"}] * 21) == [
        ("answers.q", "too_many_answers")
    ]


def test_blanks_among_several_answers_are_none() -> None:
    question = a_question("q", repeats=True, required=True)

    assert several(question, {"valueString": " "}, {"valueString": ""}) == [("answers.q", "required")]
    assert several(question, {"valueString": " "}, {"valueString": "x"}) == []


@pytest.mark.parametrize(
    ("change", "codes"),
    (
        ({}, []),
        ({"title": "Remiss.pdf", "hash": "2jmj7l5rSw0yVb/vlWAYkK/YBwk="}, []),
        ({"title": "x" * 255}, []),
        ({"title": "x" * 256}, ["too_long"]),
        ({"title": "a\x00"}, ["invalid_characters"]),
        ({"title": 7}, ["malformed"]),
        ({"id": "../etc/passwd"}, ["malformed"]),
        ({"id": "x" * 65}, ["malformed"]),
        ({"id": None}, ["malformed"]),
        ({"size": 0}, ["malformed"]),
        ({"size": True}, ["malformed"]),
        ({"size": "1000"}, ["malformed"]),
        ({"size": 20 * 1024 * 1024}, []),
        ({"size": 20 * 1024 * 1024 + 1}, ["file_too_big"]),
        ({"contentType": "text/html"}, ["wrong_file_type"]),
        ({"contentType": ["image/png"]}, ["malformed"]),
        ({"hash": "inte base64!"}, ["malformed"]),
        ({"hash": "é"}, ["malformed"]),
        ({"hash": ""}, ["malformed"]),
        ({"hash": "QUJD" * 30}, ["malformed"]),
        ({"data": "QUJD"}, ["unknown_field"]),
        ({"url": "https://example.org/x.pdf"}, ["unknown_field"]),
    ),
)
def test_an_attachment_is_described_and_never_carried(change: Json, codes: list[str]) -> None:
    assert codes_for(a_question(type_="attachment"), valueAttachment=FILE | change) == codes


@pytest.mark.parametrize("value", ("x.pdf", None, [], {}))
def test_an_attachment_lacks_nothing(value: Any) -> None:
    assert codes_for(a_question(type_="attachment"), valueAttachment=value) in (["wrong_type"], ["malformed"])


def test_an_attachment_is_of_a_kind_and_a_size_that_the_question_takes() -> None:
    extensions = [limit("mimeType", valueCode="image/png"), limit("maxSize", valueDecimal=500)]
    question = a_question(type_="attachment", extension=extensions)
    picture = FILE | {"contentType": "image/png", "size": 500}

    assert codes_for(question, valueAttachment=picture) == []
    assert codes_for(question, valueAttachment=picture | {"size": 501}) == ["file_too_big"]
    assert codes_for(question, valueAttachment=FILE) == ["wrong_file_type"]


@pytest.mark.parametrize("item", ({"linkId": "note"}, answered("note", valueString="x")))
def test_information_is_not_answered(item: Json) -> None:
    form = a_form(a_question(), a_display("note"), a_group("g", a_display("inner")))

    assert told(form, answers(item)) == [("answers.note", "display_answered")]


def test_help_is_not_answered() -> None:
    from_help = a_question("q", item=[a_display("q.help") | HELP])

    assert told(a_form(from_help), answers(answered("q.help", valueString="x"))) == [
        ("answers.q.help", "display_answered")
    ]
