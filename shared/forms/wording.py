"""The words of every fault in an answer, Swedish and English."""

from collections.abc import Mapping

from shared.faults import Fault
from shared.forms.answers import LARGEST_FILE, LONGEST_FILE_NAME, MIME_TYPES
from shared.forms.item_types import QUESTION_TYPES, longest_answer, most_answers
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
    "too_small": Text(
        "Talet i svaret på frågan ”{q}” är för litet. Ange {least} eller mer.",
        "The number in the answer to “{q}” is too small. Give {least} or more.",
    ),
    "too_great": Text(
        "Talet i svaret på frågan ”{q}” är för stort. Ange {most} eller mindre.",
        "The number in the answer to “{q}” is too great. Give {most} or less.",
    ),
    "too_many_digits": Text(
        "Talet i svaret på frågan ”{q}” har för många siffror. Ange högst 15, decimalerna inräknade.",
        "The number in the answer to “{q}” has too many digits. Give at most 15, decimals included.",
    ),
    "too_early": Text(
        "Datumet i svaret på frågan ”{q}” är för tidigt. Ange {least} eller senare.",
        "The date in the answer to “{q}” is too early. Give {least} or later.",
    ),
    "too_late": Text(
        "Datumet i svaret på frågan ”{q}” är för sent. Ange {most} eller tidigare.",
        "The date in the answer to “{q}” is too late. Give {most} or earlier.",
    ),
    "wrong_file_type": Text(
        "Filen som svar på frågan ”{q}” är av en sort som inte tas emot. Bifoga någon av: {files}.",
        "The file in answer to “{q}” is of a kind that isn't taken. Attach one of: {files}.",
    ),
    "file_too_big": Text(
        "Filen som svar på frågan ”{q}” är för stor. Bifoga en på högst {size} byte.",
        "The file in answer to “{q}” is too big. Attach one of at most {size} bytes.",
    ),
    "answered_twice": Text(
        "Frågan ”{q}” finns två gånger bland svaren. Skicka den en gång.",
        "“{q}” occurs twice among the answers. Send it once.",
    ),
    "more_than_one_answer": Text(
        "Frågan ”{q}” har flera svar. Ange ett.",
        "The question “{q}” has several answers. Give one.",
    ),
    "too_many_answers": Text(
        "Frågan ”{q}” har för många svar. Ange högst {answers}.",
        "The question “{q}” has too many answers. Give at most {answers}.",
    ),
    "repeated_answer": Text(
        "Frågan ”{q}” har samma svar två gånger. Ta bort det ena.",
        "The question “{q}” has the same answer twice. Remove one of them.",
    ),
    "hidden_question": Text(
        "Frågan ”{q}” ska inte besvaras, för villkoret för att visa den är inte uppfyllt. Ta bort svaret.",
        "“{q}” is not to be answered, because the condition for showing it isn't met. Remove the answer.",
    ),
    "misplaced_question": Text(
        "Frågan ”{q}” ligger på fel plats bland svaren. Lägg den i samma grupp som i formuläret.",
        "“{q}” is in the wrong place among the answers. Put it in the same group as in the form.",
    ),
    "group_answered": Text(
        "”{q}” är en rubrik och kan inte besvaras. Besvara frågorna under den.",
        "“{q}” is a heading and can't be answered. Answer the questions under it.",
    ),
    "display_answered": Text(
        "”{q}” är en upplysning och kan inte besvaras. Ta bort den ur svaren.",
        "“{q}” is a piece of information and can't be answered. Remove it from the answers.",
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


def about_answer(code: str, item: Item) -> Fault:
    """The fault `code` in the answer to a question, or in what was sent for a group."""
    return Fault(f"answers.{item.link_id}", code, _told(code, item, "sv"), _told(code, item, "en"))


def about_response(code: str, field: str) -> Fault:
    """The fault `code` in answers that belong to no question of the form."""
    words = ABOUT_RESPONSES[code]
    return Fault(field, code, words.sv, words.in_language("en"))


def filled(words: Text, details: Mapping[str, Text | str | int], language: Language) -> str:
    """The words with their gaps filled, in that language."""
    gaps = {
        name: gap.in_language(language) if isinstance(gap, Text) else gap for name, gap in details.items()
    }
    return words.in_language(language).format(**gaps)


def _told(code: str, item: Item, language: Language) -> str:
    gaps: dict[str, Text | str | int] = {"q": _shortened(item.text.in_language(language))}
    if isinstance(item, Question):
        gaps["expects"] = QUESTION_TYPES[item.type].expects
        gaps["longest"] = longest_answer(item) or LONGEST_FILE_NAME
        gaps["answers"] = most_answers(item)
        gaps["least"], gaps["most"] = str(item.min_value), str(item.max_value)
        gaps["files"] = ", ".join(item.mime_types or MIME_TYPES)
        gaps["size"] = item.max_size or LARGEST_FILE
    return filled(ABOUT_ANSWERS[code], gaps, language)


def _shortened(text: str) -> str:
    name = " ".join(text.split())
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1].rstrip() + "…"
