"""What holds for every form and for everything that anybody could send."""

import json
from collections.abc import Callable
from dataclasses import astuple
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.faults import Fault
from shared.forms import Form, FormFaults, parse_form, render_answers
from shared.forms.form_wording import ABOUT_FORMS
from shared.forms.wording import ABOUT_ANSWERS, ABOUT_RESPONSES
from tests.unit.shared.forms.builders import (
    Json,
    prescription_answers,
    prescription_renewal,
    sick_leave,
    sick_leave_answers,
)
from tests.unit.shared.forms.hostile import SECRET, json_values, spoiled
from tests.unit.shared.forms.strategies import full_responses, questionnaires

# Drawing a form and its answers is slow at first; a busy machine must not fail the property.
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

FORM = parse_form(prescription_renewal())
CONDITIONAL = parse_form(sick_leave())


def read(value: Any) -> tuple[Form | None, tuple[Fault, ...]]:
    try:
        return parse_form(value), ()
    except FormFaults as refused:
        return None, refused.faults


def must_be_sendable(faults: tuple[Fault, ...]) -> None:
    for fault in faults:
        assert all(isinstance(part, str) and part for part in astuple(fault))
        "".join(astuple(fault)).encode("utf-8")


@pytest.mark.parametrize("form", (FORM, CONDITIONAL))
@few
@given(sent=json_values() | spoiled(prescription_answers()) | spoiled(sick_leave_answers()))
def test_check_never_raises_never_repeats_what_was_sent_and_what_it_accepts_can_be_shown(
    form: Form, sent: Any
) -> None:
    faults = form.check(sent)

    must_be_sendable(faults)
    assert SECRET not in repr(faults)
    assert form.visible(sent)
    assert faults or render_answers(form, sent, "sv")


@few
@given(json_values() | spoiled(prescription_renewal()) | spoiled(sick_leave()))
def test_any_json_is_a_form_or_is_refused_with_its_faults(value: Any) -> None:
    form, faults = read(value)

    assert (form is None) == bool(faults)
    must_be_sendable(faults)
    assert form is None or parse_form(form.to_questionnaire()) == form


@few
@given(questionnaires())
def test_a_form_that_is_written_and_read_again_is_the_same(questionnaire: Json) -> None:
    form = parse_form(questionnaire)

    assert parse_form(json.loads(json.dumps(form.to_questionnaire()))) == form
    assert form.to_questionnaire() == questionnaire


@few
@given(st.data())
def test_valid_answers_have_no_faults_and_are_shown_in_full(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires(conditions=False))
    sent = data.draw(full_responses(questionnaire))
    form = parse_form(questionnaire)

    assert form.check(sent) == ()
    assert all(shown.answer for shown in render_answers(form, sent, "en"))


def _answer(item: Json) -> Json:
    answer: Json = item["answer"][0]
    return answer


MUTATIONS: list[tuple[str, str, Callable[[Json], Any]]] = [
    ("medicine", "required", lambda item: item.pop("answer")),
    ("medicine", "required", lambda item: _answer(item).update(valueString=" ")),
    ("medicine", "too_long", lambda item: _answer(item).update(valueString="å" * 101)),
    ("medicine", "invalid_characters", lambda item: _answer(item).update(valueString="\x00")),
    ("medicine", "wrong_type", lambda item: item.update(answer=[{"valueInteger": 1}])),
    ("medicine", "more_than_one_answer", lambda item: item["answer"].append({"valueString": "x"})),
    ("medicine", "unknown_field", lambda item: item.update(extension=[])),
    ("supply", "not_an_option", lambda item: _answer(item)["valueCoding"].update(code="year")),
    ("supply", "not_an_option", lambda item: _answer(item)["valueCoding"].update(display="Ett år")),
    ("supply", "wrong_type", lambda item: item.update(answer=[{"valueString": "month"}])),
    ("pregnant", "wrong_type", lambda item: _answer(item).update(valueBoolean="nej")),
    ("weight", "out_of_range", lambda item: _answer(item).update(valueInteger=2**31)),
    ("weight", "wrong_type", lambda item: _answer(item).update(valueInteger=72.5)),
    ("last_visit", "invalid_date", lambda item: _answer(item).update(valueDate="2025-02-29")),
    ("other", "malformed", lambda item: item.update(answer={})),
    ("other", "too_long", lambda item: _answer(item).update(valueString="x" * 2001)),
]


@few
@given(st.lists(st.sampled_from(MUTATIONS), unique_by=lambda mutation: mutation[0]))
def test_each_thing_that_is_spoiled_is_told_and_nothing_else(
    chosen: list[tuple[str, str, Callable[[Json], Any]]],
) -> None:
    sent = prescription_answers()
    items = {item["linkId"]: item for item in [*sent["item"], *sent["item"][2]["item"]]}
    for link_id, _, spoil in chosen:
        spoil(items[link_id])

    expected = sorted((f"answers.{link_id}", code) for link_id, code, _ in chosen)
    assert sorted((fault.field, fault.code) for fault in FORM.check(sent)) == expected


@few
@given(st.data())
def test_leaving_out_a_required_answer_is_told_in_any_form(data: st.DataObject) -> None:
    form = parse_form(data.draw(questionnaires(conditions=False)))

    required = [f"answers.{question.link_id}" for _, question in form.questions() if question.required]
    assert [fault.field for fault in form.check({})] == required


@pytest.mark.parametrize("words", (ABOUT_ANSWERS, ABOUT_RESPONSES, ABOUT_FORMS))
def test_every_fault_has_words_in_both_languages(words: dict[str, Any]) -> None:
    assert all(text.sv and text.en and text.sv != text.en for text in words.values())
