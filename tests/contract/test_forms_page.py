"""What the page about forms says is what forms do."""

import json
import re

from shared.forms import answers, items, parse_form, render_answers
from shared.forms.item_types import ITEM_TYPES, QUESTION_TYPES, QuestionType
from shared.forms.lint import MOST_SURVEYED
from shared.forms.remarks import REMARKS
from shared.forms.risks import RISKS
from shared.forms.values import MOST_DIGITS
from tests.architecture.tree import ROOT

TEXT = (ROOT / "docs" / "forms.md").read_text()
BLOCKS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)]
QUESTIONNAIRE, RESPONSE = (block for block in BLOCKS if isinstance(block, dict))
FRAGMENTS = [block for block in BLOCKS if isinstance(block, list)]


def rows(heading: str) -> list[list[str]]:
    table = TEXT.partition(f"| {heading} |")[2].partition("\n\n")[0]
    return [
        [cell.strip() for cell in row.strip("|").split(" | ")]
        for row in re.findall(r"^\| (`.*) \|$", table, re.MULTILINE)
    ]


ROWS = {cells[0].strip("`"): cells for cells in rows("type")}


def test_the_form_is_one_and_the_answers_answer_it() -> None:
    form = parse_form(QUESTIONNAIRE)

    assert form.check(RESPONSE) == ()
    assert form.to_questionnaire() == QUESTIONNAIRE
    assert [shown.answer for shown in render_answers(form, RESPONSE, "sv")] == [
        "Levaxin 100 mikrogram",
        "Ja, lindriga",
        "2026-02-11",
    ]


def test_each_example_of_items_is_read_and_written_as_it_stands() -> None:
    assert FRAGMENTS
    for items_ in FRAGMENTS:
        questionnaire = {
            "resourceType": "Questionnaire",
            "language": "sv",
            "status": "active",
            "item": items_,
        }

        assert parse_form(questionnaire).to_questionnaire() == questionnaire


def test_the_example_of_conditions_does_what_the_page_says() -> None:
    form = parse_form({"resourceType": "Questionnaire", "language": "sv", "item": FRAGMENTS[-1]})
    fever = {"linkId": "symptoms", "answer": [{"valueCoding": {"code": "fever"}}]}
    days = {"linkId": "days", "answer": [{"valueInteger": 3}]}

    assert form.visible({"item": [fever, days]}) == {"symptoms", "days", "call"}
    assert form.visible({"item": [fever]}) == {"symptoms", "days"}
    assert form.visible({"item": [days]}) == {"symptoms", "days"}


def test_every_operator_is_on_the_page_with_the_answers_that_it_takes() -> None:
    told = {
        name: (re.findall(r"`(.*?)`", operators), re.findall(r"`(.*?)`", answers))
        for names, operators, answers in rows("type of the question")
        for name in re.findall(r"`(.*?)`", names)
    }

    assert told == {
        name: (
            ["exists", *kind.operators],
            [field.replace("value", "answer") for field in kind.checkers] if kind.operators else [],
        )
        for name, kind in QUESTION_TYPES.items()
    }


def test_every_remark_is_on_the_page_and_no_other() -> None:
    assert {cells[0].strip("`") for cells in rows("code")} == set(REMARKS)
    assert f"more than {MOST_SURVEYED} options" in TEXT
    assert all(what.en.split(",")[0] in " ".join(TEXT.split()) for _, what in RISKS if what.en)


def test_every_type_is_on_the_page_with_what_it_takes() -> None:
    assert set(ROWS) == set(ITEM_TYPES)
    for name, kind in ITEM_TYPES.items():
        extensions = set(kind.extensions) if isinstance(kind, QuestionType) else set()
        assert set(re.findall(r"`(\w+)`", ROWS[name][2])) == kind.attributes | extensions, name
    for name, question in QUESTION_TYPES.items():
        assert ROWS[name][1] == " or ".join(f"`{field}`" for field in question.checkers)
        if question.longest:
            assert f"{question.longest:,} characters" in ROWS[name][3]


def test_the_limits_on_the_page_are_the_ones_in_the_code() -> None:
    words = " ".join(TEXT.split())

    assert f"at most {items.MOST_ITEMS} items" in words
    assert f"at most {items.MOST_LEVELS} levels" in words
    assert f"at most {items.MOST_OPTIONS} |" in words
    assert (
        f"at most {items.LONGEST_QUESTION:,} characters, an option's words {items.LONGEST_DISPLAY}" in words
    )
    assert f"a code {items.LONGEST_CODE}." in words
    assert f"has at most {items.MOST_ANSWERS}." in words
    assert f"At most {items.MOST_CONDITIONS} on an item" in words
    assert f"{answers.LARGEST_FILE // 2**20} MiB" in words
    assert f"at most {MOST_DIGITS} digits" in words
    assert f"Up to {items.MOST_FAULTS} faults" in words
