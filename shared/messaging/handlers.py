"""The table of a service: which message goes to which use case, and which rows that one needs."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.message import Message
from shared.messaging.arrival import Arrival
from shared.messaging.work import Work

KeyOf = Callable[[Arrival, Any], Any]


@dataclass(frozen=True, slots=True)
class Binding:
    """How one argument of a use case is found.

    kind `row`: the object under a key, or None. kind `all`: the rows themselves, for adding and for several keys.
    kind `value`: taken from the arrival.
    """

    kind: str
    rows: str
    key: KeyOf


def row(rows: str, key: str | KeyOf) -> Binding:
    """The object of these rows under a key: a field of the message, or a function of arrival and work.

    The function may look at rows that stand earlier in the unit of work; a key of None means no object.
    """
    return Binding("row", rows, _field(key))


def rows(rows: str, key: str | KeyOf | None = None) -> Binding:
    """The rows themselves, with the objects under one key, or each of a list of keys, loaded."""
    return Binding("all", rows, _field(key) if key is not None else _nothing)


def value(of: Callable[[Arrival], Any]) -> Binding:
    """Something that the arrival itself tells, such as its topic."""
    return Binding("value", "", lambda arrival, _: of(arrival))


@dataclass(frozen=True, slots=True)
class Handler:
    """One line of the table."""

    message: type[Message]
    use_case: Callable[..., Any]
    bindings: tuple[tuple[str, Binding], ...]
    wants: Mapping[str, tuple[KeyOf, ...]]
    """How the keys of each stage of the unit of work are found."""

    @property
    def name(self) -> str:
        """The use case's name, which operators and ids know it by."""
        return self.use_case.__name__

    def decide(self, arrival: Arrival, work: Work, now: datetime) -> Any:
        """Run the use case on what is loaded."""
        arguments: dict[str, Any] = {}
        for name, binding in self.bindings:
            if binding.kind == "all":
                arguments[name] = getattr(work, binding.rows)
                continue
            key = binding.key(arrival, work)
            if binding.kind == "value":
                arguments[name] = key
            else:
                arguments[name] = None if key is None else getattr(work, binding.rows).get(key)
        return self.use_case(arrival.body, now=now, **arguments)

    def want(self, arrivals: Iterable[Arrival], work: Work, stage: str) -> None:
        """Tell the rows of this stage which keys these messages need."""
        wanted = getattr(work, stage)
        for key_of in self.wants.get(stage, ()):
            for arrival in arrivals:
                keys = key_of(arrival, work)
                for key in keys if isinstance(keys, list | set | tuple) else () if keys is None else (keys,):
                    wanted.want(key)


def on(message: type[Message], use_case: Callable[..., Any], **bindings: Binding) -> Handler:
    """A line of the table. Raises TypeError if the bindings are not the use case's arguments."""
    parameters = list(inspect.signature(use_case).parameters)[1:]
    if sorted(parameters) != sorted([*bindings, "now"]):
        raise TypeError(f"{use_case.__name__} takes {parameters}, and is given {[*bindings, 'now']}")
    wants: dict[str, tuple[KeyOf, ...]] = {}
    for binding in bindings.values():
        if binding.rows:
            wants[binding.rows] = (*wants.get(binding.rows, ()), binding.key)
    return Handler(message, use_case, tuple(bindings.items()), wants)


class Handlers:
    """The whole table."""

    def __init__(self, lines: Iterable[Handler]) -> None:
        self.by_message: dict[type[Message], Handler] = {}
        for line in lines:
            if line.message in self.by_message:
                raise ValueError(f"{line.message.__name__} stands in the table twice")
            self.by_message[line.message] = line

    def get(self, message: type[Message]) -> Handler | None:
        """The line for this message, or None if the service has no use for it."""
        return self.by_message.get(message)


def _field(key: str | KeyOf) -> KeyOf:
    if not isinstance(key, str):
        return key
    name = key
    return lambda arrival, _: getattr(arrival.body, name)


def _nothing(_: Arrival, __: Any) -> None:
    return None
