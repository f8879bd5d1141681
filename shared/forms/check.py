"""A form compiled for checking answers: one look-up per answer, no words made unless needed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from shared.faults import Fault
from shared.forms.item_types import LIST, OBJECT, QUESTION_TYPES, Checker
from shared.forms.items import MOST_FAULTS, Group, Item, Question
from shared.forms.wording import about_answer, about_response

_RESPONSE_FIELDS = frozenset({"resourceType", "status", "item"})


@dataclass(frozen=True, slots=True)
class _CompiledQuestion:
    item: Question
    parent: str | None
    value: str
    check_value: Checker
    unanswered: str | None

    def check(self, sent: Mapping[str, Any]) -> str | None:
        """What is wrong with {"linkId": …, "answer": [{value[x]: …}]}, as the code of a fault."""
        if "answer" not in sent:
            return self.unanswered if len(sent) == 1 else "unknown_field"
        if len(sent) > 2:
            return "unknown_field"
        answers = sent["answer"]
        if not isinstance(answers, LIST):
            return "malformed"
        if len(answers) != 1:
            return "more_than_one_answer" if answers else self.unanswered
        answer = answers[0]
        if not isinstance(answer, OBJECT):
            return "malformed"
        if self.value not in answer:
            return "wrong_type"
        return self.check_value(answer[self.value]) if len(answer) == 1 else "unknown_field"


@dataclass(frozen=True, slots=True)
class _CompiledGroup:
    item: Group
    parent: str | None

    def check(self, sent: Mapping[str, Any]) -> str | None:
        """What is wrong with {"linkId": …, "item": […]} itself, as the code of a fault."""
        if "answer" in sent:
            return "group_answered"
        if len(sent) > 1 + ("item" in sent):
            return "unknown_field"
        return None if isinstance(sent.get("item", ()), LIST) else "malformed"


_Compiled: TypeAlias = _CompiledQuestion | _CompiledGroup


class Checks:
    """The questions and groups of a form by linkId, each ready to check what was sent for it."""

    __slots__ = ("_compiled", "_required")

    def __init__(self, items: Sequence[Item]) -> None:
        self._compiled = {compiled.item.link_id: compiled for compiled in _compile(items, None)}
        self._required = frozenset(
            link_id
            for link_id, compiled in self._compiled.items()
            if isinstance(compiled, _CompiledQuestion) and compiled.item.required
        )

    def faults_in(self, response: object) -> tuple[Fault, ...]:
        """The first 100 faults, in the order of the form; what belongs to no question comes last."""
        if not isinstance(response, OBJECT):
            return (about_response("malformed", "answers"),)
        faults: list[Fault] = []
        seen: set[str] = set()
        self._check_outside(response, faults)
        items = response.get("item", ())
        if isinstance(items, LIST):
            self._walk(items, None, "answers", seen, faults)
        else:
            faults.append(about_response("malformed", "answers"))
        if not self._required <= seen:
            missing = self._required - seen
            faults.extend(about_answer("required", self._compiled[link_id].item) for link_id in missing)
        return self._in_order(faults) if faults else ()

    def _check_outside(self, response: Mapping[str, Any], faults: list[Fault]) -> None:
        if not response.keys() <= _RESPONSE_FIELDS:
            faults.append(about_response("unknown_field", "answers"))
        if "resourceType" in response and response["resourceType"] != "QuestionnaireResponse":
            faults.append(about_response("wrong_resource", "answers"))
        if "status" in response and response["status"] != "completed":
            faults.append(about_response("not_completed", "answers"))

    def _walk(
        self, items: Sequence[Any], parent: str | None, place: str, seen: set[str], faults: list[Fault]
    ) -> None:
        for index, sent in enumerate(items):
            link_id = sent.get("linkId") if isinstance(sent, OBJECT) else None
            compiled = self._compiled.get(link_id) if isinstance(link_id, str) else None
            if compiled is None:
                # Located by position: whatever a sender put where a linkId belongs is not repeated.
                if len(faults) < MOST_FAULTS:
                    code = "unknown_question" if isinstance(link_id, str) else "malformed"
                    faults.append(about_response(code, f"{place}.item[{index}]"))
                continue
            fault = _code_for(compiled, sent, parent, seen)
            if fault is not None and len(faults) < MOST_FAULTS:
                faults.append(about_answer(fault, compiled.item))
            if isinstance(compiled, _CompiledGroup) and fault != "answered_twice":
                nested = sent.get("item")
                if isinstance(nested, LIST):
                    self._walk(nested, compiled.item.link_id, f"{place}.item[{index}]", seen, faults)

    def _in_order(self, faults: list[Fault]) -> tuple[Fault, ...]:
        order = {f"answers.{link_id}": index for index, link_id in enumerate(self._compiled)}
        return tuple(sorted(faults, key=lambda fault: order.get(fault.field, len(order)))[:MOST_FAULTS])


def _code_for(compiled: _Compiled, sent: Mapping[str, Any], parent: str | None, seen: set[str]) -> str | None:
    link_id = compiled.item.link_id
    if link_id in seen:
        return "answered_twice"
    seen.add(link_id)
    return compiled.check(sent) if compiled.parent == parent else "misplaced_question"


def _compile(items: Sequence[Item], parent: str | None) -> Iterator[_Compiled]:
    for item in items:
        if isinstance(item, Group):
            yield _CompiledGroup(item, parent)
            yield from _compile(item.items, item.link_id)
        else:
            kind = QUESTION_TYPES[item.type]
            unanswered = "required" if item.required else None
            yield _CompiledQuestion(item, parent, kind.value, kind.checker(item), unanswered)
