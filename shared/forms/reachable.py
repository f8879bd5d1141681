"""Which items of a form can be shown at all, and which conditions can ever hold."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from shared.forms.characters import fits
from shared.forms.conditions import holds
from shared.forms.item_types import longest_answer
from shared.forms.items import Chosen, Condition, Group, Item, Question, ShownWhen, Value

_Known = frozenset[Condition]
"""What must be true of the answers while an item is shown."""

# Beyond this many an item's conditions are followed no further: what is said here is advice, and must end soon.
_MOST_KNOWN = 200


class Reach:
    """Decided once, from the first item to the last.

    Sound, not complete: what is said never to be shown never is, whatever anybody answers; an odd web of
    conditions may go unnoticed.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self._questions: dict[str, Question] = {}
        self._known: dict[str, _Known | None] = {}
        for item, above in _in_order(items, None):
            if isinstance(item, Question):
                self._questions[item.link_id] = item
            base = frozenset() if above is None else self._known[above]
            self._known[item.link_id] = self._known_of(base, item.shown_when)

    def is_never_shown(self, link_id: str) -> bool:
        """True if no answers show the item."""
        return self._known[link_id] is None

    def never_hold(self, shown_when: ShownWhen) -> Iterator[int]:
        """Which of the conditions can't be true, each looked at alone, by position."""
        for index, condition in enumerate(shown_when.conditions):
            if self._with(frozenset(), self._implied(condition)) is None:
                yield index

    def _known_of(self, base: _Known | None, shown_when: ShownWhen | None) -> _Known | None:
        if base is None or shown_when is None:
            return base
        implied = [self._implied(condition) for condition in shown_when.conditions]
        if shown_when.behavior == "all":
            return self._with(base, _union(implied))
        ways = [known for each in implied if (known := self._with(base, each)) is not None]
        return frozenset.intersection(*ways) if ways else None

    def _implied(self, condition: Condition) -> _Known | None:
        """The condition, and what shows the question that it needs an answer to; None if nothing does."""
        if _holds_unanswered(condition):
            return frozenset((condition,))
        known = self._known[condition.question]
        return None if known is None else known | {condition}

    def _with(self, base: _Known, added: _Known | None) -> _Known | None:
        """Both together; None if they contradict each other."""
        if added is None:
            return None
        known = base | added
        if len(known) > _MOST_KNOWN:
            return base
        for link_id in {condition.question for condition in added}:
            about = [condition for condition in known if condition.question == link_id]
            if not _can_hold(self._questions[link_id], about):
                return None
        return known


def _in_order(items: Sequence[Item], above: str | None) -> Iterator[tuple[Item, str | None]]:
    for item in items:
        yield item, above
        if isinstance(item, Group):
            yield from _in_order(item.items, item.link_id)


def _union(implied: Iterable[_Known | None]) -> _Known | None:
    together: set[Condition] = set()
    for known in implied:
        if known is None:
            return None
        together |= known
    return frozenset(together)


def _holds_unanswered(condition: Condition) -> bool:
    return holds(condition, ())


def _can_hold(question: Question, conditions: Sequence[Condition]) -> bool:
    """Whether some answers to the question, or none, make all the conditions true."""
    if all(_holds_unanswered(condition) for condition in conditions):
        return True
    candidates = [value for value in _candidates(question, conditions) if _is_accepted(question, value)]
    if not question.repeats:
        return any(all(holds(condition, (value,)) for condition in conditions) for value in candidates)
    # Of several answers each condition may have its own, but for those that forbid one, or any.
    allowed = [
        value
        for value in candidates
        if all(holds(condition, (value,)) for condition in conditions if _holds_unanswered(condition))
    ]
    return all(any(holds(condition, (value,)) for value in allowed) for condition in conditions)


def _candidates(question: Question, conditions: Sequence[Condition]) -> Iterator[Value]:
    """Values enough to try: if any value makes the conditions true, one of these does."""
    compared = [condition.value for condition in conditions if condition.operator != "exists"]
    if question.type in _STEPS:
        limits = [limit for limit in (question.min_value, question.max_value) if limit is not None]
        yield from _STEPS[question.type]([*compared, *limits])
        return
    if question.type in ("boolean", "attachment"):
        yield from (True, False)
    yield from (Chosen(option.code) for option in question.options)
    if question.type in ("string", "text", "open-choice"):
        yield from (value for value in compared if isinstance(value, str))
        yield "\ue000"  # stands for any other text: a character that nobody types


def _integers(near: Sequence[Value]) -> Iterator[Value]:
    yield 0
    for value in near:
        if isinstance(value, int):
            yield from (value - 1, value, value + 1)


def _days(near: Sequence[Value]) -> Iterator[Value]:
    yield date(2000, 1, 1)
    for value in near:
        if isinstance(value, date):
            yield value
            if value > date.min:
                yield value - timedelta(days=1)
            if value < date.max:
                yield value + timedelta(days=1)


def _decimals(near: Sequence[Value]) -> Iterator[Value]:
    values = sorted(value for value in near if isinstance(value, Decimal)) or [Decimal(0)]
    yield from values
    yield from (values[0] - 1, values[-1] + 1)
    yield from ((lower + upper) / 2 for lower, upper in pairwise(values))


_STEPS: Mapping[str, Callable[[Sequence[Value]], Iterator[Value]]] = {
    "integer": _integers,
    "date": _days,
    "decimal": _decimals,
}


def _is_accepted(question: Question, value: Value) -> bool:
    if isinstance(value, str):
        return fits(value, longest_answer(question))
    least, most = question.min_value, question.max_value
    return (least is None or value >= least) and (most is None or value <= most)  # type: ignore[operator]
