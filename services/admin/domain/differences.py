"""What is different between two versions: field by field, question by question."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

_IDENTITIES = ("linkId", "key", "url")
"""What an entry of a list is known by, wherever it stands in it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. `path` is as in `question_form.item[supply].text`; `before` or `after` is None where it is absent."""

    path: str
    kind: Literal["added", "removed", "changed", "moved"]
    before: Any
    after: Any


def differences(before: Any, after: Any, path: str = "") -> Iterator[Difference]:
    """Every difference between two values of JSON, in the order of the later one, removals first."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _between_parts(before, after, path, ".{}")
    elif (old := _by_identity(before)) is not None and (new := _by_identity(after)) is not None:
        yield from _between_parts(old, new, path, "[{}]")
        yield from _moves(list(old), list(new), path)
    elif before is None or after is None:
        yield Difference(path, "added" if before is None else "removed", before, after)
    else:
        yield Difference(path, "changed", before, after)


def _between_parts(
    before: Mapping[str, Any], after: Mapping[str, Any], path: str, step: str
) -> Iterator[Difference]:
    for name in before:
        if name not in after:
            yield Difference(_below(path, step, name), "removed", before[name], None)
    for name in after:
        where = _below(path, step, name)
        if name in before:
            yield from differences(before[name], after[name], where)
        else:
            yield Difference(where, "added", None, after[name])


def _moves(before: Sequence[str], after: Sequence[str], path: str) -> Iterator[Difference]:
    stayed = [name for name in before if name in after]
    now = [name for name in after if name in before]
    if stayed != now:
        yield Difference(path, "moved", stayed, now)


def _by_identity(value: Any) -> Mapping[str, Any] | None:
    """The entries by what they are known by; None where they aren't, or not each by its own."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    named = {name: entry for entry in value if (name := _identity(entry))}
    return named if len(named) == len(value) else None


def _identity(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return ""
    if isinstance(coding := entry.get("valueCoding"), Mapping):
        return str(coding.get("code", ""))
    return next((str(entry[name]) for name in _IDENTITIES if name in entry), "")


def _below(path: str, step: str, name: str) -> str:
    return f"{path}{step.format(name)}" if path else name
