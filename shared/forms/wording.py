"""The words of every fault in an answer or in a form, Swedish and English."""

from collections.abc import Mapping

from shared.faults import Fault
from shared.forms.item_types import QUESTION_TYPES, longest_answer
from shared.forms.items import Item, Language, Question, Text

_LONGEST_NAME = 80

# {q} is the question's own text, shortened. Nothing that the citizen wrote may ever be filled in here.
ABOUT_ANSWERS: dict[str, Text] = {
    "required": Text(
        "Frågan ”{q}” måste besvaras. Skriv eller välj ett svar.",
        "The question “{q}” must be answered. Write or choose an answer.",
    ),
    "wrong_type": Text(
        "Svaret på frågan ”{q}” är av fel slag. Svara med {expects}.",
        "The answer to “{q}” is of the wrong kind. Answer with {expects}.",
    ),
    "too_long": Text(
        "Svaret på frågan ”{q}” är för långt. Korta det till högst {longest} tecken.",
        "The answer to “{q}” is too long. Shorten it to at most {longest} characters.",
    ),
    "invalid_characters": Text(
        "Svaret på frågan ”{q}” innehåller tecken som inte kan sparas. Skriv om det utan specialtecken.",
        "The answer to “{q}” has characters that can't be stored. Write it again without special characters.",
    ),
    "not_an_option": Text(
        "Svaret på frågan ”{q}” finns inte bland alternativen. Välj ett av dem.",
        "The answer to “{q}” is not among the options. Choose one of them.",
    ),
    "invalid_date": Text(
        "Svaret på frågan ”{q}” är inget datum. Ange en dag som finns, ÅÅÅÅ-MM-DD.",
        "The answer to “{q}” is not a date. Give a day that exists, YYYY-MM-DD.",
    ),
    "out_of_range": Text(
        "Talet i svaret på frågan ”{q}” är för stort eller för litet. Ange ett tal som ryms i 32 bitar.",
        "The number in the answer to “{q}” is too great or too small. Give one that fits in 32 bits.",
    ),
    "answered_twice": Text(
        "Frågan ”{q}” finns två gånger bland svaren. Skicka den en gång.",
        "“{q}” occurs twice among the answers. Send it once.",
    ),
    "more_than_one_answer": Text(
        "Frågan ”{q}” har flera svar. Ange ett.",
        "The question “{q}” has several answers. Give one.",
    ),
    "misplaced_question": Text(
        "Frågan ”{q}” ligger på fel plats bland svaren. Lägg den i samma grupp som i formuläret.",
        "“{q}” is in the wrong place among the answers. Put it in the same group as in the form.",
    ),
    "group_answered": Text(
        "”{q}” är en rubrik och kan inte besvaras. Besvara frågorna under den.",
        "“{q}” is a heading and can't be answered. Answer the questions under it.",
    ),
    "unknown_field": Text(
        "Svaret på frågan ”{q}” har fält som inte hör dit. Ta bort dem.",
        "The answer to “{q}” has fields that don't belong there. Remove them.",
    ),
    "malformed": Text(
        "Svaret på frågan ”{q}” är felaktigt uppbyggt. Följ formatet för QuestionnaireResponse.",
        "The answer to “{q}” is built wrongly. Follow the format of QuestionnaireResponse.",
    ),
}

ABOUT_RESPONSES: dict[str, Text] = {
    "unknown_question": Text(
        "Svaret gäller en fråga som inte finns i formuläret. Hämta formuläret på nytt och svara igen.",
        "The answer is to a question that isn't in the form. Fetch the form again and answer once more.",
    ),
    "unknown_field": Text(
        "Svaren har fält som inte hör dit. Skicka bara resourceType, status och item.",
        "The answers have fields that don't belong there. Send only resourceType, status and item.",
    ),
    "malformed": Text(
        "Svaren är felaktigt uppbyggda. Följ formatet för QuestionnaireResponse.",
        "The answers are built wrongly. Follow the format of QuestionnaireResponse.",
    ),
    "wrong_resource": Text(
        "Svaren är ingen QuestionnaireResponse. Ange rätt resourceType eller utelämna den.",
        "The answers are not a QuestionnaireResponse. Give the right resourceType or leave it out.",
    ),
    "not_completed": Text(
        "Svaren är inte färdiga. Skicka dem med status completed eller utan status.",
        "The answers are not completed. Send them with status completed or without a status.",
    ),
}

ABOUT_FORMS: dict[str, Text] = {
    "missing_field": Text("Fältet saknas. Lägg till det.", "The field is missing. Add it."),
    "unknown_field": Text("Fältet är okänt. Ta bort det.", "The field is unknown. Remove it."),
    "field_not_for_type": Text(
        "En fråga av typen {type} kan inte ha fältet. Ta bort det eller byt typ.",
        "An item of the type {type} can't have the field. Remove it or change the type.",
    ),
    "wrong_type": Text(
        "Värdet är av fel slag. Ange {expects}.",
        "The value is of the wrong kind. Give {expects}.",
    ),
    "wrong_value": Text(
        "Värdet kan inte användas här. Ange {expects}.",
        "The value can't be used here. Give {expects}.",
    ),
    "blank": Text("Texten är tom. Skriv något.", "The text is blank. Write something."),
    "too_long": Text(
        "Texten är för lång. Korta den till högst {longest} tecken.",
        "The text is too long. Shorten it to at most {longest} characters.",
    ),
    "invalid_characters": Text(
        "Texten innehåller tecken som inte kan sparas. Skriv om den utan specialtecken.",
        "The text has characters that can't be stored. Write it again without special characters.",
    ),
    "invalid_link_id": Text(
        "Frågans id duger inte. Ange högst 64 tecken: a till z, siffror, punkt, bindestreck, understreck.",
        "The link id won't do. Give at most 64 characters: a to z, digits, dot, hyphen, underscore.",
    ),
    "duplicate_link_id": Text(
        "En annan fråga har samma id. Ge varje fråga ett eget.",
        "Another item has the same link id. Give each item its own.",
    ),
    "invalid_code": Text(
        "Koden har blanksteg i början, i slutet eller flera i rad. Ta bort dem.",
        "The code has spaces at its beginning or end, or several in a row. Remove them.",
    ),
    "duplicate_option": Text(
        "Ett annat alternativ har samma kod. Ge varje alternativ en egen.",
        "Another option has the same code. Give each option its own.",
    ),
    "empty": Text("Listan är tom. Lägg till minst en rad.", "The list is empty. Add at least one entry."),
    "incomplete": Text(
        "Listan är ofullständig. Ange alla: {expects}.",
        "The list is incomplete. Give all of: {expects}.",
    ),
    "too_many": Text(
        "Listan är för lång. Behåll högst {most}.",
        "The list is too long. Keep at most {most}.",
    ),
    "too_many_items": Text(
        "Formuläret är för stort. Behåll högst {most} frågor och grupper.",
        "The form is too big. Keep at most {most} questions and groups.",
    ),
    "too_deep": Text(
        "Grupperna ligger i för många nivåer. Behåll högst {most}.",
        "The groups are nested too deep. Keep at most {most} levels.",
    ),
}


def about_answer(code: str, item: Item) -> Fault:
    """The fault `code` in the answer to a question, or in what was sent for a group."""
    return Fault(f"answers.{item.link_id}", code, _told(code, item, "sv"), _told(code, item, "en"))


def about_response(code: str, field: str) -> Fault:
    """The fault `code` in answers that belong to no question of the form."""
    words = ABOUT_RESPONSES[code]
    return Fault(field, code, words.sv, words.in_language("en"))


def about_form(code: str, field: str, **details: Text | str | int) -> Fault:
    """The fault `code` in the form itself; `details` fill the gaps in its words."""
    words = ABOUT_FORMS[code]
    return Fault(field, code, _filled(words, details, "sv"), _filled(words, details, "en"))


def _filled(words: Text, details: Mapping[str, Text | str | int], language: Language) -> str:
    gaps = {
        name: gap.in_language(language) if isinstance(gap, Text) else gap for name, gap in details.items()
    }
    return words.in_language(language).format(**gaps)


def _told(code: str, item: Item, language: Language) -> str:
    gaps: dict[str, Text | str | int] = {"q": _shortened(item.text.in_language(language))}
    if isinstance(item, Question):
        gaps["expects"] = QUESTION_TYPES[item.type].expects
        gaps["longest"] = longest_answer(item)
    return _filled(ABOUT_ANSWERS[code], gaps, language)


def _shortened(text: str) -> str:
    name = " ".join(text.split())
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1].rstrip() + "…"
