"""An answered form as a citizen or a caregiver reads it."""

from shared.forms import ShownAnswer, parse_form, render_answers
from tests.unit.shared.forms.builders import (
    a_question,
    a_questionnaire,
    answered,
    answers,
    prescription_answers,
    prescription_renewal,
    sick_leave,
    sick_leave_answers,
)


def test_answers_are_shown_in_swedish_in_the_order_of_the_form() -> None:
    sent = prescription_answers()
    sent["item"].reverse()

    assert render_answers(parse_form(prescription_renewal()), sent, "sv") == (
        ShownAnswer("medicine", (), "Vilket läkemedel gäller det?", "Levaxin 100 mikrogram"),
        ShownAnswer("supply", (), "Hur länge räcker läkemedlet?", "Mindre än en månad"),
        ShownAnswer("pregnant", ("Din hälsa",), "Är du gravid?", "Nej"),
        ShownAnswer("weight", ("Din hälsa",), "Vad väger du, i kilo?", "72"),
        ShownAnswer("last_visit", ("Din hälsa",), "När träffade du läkaren senast?", "2025-11-04"),
        ShownAnswer(
            "other", (), "Något mer som vi bör veta?", "Jag har bytt apotek.\nHelst till Apoteket Älgen."
        ),
    )


def test_answers_are_shown_in_english_where_the_form_is_translated() -> None:
    shown = render_answers(parse_form(prescription_renewal()), prescription_answers(), "en")

    assert [(line.question, line.answer) for line in shown[1:4]] == [
        ("How long will the medicine last?", "Less than a month"),
        ("Are you pregnant?", "No"),
        ("Vad väger du, i kilo?", "72"),
    ]


def test_yes_is_shown_as_yes() -> None:
    form = parse_form(a_questionnaire(a_question("call", "boolean")))
    sent = answers(answered("call", valueBoolean=True))

    assert [render_answers(form, sent, language)[0].answer for language in ("sv", "en")] == ["Ja", "Yes"]


def test_a_question_without_an_answer_is_shown_as_unanswered() -> None:
    form = parse_form(a_questionnaire(a_question("a"), a_question("b"), a_question("c")))
    sent = answers({"linkId": "a"}, answered("b", valueString=" \n"))

    assert [line.answer for line in render_answers(form, sent, "sv")] == [None, None, None]


def test_what_was_written_is_not_changed() -> None:
    form = parse_form(a_questionnaire(a_question("a")))

    assert render_answers(form, answers(answered("a", valueString=" <b>&\n a\u030a ")), "sv")[0].answer == (
        " <b>&\n a\u030a "
    )


def test_several_answers_stand_on_a_line_each_and_numbers_are_written_as_people_do() -> None:
    form = parse_form(sick_leave())
    swedish, english = (
        {line.link_id: line.answer for line in render_answers(form, sick_leave_answers(), language)}
        for language in ("sv", "en")
    )

    assert swedish == {
        "symptoms": "Feber\nHosta",
        "days": "4",
        "temperature": "38,5",
        "since": "2026-02-11",
        "employer": None,
        "pharmacy": "Apoteket Älgen",
        "note": "intyg.png",
        "told": "Ja",
        "other": None,
    }
    assert (english["symptoms"], english["temperature"]) == ("Fever\nCough", "38.5")


def test_a_question_that_was_not_asked_is_not_shown_as_unanswered() -> None:
    cough = {"linkId": "symptoms", "answer": [{"valueCoding": {"code": "cough"}}]}

    assert [line.link_id for line in render_answers(parse_form(sick_leave()), answers(cough), "sv")] == [
        "symptoms",
        "days",
        "pharmacy",
        "note",
        "told",
        "other",
    ]


def test_an_option_of_an_open_choice_is_shown_in_words_and_a_file_without_a_name_as_such() -> None:
    form = parse_form(sick_leave())
    file = {"id": "f1", "contentType": "image/png", "size": 1}
    sent = answers(answered("pharmacy", valueCoding={"code": "near"}), answered("note", valueAttachment=file))
    shown = {line.link_id: line.answer for line in render_answers(form, sent, "sv")}

    assert (shown["pharmacy"], shown["note"]) == ("Närmaste", "En fil utan namn")
