"""`docs/events.md`: every message of every owner, for people to read."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from shared.contracts.catalogue import MESSAGES, owner_of
from shared.contracts.json_schemas import key_of, schema_of, summary_of
from shared.contracts.message import Command, Message
from shared.contracts.samples_on_file import samples_of
from shared.contracts.topics import SERVICES, Cleanup, Topic
from shared.contracts.traffic import PORTAL, TOPICS, readers_of, types_on, words_for

_OPENING = """\
# Messages

Made by `make generate` from `shared/contracts/`; don't edit. The same for machines: [asyncapi.yaml](asyncapi.yaml),
and a JSON Schema per type in `shared/contracts/schemas/`. How a portal takes part: [portal-guide.md](portal-guide.md).

Facts are in the past participle and belong to who publishes them; commands are imperative and belong to who
receives them. Messages with the same key keep their order. The version stands in the type; within it there are
only additions, so ignore fields that you don't know, and expect new values where values are listed. A field that
is not marked as always there may be missing in old messages, and then means its default.
"""
_FORMATS = {"uuid": "UUID", "date-time": "time", "date": "date"}
_LIMITS = {"minimum": "at least {}", "maximum": "at most {}", "maxLength": "at most {} characters"}


def page() -> str:
    """The whole page."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    yield _OPENING
    yield from _topics()
    for owner in SERVICES:
        own = [message for message in MESSAGES if owner_of(message) == owner]
        if own:
            yield from _overview(owner, own)
        for message in own:
            yield from _details(message)


def _topics() -> Iterator[str]:
    yield "## Topics\n"
    yield "| topic | written by | read by | partitions | kept | types | what for |"
    yield "|---|---|---|---|---|---|---|"
    for topic in TOPICS.values():
        yield (
            f"| `{_cell(topic.name)}` | {_people(topic.writers)} | {_people(topic.readers)} | {topic.partitions} "
            f"| {_kept(topic)} | {_types(topic)} | {_cell(topic.description.replace(PORTAL, '').strip(' .'))} |"
        )
    yield ""


def _kept(topic: Topic) -> str:
    if topic.cleanup is Cleanup.COMPACT:
        return "the newest per key"
    return f"{topic.retention // timedelta(days=1)} days"


def _types(topic: Topic) -> str:
    return ", ".join(f"[{m.__name__}](#{m.__name__.lower()})" for m in types_on(topic)) or "as received"


def _overview(owner: str, messages: list[type[Message]]) -> Iterator[str]:
    yield f"## {owner.capitalize()}\n"
    yield "| message | type | key | topic | read by |"
    yield "|---|---|---|---|---|"
    for message in messages:
        yield (
            f"| [{message.__name__}](#{message.__name__.lower()}) | `{message.TYPE}` | {_key(message)} "
            f"| `{message.TOPIC}` | {_people(readers_of(message)) or 'nobody yet'} |"
        )
    yield ""


def _details(message: type[Message]) -> Iterator[str]:
    schema = schema_of(message)
    kind = "A command." if issubclass(message, Command) else "A fact."
    yield f"### {message.__name__}\n"
    yield f"{summary_of(message)} {kind}\n"
    yield "| field | kind | always there | what it is |"
    yield "|---|---|---|---|"
    for path, field, always in _fields(schema, schema.get("$defs", {}), ""):
        kind = _cell(_kind(field, schema.get("$defs", {})))
        there = "yes" if always else f"if missing: `{json.dumps(field.get('default'), ensure_ascii=False)}`"
        yield f"| `{path}` | {kind} | {there} | {_cell(str(field.get('description', '')))} |"
    yield ""
    for sample in samples_of(message.TYPE)[:1]:
        shown = {"key": sample.key, "headers": sample.headers, "value": sample.value}
        yield f"```json\n{json.dumps(shown, ensure_ascii=False, indent=2)}\n```\n"


def _fields(schema: Any, parts: Any, above: str) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """(path, field, always there) of each field, and of those within it."""
    for name, field in schema.get("properties", {}).items():
        yield f"{above}{name}", field, name in schema.get("required", ())
        for inner, ending in ((field, "."), (field.get("items", {}), "[].")):
            yield from _fields(_followed(inner, parts), parts, f"{above}{name}{ending}")


def _kind(field: Mapping[str, Any], parts: Any) -> str:
    if "anyOf" in field:
        return " or ".join(_kind(option, parts) for option in field["anyOf"])
    field = _followed(field, parts)
    if "enum" in field or "const" in field:
        return ", ".join(f"`{value}`" for value in field.get("enum", [field.get("const")]))
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}), parts)}"
    names = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "object"}
    kind = _FORMATS.get(
        field.get("format", ""), names.get(field.get("type", ""), field.get("type", "anything"))
    )
    limits = [words.format(field[name]) for name, words in _LIMITS.items() if name in field]
    return ", ".join([kind, *limits, *([f"as `{field['pattern']}`"] if "pattern" in field else [])])


def _followed(schema: Mapping[str, Any], parts: Any) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    found: Mapping[str, Any] = parts[schema["$ref"].rsplit("/", 1)[1]]
    return found


def _key(message: type[Message]) -> str:
    key = key_of(message)
    return f"`{key}`" if key.isidentifier() else key


def _people(names: tuple[str, ...]) -> str:
    return ", ".join(words_for(name) for name in names)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
