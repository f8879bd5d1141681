"""A place in the JSON of a form: what stands there, the way to it, and what is wrong with it."""

import re
from collections.abc import Collection, Iterator, Set
from dataclasses import dataclass
from typing import Any

from shared.faults import Fault
from shared.forms.answers import LIST, OBJECT
from shared.forms.characters import is_unstorable
from shared.forms.form_wording import about_form
from shared.forms.items import MOST_FAULTS, Text

# Only a name that looks like one is repeated in a path: anything may stand in JSON.
_NAME = re.compile(r"[A-Za-z_]\w{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """What can't be read is noted in `faults` and read as empty, so that one reading finds every fault."""

    value: Any
    path: str
    faults: list[Fault]

    def refuse(self, code: str, **details: Text | str | int) -> None:
        """Note a fault at this place."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(about_form(code, self.path or "questionnaire", **details))

    def is_object(self) -> bool:
        """True if an object stands here; otherwise noted."""
        return self._is(OBJECT, Text("ett objekt", "an object"))

    def has(self, name: str) -> bool:
        """True if the object has the field."""
        return name in self.value

    def at(self, name: str) -> "Place":
        """The field of that name; its value is None if the object lacks it."""
        shown = f"{self.path}.{name}" if self.path else name
        return Place(self.value.get(name), shown if _NAME.fullmatch(name) else self.path, self.faults)

    def required(self, name: str) -> "Place | None":
        """The field of that name; otherwise noted, and None."""
        place = self.at(name)
        if not self.has(name):
            place.refuse("missing_field")
            return None
        return place

    def only(self, allowed: Set[str]) -> None:
        """Note each field of the object that is not allowed."""
        for name in self.value:
            if name not in allowed:
                self.at(str(name)).refuse("unknown_field")

    def each(self, most: int | None = None) -> Iterator["Place"]:
        """The entries of a list that is neither empty nor longer than `most`; otherwise noted."""
        if not self._is(LIST, Text("en lista", "a list")):
            return
        if not self.value:
            self.refuse("empty")
        if most is not None and len(self.value) > most:
            self.refuse("too_many", most=most)
        for index, value in enumerate(self.value[:most]):
            yield Place(value, f"{self.path}[{index}]", self.faults)

    def constant(self, value: str) -> None:
        """Note if anything else stands here."""
        if self.value != value:
            self.refuse("wrong_value", expects=Text(value))

    def one_of(self, values: Collection[str]) -> bool:
        """True if one of the values stands here; otherwise noted."""
        if isinstance(self.value, str) and self.value in values:
            return True
        self.refuse("wrong_value", expects=Text(", ".join(values)))
        return False

    def text(self, longest: int) -> str:
        """The text that stands here: not blank, not too long, storable; otherwise noted, and empty."""
        if not self._is(str, Text("text", "text")):
            return ""
        text: str = self.value
        if len(text) > longest:
            self.refuse("too_long", longest=longest)
        elif is_unstorable(text):
            self.refuse("invalid_characters")
        elif not text.strip():
            self.refuse("blank")
        else:
            return text
        return ""

    def flag(self) -> bool:
        """True or false, as it stands here; otherwise noted, and False."""
        return self._is(bool, Text("true eller false", "true or false")) and bool(self.value)

    def number(self, least: int, most: int) -> int | None:
        """The whole number that stands here, within its limits; otherwise noted, and None."""
        expects = Text(f"ett heltal från {least} till {most}", f"a whole number from {least} to {most}")
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            self.refuse("wrong_type", expects=expects)
        elif not least <= self.value <= most:
            self.refuse("wrong_value", expects=expects)
        else:
            return self.value
        return None

    def _is(self, kind: type | tuple[type, ...], expects: Text) -> bool:
        if isinstance(self.value, kind):
            return True
        self.refuse("wrong_type", expects=expects)
        return False
