"""What our forms and answers look like outside is what FHIR publishes: its own models read them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire, QuestionnaireItemEnableWhen
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.forms import parse_form
from shared.forms.conditions import OPERATORS
from shared.forms.item_types import ITEM_TYPES
from tests.unit.shared.forms import builders
from tests.unit.shared.forms.builders import Json
from tests.unit.shared.forms.strategies import partial_responses, questionnaires

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

FORMS = (builders.prescription_renewal(), builders.caregiver_answer(), builders.sick_leave())
# https://hl7.org/fhir/R4/valueset-item-type.html: the models take any code.
FHIR_TYPES = set(
    "group display question boolean decimal integer date dateTime time string text url choice open-choice "
    "attachment reference quantity".split()
)
ANSWERS = (builders.prescription_answers(), builders.sick_leave_answers())


def must_be(model: type[BaseModel], value: Json) -> None:
    """FHIR's model reads it as it travels, and drops or changes nothing."""
    read = model.model_validate_json(json.dumps(value))
    assert json.loads(read.model_dump_json()) == value


def items_in(items: list[Json]) -> Iterator[Json]:
    for item in items:
        yield item
        yield from items_in(item.get("item", []))


def must_keep_the_invariants(questionnaire: Json) -> None:
    """What the published models don't judge: the constraints of https://hl7.org/fhir/R4/questionnaire.html."""
    items = list(items_in(questionnaire["item"]))
    link_ids = [item["linkId"] for item in items]
    assert len(set(link_ids)) == len(link_ids), "que-2"
    for item in items:
        type_ = item["type"]
        assert ("item" in item) or type_ != "group", "que-1"
        assert ("item" not in item) or type_ != "display", "que-1"
        assert ("answerOption" not in item) or type_ in ("choice", "open-choice"), "que-5"
        assert not item.keys() & {"required", "repeats"} or type_ != "display", "que-6"
        assert "maxLength" not in item or type_ in ("string", "text", "open-choice"), "que-10"
        assert len(item.get("enableWhen", ())) < 2 or "enableBehavior" in item, "que-12"
        for condition in item.get("enableWhen", ()):
            assert condition["operator"] != "exists" or "answerBoolean" in condition, "que-7"


@pytest.mark.parametrize("questionnaire", FORMS)
def test_forms_are_questionnaires(questionnaire: Json) -> None:
    exported = parse_form(questionnaire).to_questionnaire()

    must_be(Questionnaire, exported)
    must_keep_the_invariants(exported)


@few
@given(questionnaires())
def test_any_form_is_a_questionnaire(questionnaire: Json) -> None:
    exported = parse_form(questionnaire).to_questionnaire()

    must_be(Questionnaire, exported)
    must_keep_the_invariants(exported)


@pytest.mark.parametrize("response", ANSWERS)
def test_answers_are_questionnaire_responses(response: Json) -> None:
    must_be(QuestionnaireResponse, response)


@few
@given(st.data())
def test_any_accepted_answers_are_a_questionnaire_response(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires(conditions=False))
    sent = data.draw(partial_responses(questionnaire))

    assert {fault.code for fault in parse_form(questionnaire).check(sent)} <= {"required"}
    must_be(
        QuestionnaireResponse,
        {"resourceType": "QuestionnaireResponse", "status": "completed"} | _without_empty(sent),
    )


def _without_empty(value: Any) -> Any:
    """FHIR's JSON has no empty lists: a group without answers is left out."""
    if isinstance(value, dict):
        return {name: _without_empty(inner) for name, inner in value.items() if inner != []}
    return [_without_empty(inner) for inner in value] if isinstance(value, list) else value


def test_types_and_operators_are_among_those_of_fhir() -> None:
    operator = QuestionnaireItemEnableWhen.model_fields["operator"].json_schema_extra
    assert isinstance(operator, dict)

    assert set(ITEM_TYPES) <= FHIR_TYPES
    assert list(OPERATORS) == operator["enum_values"]


def test_the_models_refuse_what_is_not_fhir() -> None:
    without_link_id = builders.a_questionnaire({"type": "string", "text": "Vad?"})

    with pytest.raises(ValidationError, match="linkId"):
        must_be(Questionnaire, without_link_id)
    with pytest.raises(ValidationError, match="unheardOf"):
        must_be(Questionnaire, builders.a_questionnaire(unheardOf=True))
