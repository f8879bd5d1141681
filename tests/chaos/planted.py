"""Personal data that is planted in what people write, and found again wherever it does not belong."""

import base64
import random
import re
from datetime import date, timedelta

from stdnum import luhn

from shared.clock import utc_now

WORD = "kvastfena"
"""Stands in every text that a citizen or a caregiver writes here, and nowhere else in the system."""
_PEOPLE = 64
_OLDEST = date(1890, 1, 1)
"""Nobody alive was born in these years, so that no made-up number is somebody's."""
_NUMBER = re.compile(rf"{WORD}-(\d+)")


def _person_id(number: int) -> str:
    born = _OLDEST + timedelta(days=37 * number)
    return _checked(f"{born:%Y%m%d}{900 + number:03d}")


def _child_id(number: int) -> str:
    """Two or three years old, with a number of those that the tax agency keeps for tests."""
    born = date(utc_now().year - 2, 1, 1) - timedelta(days=5 * number)
    return _checked(f"{born:%Y%m%d}238")


def _checked(bare: str) -> str:
    return bare + luhn.calc_check_digit(bare[2:])


ADULTS = tuple(_person_id(number) for number in range(_PEOPLE))
CHILDREN = tuple(_child_id(number) for number in range(_PEOPLE))
PERSON_IDS = ADULTS + CHILDREN


def planted_text(content: int, words: str = "") -> str:
    """A text that tells which body it belongs to."""
    return f"{WORD}-{content} {words}".rstrip()


def content_of(text: str | None) -> int:
    """The number planted in a text; 0 if there is none."""
    found = _NUMBER.search(text or "")
    return int(found[1]) if found else 0


def a_name(chance: random.Random, content: int) -> str:
    """A citizen's name."""
    given = chance.choice(("Tolvan", "Elfva", "Ottilia", "Nian", "Sjuan"))
    return f"{given} {WORD.capitalize()}-{content}"


def _in_base64(text: bytes) -> list[bytes]:
    """The text as it looks inside base64, whatever stands before it: without the characters that neighbours share."""
    return [
        base64.b64encode(b"\0" * shift + text)[-(-shift * 8 // 6) : (shift + len(text)) * 8 // 6]
        for shift in range(3)
    ]


def _pattern() -> re.Pattern[bytes]:
    sought = [WORD.encode(), WORD.capitalize().encode(), *(value.encode() for value in PERSON_IDS)]
    everywhere = [form for text in sought for form in (text, *_in_base64(text))]
    return re.compile(b"|".join(map(re.escape, everywhere)))


_LEAK = _pattern()


def leaked(content: bytes) -> bool:
    """Whether anything planted stands in these bytes, plain or in base64."""
    return _LEAK.search(content) is not None
