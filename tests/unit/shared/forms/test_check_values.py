"""Which value counts as an answer to each type of question."""

from time import process_time
from typing import Any

import pytest

from tests.unit.shared.forms.builders import (
    Json,
    a_choice,
    a_form,
    a_question,
    an_option,
    answered,
    answers,
    codes_for,
    told,
)


def test_no_is_an_answer_to_a_required_question() -> None:
    assert codes_for(a_question(type_="boolean", required=True), valueBoolean=False) == []


@pytest.mark.parametrize(
    ("type_", "value"),
    (
        ("string", {"valueString": 3}),
        ("string", {"valueString": None}),
        ("string", {"valueInteger": 3}),
        ("text", {"valueDate": "2026-03-01"}),
        ("boolean", {"valueBoolean": "true"}),
        ("boolean", {"valueBoolean": 1}),
        ("date", {"valueDate": 20260301}),
        ("date", {"valueString": "2026-03-01"}),
        ("integer", {"valueInteger": True}),
        ("integer", {"valueInteger": 3.0}),
        ("integer", {"valueInteger": "3"}),
        ("integer", {}),
    ),
)
def test_an_answer_has_the_type_of_its_question(type_: str, value: Json) -> None:
    assert codes_for(a_question(type_=type_), **value) == ["wrong_type"]


@pytest.mark.parametrize(
    "value",
    (
        "2026-02-29",
        "2026-13-01",
        "20260301",
        "2026-W09-7",
        "2026-3-1",
        "2026-03",
        "",
        "2026-03-01T00:00",
        " 2026-03-01",
        "\u0662\u0660\u0662\u0666-03-01",
        "0000-01-01",
        "\ud800",
    ),
)
def test_a_date_is_a_day_that_exists_written_as_fhir_writes_it(value: str) -> None:
    assert codes_for(a_question(type_="date"), valueDate=value) == ["invalid_date"]


@pytest.mark.parametrize("value", ("2024-02-29", "0001-01-01", "9999-12-31"))
def test_any_day_of_the_calendar_is_a_date(value: str) -> None:
    assert codes_for(a_question(type_="date"), valueDate=value) == []


@pytest.mark.parametrize(
    ("value", "codes"),
    (
        (2**31 - 1, []),
        (-(2**31), []),
        (2**31, ["out_of_range"]),
        (-(2**31) - 1, ["out_of_range"]),
        (10**400, ["out_of_range"]),
    ),
)
def test_an_integer_has_32_bits(value: int, codes: list[str]) -> None:
    assert codes_for(a_question(type_="integer"), valueInteger=value) == codes


@pytest.mark.parametrize(
    ("coding", "codes"),
    (
        ({"code": "a"}, []),
        ({"code": "a", "display": "Ja, gärna"}, []),
        ({"code": "a", "display": "Yes, please"}, []),
        ({"code": "a", "display": "Nej tack"}, ["not_an_option"]),
        ({"code": "a", "display": None}, ["not_an_option"]),
        ({"code": "A"}, ["not_an_option"]),
        ({"code": ""}, ["not_an_option"]),
        ({"code": 1}, ["wrong_type"]),
        ({"code": ["a"]}, ["wrong_type"]),
        ({"display": "Ja, gärna"}, ["wrong_type"]),
        ("a", ["wrong_type"]),
        (["a"], ["wrong_type"]),
        ({"code": "a", "system": "x"}, ["unknown_field"]),
        ({"code": "a", "display": "Ja, gärna", "system": "x"}, ["unknown_field"]),
    ),
)
def test_a_choice_is_one_of_the_options_and_its_display_agrees_with_the_code(
    coding: Any, codes: list[str]
) -> None:
    question = a_choice() | {"answerOption": [an_option("a", "Ja, gärna", "Yes, please"), an_option("b")]}

    assert codes_for(question, valueCoding=coding) == codes


@pytest.mark.parametrize("value", ("a\x00b", "\ud83d", "glad \ude00"))
def test_a_text_that_can_not_be_stored_is_refused(value: str) -> None:
    assert codes_for(a_question(), valueString=value) == ["invalid_characters"]


@pytest.mark.parametrize(
    "value", ("Åäö é ñ", "😀 👩\u200d⚕️", "två\nrader\r\n\ttab", "سلام", "\u00a0\u2013”x”")
)
def test_a_text_may_hold_any_writing(value: str) -> None:
    assert codes_for(a_question(), valueString=value) == []


def test_the_length_counts_characters_after_nfc() -> None:
    question = a_question(maxLength=4)

    assert codes_for(question, valueString="a\u030a" * 4) == []
    assert codes_for(question, valueString="a\u030a" * 5) == ["too_long"]
    assert codes_for(question, valueString="\u03b1\u0313\u0301\u0345" * 4) == []  # four that are one letter
    assert codes_for(question, valueString="\u0958" * 2) == []  # NFC takes this letter apart
    assert codes_for(question, valueString="\u0958" * 4) == ["too_long"]


def test_blanks_count_towards_the_length() -> None:
    assert codes_for(a_question(maxLength=4), valueString=" " * 5) == ["too_long"]


@pytest.mark.parametrize(("type_", "longest"), (("string", 1_000), ("text", 20_000)))
def test_a_text_without_a_length_of_its_own_has_that_of_its_type(type_: str, longest: int) -> None:
    assert codes_for(a_question(type_=type_), valueString="x" * longest) == []
    assert codes_for(a_question(type_=type_), valueString="x" * (longest + 1)) == ["too_long"]


@pytest.mark.parametrize("marks", ("\u0301\u0323", "\u0f73\u0f75"))
def test_marks_piled_up_to_exhaust_the_machine_are_refused_at_once(marks: str) -> None:
    form = a_form(a_question(type_="text"))
    before = process_time()

    assert told(form, answers(answered("reason", valueString=marks * 39_000))) == [
        ("answers.reason", "too_long")
    ]
    assert process_time() - before < 1  # normalising them takes five
