"""The marks in texts that administrators write: the system fills in `{{variable|fallback}}`, people `[[prompt]]`.

No engine, no nesting, no conditions: a variable of the closed list, or nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

VARIABLES: Mapping[str, str] = {
    "citizen_first_name": "The citizen's given name",
    "citizen_name": "The citizen's whole name",
    "clinic_name": "What the clinic is called",
    "clinic_phone": "The clinic's telephone number",
    "staff_name": "The name of whoever sends",
    "staff_title": "Their professional title",
    "today": "The day of sending",
    "reply_by": "The last day for a reply",
}
"""Every variable there is, and what it stands for."""

_MARK = re.compile(
    r"\{\{(?P<variable>[^{}]*)\}\}|\[\[(?P<prompt>[^\[\]]*)\]\]|(?P<stray>\{\{|\}\}|\[\[|\]\])"
)
_VARIABLE = re.compile(r"(?P<name>[a-z_]+)(\|(?P<fallback>[^|\n]{0,100}))?")
_PROMPT = re.compile(r"[^\n]{1,100}")
LONGEST_MARK = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark in a text. `position` counts characters from 0; `name` is a variable's or what a prompt asks for."""

    kind: Literal["variable", "prompt", "unreadable", "unknown_variable"]
    name: str
    position: int
    fallback: str | None = None


def marks_in(text: str) -> Iterator[Mark]:
    """Every mark, in order. What looks like one and is none is `unreadable`."""
    for found in _MARK.finditer(text):
        position = found.start()
        if (inner := found["variable"]) is not None:
            yield _variable(inner.strip(), position)
        elif (inner := found["prompt"]) is not None and _PROMPT.fullmatch(inner.strip()):
            yield Mark("prompt", inner.strip(), position)
        else:
            yield Mark("unreadable", found[0][:LONGEST_MARK], position)


def open_prompts(text: str) -> list[str]:
    """What is still to be filled in. A text with an open prompt is not to be sent."""
    return [mark.name for mark in marks_in(text) if mark.kind == "prompt"]


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in: the value, or the fallback where the value is missing or blank."""

    def word(found: re.Match[str]) -> str:
        if found["variable"] is None:
            return found[0]
        mark = _variable(found["variable"].strip(), 0)
        return (
            found[0] if mark.kind != "variable" else values.get(mark.name, "").strip() or mark.fallback or ""
        )

    return _MARK.sub(word, text)


def _variable(inner: str, position: int) -> Mark:
    found = _VARIABLE.fullmatch(inner)
    if found is None:
        return Mark("unreadable", inner[:LONGEST_MARK], position)
    known = found["name"] in VARIABLES
    fallback = found["fallback"].strip() if found["fallback"] is not None else None
    return Mark("variable" if known else "unknown_variable", found["name"], position, fallback)
