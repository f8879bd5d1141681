"""When an item is shown: its conditions, and whether they hold for what has been answered."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from shared.forms.items import Condition, Group, Item, Operator, Question, ShownWhen, Value
from shared.forms.values import COMPARABLE

Given: TypeAlias = Collection[Value]
"""The answers to one question, all of one type; none if it is unanswered or hidden."""

Accepted: TypeAlias = dict[str, Mapping[str, Any] | None]
"""What was sent for each item, {"answer": […]}; None if that is no answer, or a wrong one."""

# https://hl7.org/fhir/R4/valueset-questionnaire-enable-operator.html: one answer of several is enough, and
# “!=” is the contrary of “=”, so it holds of a question without an answer.
_HOLDS: Mapping[Operator, Callable[[Any, Any], bool]] = {
    "exists": lambda given, value: bool(given) is value,
    "=": lambda given, value: value in given,
    "!=": lambda given, value: value not in given,
    ">": lambda given, value: any(answer > value for answer in given),
    "<": lambda given, value: any(answer < value for answer in given),
    ">=": lambda given, value: any(answer >= value for answer in given),
    "<=": lambda given, value: any(answer <= value for answer in given),
}
OPERATORS: tuple[Operator, ...] = tuple(_HOLDS)


def holds(condition: Condition, given: Given) -> bool:
    """Whether the condition is true of the answers to its question."""
    return _HOLDS[condition.operator](given, condition.value)


class Conditions:
    """Which items of a form are shown. A condition looks back only, so one pass from first to last decides."""

    __slots__ = ("_order", "_referenced")

    def __init__(self, items: Sequence[Item]) -> None:
        self._order = tuple(_in_order(items, None))
        self._referenced = frozenset(
            condition.question
            for _, _, shown_when in self._order
            if shown_when is not None
            for condition in shown_when.conditions
        )

    def __bool__(self) -> bool:
        return bool(self._referenced)

    def shown(self, accepted: Accepted) -> frozenset[str]:
        """The linkIds of what is shown, given what the questions accept.

        An answer to a hidden question counts as none.
        """
        shown: set[str] = set()
        given: dict[str, Given] = {}
        for link_id, above, shown_when in self._order:
            if above is not None and above not in shown:
                continue
            if shown_when is None or _is_met(shown_when, given):
                shown.add(link_id)
                if link_id in self._referenced:
                    given[link_id] = _comparable(accepted.get(link_id))
        return frozenset(shown)


def _is_met(shown_when: ShownWhen, given: Mapping[str, Given]) -> bool:
    results = (holds(condition, given.get(condition.question, ())) for condition in shown_when.conditions)
    return all(results) if shown_when.behavior == "all" else any(results)


def _comparable(accepted: Mapping[str, Any] | None) -> Given:
    return frozenset(
        value
        for answer in (accepted or {}).get("answer", ())
        for field, sent in answer.items()
        if (value := COMPARABLE[field](sent)) is not None
    )


def _in_order(items: Sequence[Item], above: str | None) -> Iterator[tuple[str, str | None, ShownWhen | None]]:
    for item in items:
        yield item.link_id, above, item.shown_when
        if isinstance(item, Group):
            yield from _in_order(item.items, item.link_id)
        elif isinstance(item, Question) and item.help is not None:
            yield item.help.link_id, item.link_id, None
