"""What whoever builds a form is advised to look at again."""

from typing import Any

import pytest

from shared.forms import lint_form, remarks
from shared.forms.lint import MOST_SURVEYED
from tests.unit.shared.forms.builders import (
    HELP,
    Json,
    a_choice,
    a_display,
    a_form,
    a_group,
    a_question,
    limit,
    only_if,
    sick_leave,
    translated,
)
from tests.unit.shared.forms.builders import an_option as option


def said(*items: Json) -> list[tuple[str, str]]:
    """The remarks on a form, but for those that almost every form here would get."""
    usual = ("missing_translation", "missing_help")
    return [(it.code, it.path) for it in lint_form(a_form(*items)) if it.code not in usual]


def finished(question: Json) -> Json:
    """The question with help and translations."""
    help_ = a_display(f"{question['linkId']}.help", _text=translated("Help")) | HELP
    return question | {"_text": translated("Question?"), "item": [help_]}


def test_a_form_with_nothing_to_improve_gets_no_remark() -> None:
    options = [option("a", "Ja", "Yes"), option("b", "Nej", "No")]

    assert (
        lint_form(a_form(finished(a_question()), finished(a_choice("c") | {"answerOption": options}))) == ()
    )


def test_every_text_without_english_and_every_question_without_help_is_named() -> None:
    help_ = a_display("q.help") | HELP
    form = a_form(a_group("g", a_question("q", item=[help_])), a_choice("c", "a", "b"), a_display("d"))

    assert [(it.code, it.path) for it in lint_form(form)] == [
        ("missing_translation", "item[0].text"),
        ("missing_translation", "item[0].item[0].text"),
        ("missing_translation", "item[0].item[0].item[0].text"),
        ("missing_translation", "item[1].text"),
        ("missing_help", "item[1]"),
        ("missing_translation", "item[1].answerOption[0].valueCoding.display"),
        ("missing_translation", "item[1].answerOption[1].valueCoding.display"),
        ("missing_translation", "item[2].text"),
    ]


@pytest.mark.parametrize(
    "text",
    (
        "Ange ditt personnummer",
        "Ditt person nr?",
        "Samordningsnummer (12 siffror)",
        "Skriv ditt lösenord till apoteket",
        "Vilken PIN-kod har du?",
        "Ditt BankID",
        "Kortnummer och CVC",
        "Vilka är dina anhörigas sjukdomar?",
        "Partnerns namn och telefon",
        "Har du skyddad adress, skriv den här",
    ),
)
def test_a_question_that_asks_for_what_nobody_should_write_is_risky(text: str) -> None:
    assert said(a_question(text=text)) == [("risky_text", "item[0].text")]


@pytest.mark.parametrize(
    "text", ("Your password?", "Personal identity number", "Your mother's name", "Card number")
)
def test_the_english_text_may_give_it_away(text: str) -> None:
    assert said(a_question(_text=translated(text))) == [("risky_text", "item[0].text")]


def test_the_help_may_give_it_away() -> None:
    help_ = a_display("q.help") | HELP | {"text": "Skriv namn och personnummer"}

    assert said(a_question("q", item=[help_])) == [("risky_text", "item[0].text")]


@pytest.mark.parametrize(
    "text",
    (
        "Vilka personer bor du med?",
        "Har du pratat med en anhörig?",
        "Vilken adress vill du ha brevet till?",
        "Vilket telefonnummer når vi dig på?",
        "Finns sjukdomen i släkten?",
        "Behöver du hjälp med inkontinens?",
        "Gör du dina make-up-inköp själv?",
    ),
)
def test_an_ordinary_question_is_not_risky(text: str) -> None:
    assert said(a_question(text=text)) == []


def test_only_what_is_written_is_risky() -> None:
    assert said(a_question(type_="boolean", text="Har du BankID?")) == []


def test_options_that_are_hard_to_choose_among_are_remarked_on() -> None:
    many = a_choice("many", *(f"o{number}" for number in range(MOST_SURVEYED + 1)))
    alike = a_choice("alike") | {"answerOption": [option("a", "Ja  tack"), option("b", "ja tack")]}

    assert said(a_choice("few", *(f"o{number}" for number in range(MOST_SURVEYED)))) == []
    assert said(many, a_choice("one", "a"), alike) == [
        ("long_option_list", "item[0].answerOption"),
        ("single_option", "item[1].answerOption"),
        ("same_option_words", "item[2].answerOption[1].valueCoding.display"),
    ]


def test_one_option_is_enough_where_it_may_be_left_out_or_replaced() -> None:
    assert said(a_choice("a", "x", repeats=True), a_choice("b", "x") | {"type": "open-choice"}) == []


def test_a_form_or_a_group_that_asks_nothing_is_remarked_on() -> None:
    assert said(a_display("d")) == [("nothing_to_answer", "item")]
    assert said(a_question(), a_group("g", a_group("h", a_display("d")))) == [
        ("nothing_to_answer", "item[1]"),
        ("nothing_to_answer", "item[1].item[0]"),
    ]


def test_a_condition_on_free_text_is_remarked_on() -> None:
    then = a_question("then") | only_if("q", "=", answerString="ja")

    assert said(a_question("q"), then) == [("condition_on_text", "item[1].enableWhen[0]")]
    assert said(a_question("q"), a_question("then") | only_if("q", "exists", answerBoolean=True)) == []


def when(*conditions: tuple[str, str, Json], behavior: str = "all") -> Json:
    written = [{"question": name, "operator": operator, **value} for name, operator, value in conditions]
    return {"enableWhen": written, **({"enableBehavior": behavior} if len(written) > 1 else {})}


A, B, C = ({"answerCoding": {"code": code}} for code in "abc")
YES, NO = {"answerBoolean": True}, {"answerBoolean": False}
AGE = a_question(
    "n", "integer", extension=[limit("minValue", valueInteger=0), limit("maxValue", valueInteger=120)]
)
SHARE = a_question("d", "decimal")
DAY = a_question("day", "date")
KIND = a_choice("k", "a", "b", "c")
KINDS = a_choice("ks", "a", "b", "c", repeats=True)
SMOKES = a_question("s", "boolean")


def number(value: int) -> Json:
    return {"answerInteger": value}


NEVER: list[Any] = [
    when(("k", "=", A), ("k", "=", B)),
    when(("k", "=", A), ("k", "!=", A)),
    when(("k", "!=", A), ("k", "!=", B), ("k", "!=", C), ("k", "exists", YES)),
    when(("k", "=", A), ("k", "exists", NO)),
    when(("ks", "=", A), ("ks", "!=", A)),
    when(("ks", "=", A), ("ks", "exists", NO)),
    when(("s", "=", YES), ("s", "=", NO)),
    when(("n", ">", number(5)), ("n", "<", number(6))),
    when(("n", ">", number(3)), ("n", "<=", number(3))),
    when(("d", ">", {"answerDecimal": 0.3}), ("d", "<", {"answerDecimal": 0.1})),
    when(("day", ">", {"answerDate": "2026-03-01"}), ("day", "<", {"answerDate": "2026-03-02"})),
]
SOMETIMES: list[Any] = [
    when(("k", "=", A), ("k", "!=", B)),
    when(("k", "!=", A), ("k", "!=", B), ("k", "!=", C)),
    when(("k", "=", A), ("k", "=", B), behavior="any"),
    when(("ks", "=", A), ("ks", "=", B), ("ks", "!=", C)),
    when(("s", "=", YES), ("k", "=", A)),
    when(("n", ">", number(5)), ("n", "<", number(7))),
    when(("n", "!=", number(5)), ("n", ">=", number(5))),
    when(("n", ">=", number(120)), ("n", "exists", YES)),
    when(("d", ">", {"answerDecimal": 0.1}), ("d", "<", {"answerDecimal": 0.100001})),
    when(("day", ">", {"answerDate": "2026-03-01"}), ("day", "<", {"answerDate": "2026-03-03"})),
    when(("day", "!=", {"answerDate": "0001-01-01"}), ("day", "<=", {"answerDate": "9999-12-31"})),
]


@pytest.mark.parametrize("condition", NEVER)
def test_conditions_that_contradict_each_other_are_found(condition: Json) -> None:
    asked = (AGE, SHARE, DAY, KIND, KINDS, SMOKES)

    assert said(*asked, a_display("then") | condition) == [("never_shown", "item[6]")]
    assert said(*asked, a_question("then", required=True) | condition) == [
        ("required_never_shown", "item[6]")
    ]


@pytest.mark.parametrize("condition", SOMETIMES)
def test_conditions_that_can_hold_together_are_left_alone(condition: Json) -> None:
    assert said(AGE, SHARE, DAY, KIND, KINDS, SMOKES, a_display("then") | condition) == []


@pytest.mark.parametrize(("operator", "value"), ((">", 120), ("<", 0), ("=", 121)))
def test_a_condition_outside_the_limits_of_its_question_is_never_true(operator: str, value: int) -> None:
    assert said(AGE, a_display("then") | when(("n", operator, number(value)))) == [
        ("condition_never_true", "item[1].enableWhen[0]"),
        ("never_shown", "item[1]"),
    ]


def test_one_dead_way_of_several_is_named_and_the_item_lives() -> None:
    then = a_display("then") | when(("n", ">", number(500)), ("k", "=", A), behavior="any")

    assert said(AGE, KIND, then) == [("condition_never_true", "item[2].enableWhen[0]")]


def test_what_shows_the_question_of_a_condition_is_taken_into_account() -> None:
    packets = a_question("p", "integer") | when(("s", "=", YES))
    then = a_display("then") | when(("s", "=", NO), ("p", ">", number(3)))

    assert said(SMOKES, packets, then) == [("never_shown", "item[2]")]
    assert said(SMOKES, packets, a_display("then") | when(("s", "=", NO), ("p", "!=", number(3)))) == []


def test_what_every_way_to_an_item_needs_is_taken_into_account() -> None:
    ways = [a_question(name, "integer") | when(("s", "=", YES)) for name in ("p", "r")]
    inner = a_display("d") | when(("s", "=", NO))
    group = a_group("g", a_question("x"), inner) | when(
        ("p", "exists", YES), ("r", "exists", YES), behavior="any"
    )

    assert said(SMOKES, *ways, group) == [("never_shown", "item[3].item[1]")]


def test_a_group_that_is_never_shown_is_named_once_with_the_required_questions_in_it() -> None:
    inner = a_question("must", required=True)
    group = a_group("g", a_question("may"), inner, a_display("d")) | NEVER[0]
    later = a_display("later") | when(("must", "exists", YES))

    assert said(KIND, group, later) == [
        ("never_shown", "item[1]"),
        ("required_never_shown", "item[1].item[1]"),
        ("condition_never_true", "item[2].enableWhen[0]"),
        ("never_shown", "item[2]"),
    ]


def test_an_item_in_a_group_contradicting_the_group_is_found() -> None:
    group = a_group("g", a_question("x"), a_display("d") | when(("s", "=", NO))) | when(("s", "=", YES))

    assert said(SMOKES, group) == [("never_shown", "item[1].item[1]")]


def test_any_web_of_conditions_is_read_in_bounded_time() -> None:
    items = [a_question("q0", "integer")]
    for link in range(1, 200):
        back = [(f"q{max(link - 1 - step, 0)}", "!=", number(link * 100 + step)) for step in range(20)]
        items.append(a_question(f"q{link}", "integer") | when(*back, behavior="any"))

    assert said(*items) == []


def test_a_believable_form_is_told_of_its_translations_helps_and_files_only() -> None:
    assert said(*sick_leave()["item"]) == [("file_stays_behind", "item[6]")]


@pytest.mark.parametrize("code", sorted(remarks.REMARKS))
def test_every_remark_has_words_in_both_languages(code: str) -> None:
    told = remarks.remark(code, "item[0]", what="x", count=1, most=2)

    assert told.sv
    assert told.en
    assert told.sv != told.en


def test_whoever_asks_for_a_file_is_told_that_it_stays_behind() -> None:
    assert said(a_question("f", "attachment")) == [("file_stays_behind", "item[0]")]
