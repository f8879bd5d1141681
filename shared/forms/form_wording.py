"""The words of every fault in a form itself, Swedish and English."""

from shared.faults import Fault
from shared.forms.items import Text
from shared.forms.wording import filled

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
    "empty_range": Text(
        "Det minsta värdet är större än det största. Ändra ett av dem.",
        "The least value is greater than the greatest. Change one of them.",
    ),
    "only_help": Text(
        "Under en fråga kan bara dess hjälptext ligga. Lägg frågor i en grupp i stället.",
        "Only its help can stand under a question. Put questions into a group instead.",
    ),
    "condition_on_itself": Text(
        "Villkoret gäller frågan som det står på. Välj en tidigare fråga.",
        "The condition is about the very item that it stands on. Choose an earlier question.",
    ),
    "condition_looks_ahead": Text(
        "Villkoret gäller en fråga som kommer senare. Välj en tidigare, eller flytta frågan.",
        "The condition is about a question that comes later. Choose an earlier one, or move the question.",
    ),
    "condition_on_unknown": Text(
        "Villkoret gäller en fråga som inte finns i formuläret. Välj en tidigare fråga.",
        "The condition is about a question that isn't in the form. Choose an earlier question.",
    ),
    "condition_on_no_question": Text(
        "Villkoret gäller en rubrik eller upplysning, som inte kan besvaras. Välj en fråga.",
        "The condition is about a heading or information, which can't be answered. Choose a question.",
    ),
    "operator_not_for_type": Text(
        "En fråga av typen {type} kan inte jämföras så. Välj någon av: {expects}.",
        "A question of the type {type} can't be compared like that. Choose one of: {expects}.",
    ),
    "answer_not_for_condition": Text(
        "Villkoret kan inte jämföra med ett svar av det slaget. Ange {expects}.",
        "The condition can't compare with an answer of that kind. Give {expects}.",
    ),
    "unknown_option": Text(
        "Koden finns inte bland alternativen på frågan som villkoret gäller. Ange en av dem.",
        "The code is not among the options of the question that the condition is about. Give one of them.",
    ),
}


def about_form(code: str, field: str, **details: Text | str | int) -> Fault:
    """The fault `code` in the form itself; `details` fill the gaps in its words."""
    words = ABOUT_FORMS[code]
    return Fault(field, code, filled(words, details, "sv"), filled(words, details, "en"))
