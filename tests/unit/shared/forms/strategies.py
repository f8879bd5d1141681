"""Forms, answers to them, and any JSON, drawn by Hypothesis."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.unit.shared.forms.builders import Json, a_questionnaire, an_option, translated

SECRET = "HEMLIGT"  # in everything that a hostile or careless sender writes

_words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20).filter(
    str.strip
)
_link_ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)

TYPES = ("string", "text", "choice", "boolean", "date", "integer")


@st.composite
def _questions(draw: st.DrawFn, link_id: str) -> Json:
    type_ = draw(st.sampled_from(TYPES))
    question: Json = {"linkId": link_id, **_text(draw, "text"), "type": type_}
    if draw(st.booleans()):
        question["required"] = True
    if type_ in ("string", "text") and draw(st.booleans()):
        question["maxLength"] = draw(st.integers(1, 50))
    if type_ == "choice":
        codes = draw(st.lists(_link_ids, min_size=1, max_size=4, unique=True))
        english = draw(st.none() | _words)
        question["answerOption"] = [an_option(code, draw(_words), english) for code in codes]
    return question


def _text(draw: st.DrawFn, field: str) -> Json:
    text: Json = {field: draw(_words)}
    return text | {f"_{field}": translated(draw(_words))} if draw(st.booleans()) else text


@st.composite
def questionnaires(draw: st.DrawFn) -> Json:
    link_ids = draw(st.lists(_link_ids, min_size=1, max_size=8, unique=True))
    items: list[Json] = []
    holders = [items]
    for link_id in link_ids[:-1]:
        holder = draw(st.sampled_from(holders))
        if len(holders) < 4 and draw(st.integers(0, 3)) == 0:
            group = {"linkId": link_id, **_text(draw, "text"), "type": "group", "item": []}
            holder.append(group)
            holders.append(group["item"])
        else:
            holder.append(draw(_questions(link_id)))
    for number, empty in enumerate(holder for holder in holders if not holder):
        empty.append(draw(_questions(f"last.{link_ids[-1]}.{number}")))
    return a_questionnaire(*items)


@st.composite
def full_responses(draw: st.DrawFn, questionnaire: Json) -> Json:
    """Valid answers to every question, in any order within their group."""
    return {"item": _answers(draw, questionnaire["item"])}


def _answers(draw: st.DrawFn, items: list[Json]) -> list[Json]:
    given: list[Json] = []
    for item in draw(st.permutations(items)):
        if item["type"] == "group":
            given.append({"linkId": item["linkId"], "item": _answers(draw, item["item"])})
        else:
            given.append({"linkId": item["linkId"], "answer": [draw(_values(item))]})
    return given


def _values(question: Json) -> st.SearchStrategy[Json]:
    longest = question.get("maxLength", 50)
    # ASCII, which NFC leaves alone, so that no text becomes too long; other letters have tests of their own.
    written = st.text(st.characters(codec="ascii", exclude_characters="\x00"), min_size=1, max_size=longest)
    text = written.filter(str.strip).map(lambda value: {"valueString": value})
    codes = [
        option["valueCoding"]["code"]
        for option in question.get("answerOption", [{"valueCoding": {"code": ""}}])
    ]
    by_type: dict[str, st.SearchStrategy[Json]] = {
        "string": text,
        "text": text,
        "choice": st.sampled_from(codes).map(lambda code: {"valueCoding": {"code": code}}),
        "boolean": st.booleans().map(lambda value: {"valueBoolean": value}),
        "date": st.dates().map(lambda value: {"valueDate": value.isoformat()}),
        "integer": st.integers(-(2**31), 2**31 - 1).map(lambda value: {"valueInteger": value}),
    }
    return by_type[question["type"]]


def json_values() -> st.SearchStrategy[Any]:
    """Any JSON, with half surrogates and NUL; each text holds SECRET."""
    texts = st.text(st.characters(exclude_categories=()), max_size=8).map(lambda text: text + SECRET)
    leaves: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers() | st.floats() | texts
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
        max_leaves=15,
    )


@st.composite
def spoiled(draw: st.DrawFn, sound: Json) -> Any:
    """The sound JSON with a few places replaced, removed, repeated or added to."""
    root = {"root": json.loads(json.dumps(sound))}
    for _ in range(draw(st.integers(1, 4))):
        holder, key = draw(st.sampled_from(list(_places(root))))
        act = draw(st.sampled_from(["replace", "remove", "repeat", "add"]))
        if act == "remove" and holder is not root:
            del holder[key]
        elif act == "repeat" and isinstance(holder, list):
            holder.append(holder[key])
        elif act == "add" and isinstance(holder, dict) and holder is not root:
            holder[draw(st.sampled_from(["item", "answer", "required", "display", SECRET]))] = draw(
                json_values()
            )
        else:
            holder[key] = draw(json_values())
    return root["root"]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield value, key
        yield from _places(inner)
