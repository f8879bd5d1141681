"""What clients send: the bodies of HTTP requests, which commands then carry. Unknown fields are refused."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from shared.faults import shaped
from shared.messaging.faults import unsound


def _plain(text: str) -> str:
    if any(
        (ord(character) < 32 and character not in "\n\t") or "\ud800" <= character <= "\udfff"
        for character in text
    ):
        raise unsound(
            "invalid_characters",
            "Texten har styrtecken, som inte syns. Ta bort dem.",
            "The text has control characters, which do not show. Remove them.",
        )
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise unsound(
            "invalid_characters",
            "Texten är mer än en rad. Ta bort radbrytningarna.",
            "The text is more than one line. Remove the line breaks.",
        )
    return text


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=200),
    AfterValidator(_plain),
    AfterValidator(_one_line),
]


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_plain),
    AfterValidator(_one_line),
]


Lines = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_plain)]


LongLines = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(_plain)]


Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=254,
        pattern=shaped(
            r"^$|^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+$",
            "en e-postadress, såsom anna.ek@example.org",
            "an e-mail address, such as anna.ek@example.org",
        ),
    ),
]


class Wish(BaseModel):
    """A body."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
