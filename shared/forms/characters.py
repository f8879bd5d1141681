"""How long a text is, and which characters no text may hold."""

import re
from unicodedata import category, is_normalized, normalize

# PostgreSQL stores no NUL, and UTF-8 no half of a surrogate pair: such a text would fail far from its sender.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")

# No character becomes more than four when decomposed (UAX #15, table of maximum expansion factors).
_MOST_PER_CHARACTER = 4

# The Stream-Safe Text Format (UAX #15, section 13) knows no language that needs more marks on one letter.
_MOST_MARKS = 30


def is_unstorable(text: str) -> bool:
    """True if the text holds NUL or a lone surrogate."""
    return not text.isprintable() and _UNSTORABLE.search(text) is not None


def fits(text: str, longest: int) -> bool:
    """True if the text has at most `longest` characters (code points) after NFC.

    So å counts as one, whether the keyboard sent it as one or as a and a ring. A text with more than 30
    marks in a row is counted as it stands: Python 3.11 sorts marks in quadratic time, and one message full of
    them would hold the worker for seconds.
    """
    length = len(text)
    if length * _MOST_PER_CHARACTER <= longest:
        return True
    if length > longest * _MOST_PER_CHARACTER:
        return False
    if text.isascii() or is_normalized("NFC", text) or _piles_up_marks(text):
        return length <= longest
    return len(normalize("NFC", text)) <= longest


def _piles_up_marks(text: str) -> bool:
    # By category, not by combining class: some Tibetan marks have class 0 and yet decompose into others.
    marks = 0
    for character in text:
        marks = marks + 1 if category(character).startswith("M") else 0
        if marks > _MOST_MARKS:
            return True
    return False
