"""Questionnaires and answers to build tests from: small ones by hand, and two that a clinic could have."""

from typing import Any

import pytest

from shared.forms import Form, FormFaults, parse_form

Json = dict[str, Any]

TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"

HELP: Json = {
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
            "valueCodeableConcept": {
                "coding": [{"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "help"}]
            },
        }
    ]
}


def translated(english: str) -> Json:
    content = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": english}]
    return {"extension": [{"url": TRANSLATION, "extension": content}]}


def a_question(link_id: str = "reason", type_: str = "string", **attributes: Any) -> Json:
    return {"linkId": link_id, "text": f"Frågan {link_id}?", "type": type_, **attributes}


def an_option(code: str, display: str | None = None, english: str | None = None) -> Json:
    coding: Json = {"code": code, "display": display or f"Alternativ {code}"}
    return {"valueCoding": coding if english is None else {**coding, "_display": translated(english)}}


def a_choice(link_id: str = "kind", *codes: str, **attributes: Any) -> Json:
    options = [an_option(code) for code in codes or ("a", "b")]
    return a_question(link_id, "choice", answerOption=options, **attributes)


def a_group(link_id: str, *items: Json) -> Json:
    return {"linkId": link_id, "text": f"Gruppen {link_id}", "type": "group", "item": list(items)}


def a_display(link_id: str, **fields: Any) -> Json:
    return {"linkId": link_id, "text": f"Upplysningen {link_id}", "type": "display", **fields}


def only_if(question: str, operator: str, **value: Any) -> Json:
    """The condition of an item, to be joined to it."""
    return {"enableWhen": [{"question": question, "operator": operator, **value}]}


def a_questionnaire(*items: Json, **fields: Any) -> Json:
    return {
        "resourceType": "Questionnaire",
        "language": "sv",
        "status": "active",
        "item": list(items or (a_question(),)),
        **fields,
    }


def answered(link_id: str, **value: Any) -> Json:
    return {"linkId": link_id, "answer": [value]}


def answers(*items: Json, **fields: Any) -> Json:
    return {"item": list(items), **fields}


def a_form(*items: Json) -> Form:
    return parse_form(a_questionnaire(*items))


def told(form: Form, response: Any) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in form.check(response)]


def faults_of(questionnaire: Any) -> list[tuple[str, str]]:
    with pytest.raises(FormFaults) as refused:
        parse_form(questionnaire)
    return [(fault.field, fault.code) for fault in refused.value.faults]


def codes_for(question: Json, **value: Any) -> list[str]:
    return [fault.code for fault in a_form(question).check(answers(answered(question["linkId"], **value)))]


def prescription_renewal() -> Json:
    """Förnya recept: what a citizen fills in."""
    return a_questionnaire(
        {
            "linkId": "medicine",
            "text": "Vilket läkemedel gäller det?",
            "_text": translated("Which medicine is it about?"),
            "type": "string",
            "required": True,
            "maxLength": 100,
        },
        {
            "linkId": "supply",
            "text": "Hur länge räcker läkemedlet?",
            "_text": translated("How long will the medicine last?"),
            "type": "choice",
            "required": True,
            "answerOption": [
                an_option("week", "Mindre än en vecka", "Less than a week"),
                an_option("month", "Mindre än en månad", "Less than a month"),
                an_option("longer", "Längre", "Longer"),
            ],
        },
        {
            "linkId": "health",
            "text": "Din hälsa",
            "_text": translated("Your health"),
            "type": "group",
            "item": [
                {
                    "linkId": "pregnant",
                    "text": "Är du gravid?",
                    "_text": translated("Are you pregnant?"),
                    "type": "boolean",
                },
                {"linkId": "weight", "text": "Vad väger du, i kilo?", "type": "integer"},
                {"linkId": "last_visit", "text": "När träffade du läkaren senast?", "type": "date"},
            ],
        },
        {"linkId": "other", "text": "Något mer som vi bör veta?", "type": "text", "maxLength": 2000},
    )


def prescription_answers() -> Json:
    return answers(
        answered("medicine", valueString="Levaxin 100 mikrogram"),
        answered("supply", valueCoding={"code": "month", "display": "Mindre än en månad"}),
        {
            "linkId": "health",
            "item": [
                answered("pregnant", valueBoolean=False),
                answered("weight", valueInteger=72),
                answered("last_visit", valueDate="2025-11-04"),
            ],
        },
        answered("other", valueString="Jag har bytt apotek.\nHelst till Apoteket Älgen."),
        resourceType="QuestionnaireResponse",
        status="completed",
    )


def sick_leave() -> Json:
    """Sjukskrivning: what a citizen fills in, with every type of item and with conditions."""
    fever = {"question": "symptoms", "operator": "=", "answerCoding": {"code": "fever"}}
    long = {"question": "days", "operator": ">=", "answerInteger": 3}
    symptoms = [an_option("fever", "Feber", "Fever"), an_option("cough", "Hosta", "Cough")]
    return a_questionnaire(
        a_question("symptoms", "choice", repeats=True, required=True, answerOption=symptoms),
        a_question("days", "integer", extension=[limit("minValue", valueInteger=0)]),
        a_question("temperature", "decimal", required=True)
        | {"extension": [limit("minValue", valueDecimal=30), limit("maxValue", valueDecimal=43.5)]}
        | {"item": [a_display("temperature.help") | HELP]}
        | {"enableWhen": [fever]},
        a_display("call", enableWhen=[fever, long], enableBehavior="all"),
        a_group("work", a_question("since", "date", required=True), a_question("employer"))
        | {"enableWhen": [fever, long], "enableBehavior": "any"},
        a_question("pharmacy", "open-choice", answerOption=[an_option("near", "Närmaste")], maxLength=40),
        a_question("note", "attachment", repeats=True)
        | {"extension": [limit("mimeType", valueCode="image/png"), limit("maxSize", valueDecimal=5000)]},
        a_question("told", "boolean"),
        a_question("other", "text"),
    )


def limit(name: str, **value: Any) -> Json:
    return {"url": f"http://hl7.org/fhir/StructureDefinition/{name}", **value}


def sick_leave_answers() -> Json:
    file = {"id": "0198f5c2-1", "contentType": "image/png", "size": 5000, "title": "intyg.png"}
    return answers(
        {"linkId": "symptoms", "answer": [{"valueCoding": {"code": code}} for code in ("fever", "cough")]},
        answered("days", valueInteger=4),
        answered("temperature", valueDecimal=38.5),
        {"linkId": "work", "item": [answered("since", valueDate="2026-02-11")]},
        answered("pharmacy", valueString="Apoteket Älgen"),
        answered("note", valueAttachment=file),
        answered("told", valueBoolean=True),
        resourceType="QuestionnaireResponse",
        status="completed",
    )


def caregiver_answer() -> Json:
    """What the caregiver fills in when answering."""
    return a_questionnaire(
        {"linkId": "decision", "text": "Beslut", "type": "choice", "required": True}
        | {
            "answerOption": [
                an_option("renewed", "Receptet är förnyat"),
                an_option("visit", "Boka ett besök"),
            ]
        },
        {"linkId": "message", "text": "Meddelande till invånaren", "type": "text", "required": True},
    )
