"""What a hostile or careless sender could send, drawn by Hypothesis."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.unit.shared.forms.builders import Json

SECRET = "HEMLIGT"  # in everything that a hostile or careless sender writes


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
