"""What administrators write for others to read and send: the marks in it must be sound, and it may be better."""

from collections import Counter
from collections.abc import Iterator
from typing import Protocol

from shared.contracts.clinic_settings import LocalText
from shared.contracts.texts import VARIABLES, Mark, marks_in
from shared.faults import Fault
from shared.forms import Remark
from shared.forms.remarks import remark
from shared.forms.risks import risks_in

_OTHER_PROMPTS = (
    "Språken har olika luckor att fylla i. Gör dem lika.",
    "The languages have different prompts to fill in. Make them the same.",
)


class Words(Protocol):
    """A text as clients send it."""

    @property
    def sv(self) -> str:
        """Swedish."""

    @property
    def en(self) -> str:
        """English, or empty."""


def local(wish: Words) -> LocalText:
    """As it is kept."""
    return LocalText(sv=wish.sv, en=wish.en)


def faults_in_marks(field: str, text: LocalText, *, allowed: bool = True) -> Iterator[Fault]:
    """What is wrong with `{{variables}}` and `[[prompts]]`, each with its position."""
    for language, words in (("sv", text.sv), ("en", text.en)):
        for mark in marks_in(words):
            if not allowed:
                yield _no_marks(f"{field}.{language}", mark)
            elif mark.kind in ("unreadable", "unknown_variable"):
                yield _wrong(f"{field}.{language}", mark)


def remarks_on_text(field: str, text: LocalText) -> Iterator[Remark]:
    """A missing translation, what asks for more than anybody should, prompts that differ between the languages."""
    if not text.sv:
        return
    if not text.en:
        yield remark("missing_translation", f"{field}.en")
    for what in risks_in(f"{text.sv}\n{text.en}"):
        yield remark("risky_text", field, what=what)
    if text.en and _marks(text.sv) != _marks(text.en):
        yield Remark("other_prompts", f"{field}.en", *_OTHER_PROMPTS)


def _marks(text: str) -> Counter[str]:
    """How many prompts there are, and which variables: prompts are worded in their language."""
    return Counter("[[]]" if mark.kind == "prompt" else mark.name for mark in marks_in(text))


def _wrong(field: str, mark: Mark) -> Fault:
    at = mark.position + 1
    if mark.kind == "unreadable":
        return Fault(
            field,
            "unreadable_mark",
            f"Vid tecken {at} står en ofullständig markering. Skriv {{{{variabel|ersättning}}}} eller [[fråga]].",
            f"At character {at} is an incomplete mark. Write {{{{variable|fallback}}}} or [[prompt]].",
        )
    known = ", ".join(VARIABLES)
    return Fault(
        field,
        "unknown_variable",
        f"Vid tecken {at} står en okänd variabel. Välj en av: {known}.",
        f"At character {at} is an unknown variable. Choose one of: {known}.",
    )


def _no_marks(field: str, mark: Mark) -> Fault:
    at = mark.position + 1
    return Fault(
        field,
        "no_marks_here",
        f"Vid tecken {at} står en variabel eller lucka, som inte fylls i här. Ta bort den.",
        f"At character {at} is a variable or prompt, which nobody fills in here. Remove it.",
    )
