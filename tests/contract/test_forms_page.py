"""What the page about forms says is what forms do."""

import json
import re

from shared.forms import items, parse_form, render_answers
from shared.forms.item_types import ITEM_TYPES, QUESTION_TYPES
from tests.architecture.tree import ROOT

TEXT = (ROOT / "docs" / "forms.md").read_text()
QUESTIONNAIRE, RESPONSE = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL))
ROWS = {
    cells[0].strip("` "): cells
    for cells in (row.strip("| ").split(" | ") for row in re.findall(r"^\| `.*\|$", TEXT, re.MULTILINE))
}


def test_the_form_is_one_and_the_answers_answer_it() -> None:
    form = parse_form(QUESTIONNAIRE)

    assert form.check(RESPONSE) == ()
    assert form.to_questionnaire() == QUESTIONNAIRE
    assert [shown.answer for shown in render_answers(form, RESPONSE, "sv")] == [
        "Levaxin 100 mikrogram",
        "Ja, lindriga",
        "2026-02-11",
    ]


def test_every_type_is_on_the_page_with_what_it_takes() -> None:
    assert set(ROWS) == set(ITEM_TYPES)
    for name, kind in ITEM_TYPES.items():
        assert set(re.findall(r"`(\w+)`", ROWS[name][2])) == set(kind.attributes), name
    for name, question in QUESTION_TYPES.items():
        assert ROWS[name][1] == f"`{question.value}`"
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
    assert f"Up to {items.MOST_FAULTS} faults" in words
