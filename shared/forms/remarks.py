"""What whoever builds a form is advised to look at again: a form with remarks is sound, but may be better."""

from dataclasses import dataclass

from shared.forms.items import Text
from shared.forms.wording import filled


@dataclass(frozen=True, slots=True)
class Remark:
    """`path` is a place in the form as it is exported; `code` is stable and for machines."""

    code: str
    path: str
    sv: str
    en: str


REMARKS: dict[str, Text] = {
    "missing_translation": Text(
        "Texten finns bara på svenska. Översätt den till engelska.",
        "The text is in Swedish only. Translate it into English.",
    ),
    "missing_help": Text(
        "Frågan har ingen hjälptext. Förklara vad som ska svaras, om det inte är självklart.",
        "The question has no help. Explain what to answer, unless it is obvious.",
    ),
    "risky_text": Text(
        "Frågan verkar be om {what}. Ta bort den, eller fråga efter mindre.",
        "The question seems to ask for {what}. Remove it, or ask for less.",
    ),
    "never_shown": Text(
        "Det här kan aldrig visas, för villkoren kan inte uppfyllas. Ändra dem eller ta bort det.",
        "This can never be shown, because the conditions can't be met. Change them or remove it.",
    ),
    "required_never_shown": Text(
        "Frågan är obligatorisk men kan aldrig visas. Ändra villkoren eller ta bort frågan.",
        "The question is required but can never be shown. Change the conditions or remove the question.",
    ),
    "condition_never_true": Text(
        "Villkoret kan aldrig vara uppfyllt. Ändra det eller ta bort det.",
        "The condition can never be true. Change it or remove it.",
    ),
    "condition_on_text": Text(
        "Villkoret jämför med fri text, och ett enda annat tecken gör den olik. Låt den som svarar välja.",
        "The condition compares with free text, and a single other character makes it differ. Offer a choice.",
    ),
    "long_option_list": Text(
        "Alternativen är {count}. Gruppera dem eller ställ en fråga till; fler än {most} är svåra att överblicka.",
        "There are {count} options. Group them or ask one more question; more than {most} are hard to survey.",
    ),
    "single_option": Text(
        "Det finns bara ett alternativ. Lägg till fler, eller fråga med ja eller nej.",
        "There is only one option. Add others, or ask for yes or no.",
    ),
    "same_option_words": Text(
        "Två alternativ har samma ord. Skriv så att de går att skilja åt.",
        "Two options have the same words. Word them so that they can be told apart.",
    ),
    "file_stays_behind": Text(
        "Filen följer inte med ärendet: vårdgivaren ser bara vad den heter. Be om den på annat sätt.",
        "The file does not come with the case: the caregiver only sees its name. Ask for it in another way.",
    ),
    "nothing_to_answer": Text(
        "Här finns ingen fråga att besvara. Lägg till en, eller gör om rubriken till en upplysning.",
        "There is no question to answer here. Add one, or make the heading a piece of information.",
    ),
}


def remark(code: str, path: str, **details: Text | str | int) -> Remark:
    """The remark `code` at a place; `details` fill the gaps in its words."""
    words = REMARKS[code]
    return Remark(code, path, filled(words, details, "sv"), filled(words, details, "en"))
