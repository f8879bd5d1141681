"""What holds for the conditions of every form: who is asked, who is not, and which conditions are refused."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from shared.forms import Condition, FormFaults, conditions, lint_form, parse_form, render_answers
from tests.unit.shared.forms.builders import Json, a_question, a_questionnaire, answered, answers
from tests.unit.shared.forms.by_the_book import given_in, questions_in, shown_by_the_book
from tests.unit.shared.forms.strategies import full_responses, partial_responses, questionnaires

few = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(st.data())
def test_what_is_visible_is_what_the_definition_says(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires())
    sent = data.draw(partial_responses(questionnaire))

    assert parse_form(questionnaire).visible(sent) == shown_by_the_book(questionnaire, sent)


@few
@given(st.data())
def test_a_hidden_question_is_never_required_nor_accepted_and_check_agrees_with_visible(
    data: st.DataObject,
) -> None:
    questionnaire = data.draw(questionnaires())
    sent = data.draw(partial_responses(questionnaire))
    form = parse_form(questionnaire)
    shown, given_ = form.visible(sent), given_in(sent["item"])

    expected = [
        (f"answers.{question['linkId']}", code)
        for question in questions_in(questionnaire["item"])
        for code, is_told in (
            ("hidden_question", question["linkId"] in given_ and question["linkId"] not in shown),
            (
                "required",
                question["linkId"] not in given_ and question["linkId"] in shown and "required" in question,
            ),
        )
        if is_told
    ]
    assert [(fault.field, fault.code) for fault in form.check(sent)] == expected


def _only(items: list[Json], shown: frozenset[str]) -> list[Json]:
    return [
        item | ({"item": _only(item["item"], shown)} if "item" in item else {})
        for item in items
        if item["linkId"] in shown
    ]


@few
@given(st.data())
def test_who_answers_what_is_shown_and_only_that_is_accepted_and_read_in_full(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires())
    form = parse_form(questionnaire)
    full = data.draw(full_responses(questionnaire))
    sent = {"item": _only(full["item"], form.visible(full))}

    assert form.check(sent) == ()
    shown = render_answers(form, sent, "sv")
    assert {line.link_id for line in shown} == given_in(sent["item"]).keys()
    assert all(line.answer for line in shown)


@few
@given(st.data())
def test_what_the_author_is_told_is_never_shown_never_is(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires())
    form = parse_form(questionnaire)
    never = {
        _at(questionnaire, remark.path)["linkId"]
        for remark in lint_form(form)
        if remark.code in ("never_shown", "required_never_shown")
    }

    assert not never & form.visible(data.draw(partial_responses(questionnaire)))


@few
@given(questionnaires())
def test_every_remark_is_about_a_place_in_the_form(questionnaire: Json) -> None:
    for remark in lint_form(parse_form(questionnaire)):
        assert _at(questionnaire, remark.path) is not None
        assert remark.sv
        assert remark.en


def test_each_condition_is_judged_at_most_once(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[Condition] = []

    def counted(condition: Condition, given: conditions.Given) -> bool:
        judged.append(condition)
        return holds(condition, given)

    holds = conditions.holds
    monkeypatch.setattr(conditions, "holds", counted)
    items = [a_question("q0", "boolean")]
    for number in range(1, 200):
        back = [
            {"question": f"q{max(number - step, 0)}", "operator": "exists", "answerBoolean": True}
            for step in range(1, 21)
        ]
        items.append(a_question(f"q{number}", "boolean", enableWhen=back, enableBehavior="all"))
    form = parse_form(a_questionnaire(*items))
    sent = answers(*(answered(item["linkId"], valueBoolean=True) for item in items))

    assert form.check(sent) == ()
    assert len(judged) == 199 * 20


def _at(document: Any, path: str) -> Any:
    for name, index in re.findall(r"(\w+)|\[(\d+)\]", path):
        document = document[name] if name else document[int(index)]
    return document


def _objects(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(inner)


def must_point_inside(document: Json, refused: FormFaults) -> None:
    """Each path leads to something in the document, or to the object that lacks it."""
    assert refused.faults
    for fault in refused.faults:
        place, _, name = fault.field.rpartition(".")
        holder = _at(document, place)
        assert isinstance(holder, dict)
        assert name in holder or fault.code in ("unknown_field", "missing_field") or _at(holder, name)


@few
@given(st.data())
def test_an_unknown_key_anywhere_is_refused_where_it_stands(data: st.DataObject) -> None:
    questionnaire = json.loads(json.dumps(data.draw(questionnaires())))
    data.draw(st.sampled_from(list(_objects(questionnaire))))["unheardOf"] = True

    with pytest.raises(FormFaults) as refused:
        parse_form(questionnaire)

    assert any(fault.field.endswith("unheardOf") for fault in refused.value.faults)
    must_point_inside(questionnaire, refused.value)


@few
@given(st.data())
def test_a_condition_that_does_not_look_back_is_refused_where_it_stands(data: st.DataObject) -> None:
    questionnaire = json.loads(json.dumps(data.draw(questionnaires(conditions=False))))
    asked = list(questions_in(questionnaire["item"]))
    assume(asked)
    position = data.draw(st.integers(0, len(asked) - 1))
    later = [question["linkId"] for question in asked[position:]]
    named = data.draw(st.sampled_from([*later, "nowhere.to.be.found"]))
    asked[position]["enableWhen"] = [{"question": named, "operator": "exists", "answerBoolean": True}]

    with pytest.raises(FormFaults) as refused:
        parse_form(questionnaire)

    (fault,) = refused.value.faults
    codes = {asked[position]["linkId"]: "condition_on_itself", "nowhere.to.be.found": "condition_on_unknown"}
    assert fault.code == codes.get(named, "condition_looks_ahead")
    assert _at(questionnaire, fault.field) == named


@few
@given(st.data())
def test_a_circle_of_any_length_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 6))
    order = data.draw(st.permutations(range(size)))
    circle = [
        a_question(f"q{number}", "boolean")
        | {"enableWhen": [{"question": f"q{(number + 1) % size}", "operator": "=", "answerBoolean": True}]}
        for number in order
    ]
    questionnaire = a_questionnaire(*circle)

    with pytest.raises(FormFaults) as refused:
        parse_form(questionnaire)

    assert {fault.code for fault in refused.value.faults} <= {"condition_looks_ahead", "condition_on_itself"}
    must_point_inside(questionnaire, refused.value)
