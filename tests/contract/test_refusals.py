"""Every refusal, wherever it stands, says in Swedish and in English what is wrong and what to do."""

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest

from services.admin.application.sign_in import faults as sign_in
from shared.forms import form_wording, wording
from shared.forms.items import Text
from shared.messaging import faults
from tests.architecture.tree import ROOT

SENTENCE = re.compile(r"[.!?;](?= |$)")
HOLE = "…"
WORDED_ELSEWHERE = {
    "services/admin/application/catalogue/wishes.py": "form_wording.py",
    "services/admin/application/sign_in/faults.py": "the tables of that file",
    "services/admin/domain/readiness.py": "its items, in test_life_of_a_clinic.py",
    "services/intake/application/submit_case.py": "wording.py",
    "services/intake/domain/faults.py": "the clinic's own words, which are asked for when it closes or pauses",
    "shared/forms/form_wording.py": "its table",
    "shared/forms/wording.py": "its tables",
    "shared/messaging/answered.py": "what was told the first time",
    "shared/messaging/faults.py": "its table, and validators' own words",
}
"""Files that make faults of words which stand elsewhere, and where."""


class Words(NamedTuple):
    """What one refusal says, and where that stands."""

    place: str
    sv: str
    en: str


def literal(node: ast.AST) -> str | None:
    """A text in the source, with holes for what is filled in; None if it is not written out."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(literal(part) or HOLE for part in node.values)
    return None


def written(path: Path, text: str) -> Iterator[Words | str]:
    """The words of each fault that a file makes; its path alone for one whose words stand elsewhere."""
    shown = path.relative_to(ROOT).as_posix()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Fault", "unsound"}:
            sv, en = (literal(word) if len(node.args) > 2 else None for word in (node.args * 2)[-2:])
            yield shown if sv is None or en is None else Words(f"{shown}:{node.lineno}", sv, en)


FOUND = [
    found
    for path in chain((ROOT / "services").rglob("*.py"), (ROOT / "shared").rglob("*.py"))
    for found in written(path, path.read_text())
]


def tables() -> Iterator[Words]:
    """The words that stand in tables."""
    texts: dict[str, Text] = wording.ABOUT_ANSWERS | wording.ABOUT_RESPONSES | form_wording.ABOUT_FORMS
    yield from (Words(code, text.sv, text.in_language("en")) for code, text in texts.items())
    yield from (Words(code, sv, en) for code, sv, en in (*faults._TEXTS.values(), faults._OTHER))
    yield from (Words(code, sv, en) for code, (sv, en) in sign_in._WORDS.items())
    yield from (Words("sign-in", sv, en) for sv, en in (sign_in._AGAIN, sign_in._CARD))


def wanting(words: Words) -> list[str]:
    """What a refusal fails to say."""
    missing = [
        f"in {language}: what is wrong, then what to do"
        for language, text in (("Swedish", words.sv), ("English", words.en))
        if len(SENTENCE.findall(text)) < 2
    ]
    return [*missing, *(["in English"] if words.sv == words.en else [])]


@pytest.mark.parametrize("words", [it for it in FOUND if isinstance(it, Words)] + list(tables()), ids=str)
def test_a_refusal_says_what_is_wrong_and_what_to_do(words: Words) -> None:
    assert wanting(words) == []


def test_words_that_stand_elsewhere_are_known_to_be_looked_at_there() -> None:
    assert {it for it in FOUND if isinstance(it, str)} == WORDED_ELSEWHERE.keys()


@pytest.mark.parametrize(
    ("sv", "en", "missing"),
    (
        ("Det går inte.", "It can't be done. Ask somebody.", 1),
        ("", "", 3),
        ("Fel. Rätta det.", "Wrong. Correct it.", 0),
        ("Wrong. Correct it.", "Wrong. Correct it.", 1),
    ),
)
def test_a_planted_refusal_is_judged(sv: str, en: str, missing: int) -> None:
    assert len(wanting(Words("planted", sv, en))) == missing
    [found] = written(ROOT / "planted.py", f'Fault("field", "code", {sv!r}, f"{en}")')
    assert found == Words("planted.py:1", sv, en)
