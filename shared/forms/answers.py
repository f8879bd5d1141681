"""What counts as an answer to each type of question."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from shared.forms.characters import fits, is_unstorable
from shared.forms.items import Question
from shared.forms.values import GREATEST_INTEGER, LEAST_INTEGER, day, exact, is_number

# What is wrong with the value of an answer, as the code of a fault; None if nothing is.
Checker: TypeAlias = Callable[[Any], str | None]

OBJECT = (dict, Mapping)  # dict first: the usual case is then decided without asking the abstract class
LIST = (list, tuple)

BLANK = "required"
"""What a checker says of an answer that is none: a fault only if the question must be answered."""

MIME_TYPES = ("application/pdf", "image/gif", "image/jpeg", "image/png")
LARGEST_FILE = 20 * 1024 * 1024
LONGEST_FILE_NAME = 255

_FILE_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")  # opaque here; FHIR R4, datatype id
_FILE_FIELDS = frozenset({"id", "contentType", "size", "title", "hash"})
_LONGEST_HASH = 88  # SHA-512 in base64


def text(longest: int) -> Checker:
    """A text of at most that many characters."""

    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return "wrong_type"
        if not fits(value, longest):
            return "too_long"
        if is_unstorable(value):
            return "invalid_characters"
        return BLANK if not value or value.isspace() else None

    return check


def choice(question: Question) -> Checker:
    """One of the options."""
    displays = {option.code: (option.display.sv, option.display.en) for option in question.options}

    def check(value: Any) -> str | None:
        if not isinstance(value, OBJECT):
            return "wrong_type"
        code = value.get("code")
        if not isinstance(code, str):
            return "wrong_type"
        if code not in displays:
            return "not_an_option"
        if len(value) == 1:
            return None
        if len(value) > 2 or "display" not in value:
            return "unknown_field"
        # Other words beside the code could tell the reader something else than what was chosen.
        display = value["display"]
        return None if isinstance(display, str) and display in displays[code] else "not_an_option"

    return check


def boolean(_: Question) -> Checker:
    """True or false."""
    return lambda value: None if isinstance(value, bool) else "wrong_type"


def date(question: Question) -> Checker:
    """A day that exists, within the limits of the question."""
    outside = _outside(question, "too_early", "too_late")

    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return "wrong_type"
        read = day(value)
        return "invalid_date" if read is None else outside(read) if outside else None

    return check


def integer(question: Question) -> Checker:
    """A whole number of 32 bits, within the limits of the question."""
    outside = _outside(question, "too_small", "too_great")

    def check(value: Any) -> str | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return "wrong_type"
        if not LEAST_INTEGER <= value <= GREATEST_INTEGER:
            return "out_of_range"
        return outside(value) if outside else None

    return check


def decimal(question: Question) -> Checker:
    """A number of at most 15 digits, within the limits of the question."""
    outside = _outside(question, "too_small", "too_great")

    def check(value: Any) -> str | None:
        if not is_number(value):
            return "wrong_type"
        number = exact(value)
        return "too_many_digits" if number is None else outside(number) if outside else None

    return check


def attachment(question: Question) -> Checker:
    """What a file is said to be; the file itself travels and is examined elsewhere."""
    mime_types = frozenset(question.mime_types or MIME_TYPES)
    largest = question.max_size or LARGEST_FILE

    def check(value: Any) -> str | None:
        if not isinstance(value, OBJECT):
            return "wrong_type"
        if not value.keys() <= _FILE_FIELDS:
            return "unknown_field"
        if not _is_file(value):
            return "malformed"
        if value["contentType"] not in mime_types:
            return "wrong_file_type"
        if value["size"] > largest:
            return "file_too_big"
        return _about_name(value["title"]) if "title" in value else None

    return check


def _outside(question: Question, below: str, above: str) -> Callable[[Any], str | None] | None:
    least, most = question.min_value, question.max_value
    if least is None and most is None:
        return None
    return lambda value: (
        below if least is not None and value < least else above if most is not None and value > most else None
    )


def _is_file(value: Mapping[str, Any]) -> bool:
    file_id, size, name = value.get("id"), value.get("size"), value.get("title", "")
    return (
        isinstance(file_id, str)
        and _FILE_ID.fullmatch(file_id) is not None
        and isinstance(value.get("contentType"), str)
        and isinstance(size, int)
        and not isinstance(size, bool)
        and size > 0
        and isinstance(name, str)
        and ("hash" not in value or _is_hash(value["hash"]))
    )


def _is_hash(value: Any) -> bool:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_HASH:
        return False
    try:
        return bool(b64decode(value, validate=True))
    except (Error, ValueError):
        return False


def _about_name(name: str) -> str | None:
    if len(name) > LONGEST_FILE_NAME:
        return "too_long"
    return "invalid_characters" if is_unstorable(name) else None
