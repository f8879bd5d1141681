"""What breaks between two schemas of one type: within a version there are only additions.

Fields that may be missing and values of an enumeration can be added. Everything that makes an old message unreadable
breaks. An event breaks its readers, too, when a field may hold what it never held before; a command may become laxer.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

_LOWER = ("minLength", "minItems", "minimum", "exclusiveMinimum", "minProperties")
_UPPER = ("maxLength", "maxItems", "maximum", "exclusiveMaximum", "maxProperties")
_EXACT = ("format", "pattern", "multipleOf", "prefixItems", "uniqueItems")
_ANYTHING = "anything"
_COVERED_BY = {"integer": "number"}


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """Each change that breaks, in words, with the path of the field; empty if there is none."""
    found = [
        f"{what} was {old[name]} and is {new.get(name)}"
        for name, what in (("x-kind", "the kind"), ("x-topic", "the topic"), ("x-key", "the key"))
        if name in old and old[name] != new.get(name)
    ]
    comparison = _Comparison(old.get("$defs", {}), new.get("$defs", {}), new.get("x-kind") != "command")
    return found + list(dict.fromkeys(comparison.of(old, new, "")))


class _Comparison:
    """Two schemas and their definitions. `both_ways`: laxer breaks as well as stricter."""

    def __init__(self, old_parts: Schema, new_parts: Schema, both_ways: bool) -> None:
        self._old_parts = old_parts
        self._new_parts = new_parts
        self._both_ways = both_ways
        self._open: set[tuple[str, str]] = set()

    def of(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        """The changes at this place and below it."""
        place = (str(old.get("$ref", "")), str(new.get("$ref", "")))
        if place in self._open:
            return
        if any(place):
            self._open.add(place)
        yield from self._default(old, new, path)
        before, after = _alternatives(old, self._old_parts), _alternatives(new, self._new_parts)
        for type_, schema in before:
            candidates = [
                other for kind, other in after if kind in (type_, _COVERED_BY.get(type_), _ANYTHING)
            ]
            if not candidates:
                yield f"{_shown(path)}: no longer takes {type_}"
                continue
            changes = [list(self._same_type(type_, schema, other, path)) for other in candidates]
            yield from min(changes, key=len)
        if self._both_ways:
            known = {type_ for type_, _ in before}
            yield from (f"{_shown(path)}: may now be {t}" for t, _ in after if not known & {t, _ANYTHING})
        self._open.discard(place)

    def _default(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        """Another default gives old messages that leave the field out another meaning."""
        if "default" in old and "default" in new and old["default"] != new["default"]:
            yield f"{_shown(path)}: the default was {old['default']!r} and is {new['default']!r}"

    def _same_type(self, type_: str, old: Schema, new: Schema, path: str) -> Iterator[str]:
        yield from self._values(old, new, path)
        yield from self._limits(old, new, path)
        if type_ == "object":
            yield from self._fields(old, new, path)
        if type_ == "array":
            yield from self.of(old.get("items", {}), new.get("items", {}), f"{path}[]")

    def _values(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        before, after = _values_of(old), _values_of(new)
        if after is not None:
            gone = "anything else" if before is None else ", ".join(str(v) for v in before if v not in after)
            if gone:
                yield f"{_shown(path)}: no longer allows {gone}"
        elif before is not None and self._both_ways:
            yield f"{_shown(path)}: may now be anything"

    def _limits(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        for name in (*_LOWER, *_UPPER, *_EXACT):
            before, after = old.get(name), new.get(name)
            if before == after or not (self._both_ways or _stricter(name, before, after)):
                continue
            yield f"{_shown(path)}: {name} was {_told(before)} and is {_told(after)}"

    def _fields(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in before:
            if name not in after:
                yield f"{_below(path, name)}: the field is gone"
            else:
                yield from self.of(before[name], after[name], _below(path, name))
        for name in new.get("required", ()):
            if name not in old.get("required", ()):
                yield f"{_below(path, name)}: {'is required now' if name in before else 'a new field is required'}"
        rest_before, rest_after = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if rest_before is not False and rest_after is False:
            yield f"{_shown(path)}: unknown fields are refused now"
        elif rest_before is not False:
            yield from self.of(_as_schema(rest_before), _as_schema(rest_after), _below(path, "*"))


def _alternatives(schema: Schema, parts: Schema) -> list[tuple[str, Schema]]:
    """(type, schema) of everything that may stand here, references followed."""
    if "$ref" in schema:
        return _alternatives(parts[schema["$ref"].rsplit("/", 1)[1]], parts)
    for name in ("anyOf", "oneOf"):
        if name in schema:
            return [found for part in schema[name] for found in _alternatives(part, parts)]
    types = schema.get("type", _ANYTHING)
    return [(type_, schema) for type_ in ([types] if isinstance(types, str) else types)]


def _values_of(schema: Schema) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    values: list[Any] | None = schema.get("enum")
    return values


def _stricter(name: str, before: Any, after: Any) -> bool:
    if after is None or after is False:
        return False
    if before is None or name in _EXACT:
        return True
    return bool(after > before if name in _LOWER else after < before)


def _as_schema(rest: Any) -> Schema:
    return rest if isinstance(rest, Mapping) else {}


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _shown(path: str) -> str:
    return path or "the body"


def _told(limit: Any) -> str:
    return "absent" if limit is None else str(limit)
