"""A form compiled for checking answers: one look-up per answer, no words made unless needed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from shared.faults import Fault
from shared.forms.answers import BLANK, LIST, OBJECT, Checker
from shared.forms.conditions import Accepted, Conditions
from shared.forms.item_types import QUESTION_TYPES, most_answers
from shared.forms.items import MOST_FAULTS, MOST_ITEMS, Display, Group, Item, Question
from shared.forms.wording import about_answer, about_response

_RESPONSE_FIELDS = frozenset({"resourceType", "status", "item"})


@dataclass(frozen=True, slots=True)
class _CompiledQuestion:
    item: Question
    parent: str | None
    checkers: Mapping[str, Checker]
    value: str
    check_value: Checker
    most: int

    def check(self, sent: Mapping[str, Any]) -> str | None:
        """What is wrong with {"linkId": …, "answer": [{value[x]: …}]}, as the code of a fault, or BLANK."""
        if "answer" not in sent:
            return BLANK if len(sent) == 1 else "unknown_field"
        if len(sent) > 2:
            return "unknown_field"
        answers = sent["answer"]
        if not isinstance(answers, LIST):
            return "malformed"
        if len(answers) != 1:
            return self._check_each(answers) if answers else BLANK
        answer = answers[0]
        if not isinstance(answer, OBJECT):
            return "malformed"
        if len(answer) == 1 and self.value in answer:
            return self.check_value(answer[self.value])
        return self._check_other(answer)

    def _check_other(self, answer: Mapping[str, Any]) -> str | None:
        for value, check_value in self.checkers.items():
            if value in answer:
                return check_value(answer[value]) if len(answer) == 1 else "unknown_field"
        return "wrong_type"

    def _check_each(self, answers: Sequence[Any]) -> str | None:
        if len(answers) > self.most:
            return "more_than_one_answer" if self.most == 1 else "too_many_answers"
        codes = [
            self._check_other(answer) if isinstance(answer, OBJECT) else "malformed" for answer in answers
        ]
        if wrong := next((code for code in codes if code not in (None, BLANK)), None):
            return wrong
        chosen = [answer["valueCoding"]["code"] for answer in answers if "valueCoding" in answer]
        if len(set(chosen)) < len(chosen):
            return "repeated_answer"
        return BLANK if all(codes) else None


@dataclass(frozen=True, slots=True)
class _CompiledDisplay:
    item: Display
    parent: str | None

    def check(self, _: Mapping[str, Any]) -> str:
        """What asks nothing has no place among the answers."""
        return "display_answered"


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


_Compiled: TypeAlias = _CompiledQuestion | _CompiledGroup | _CompiledDisplay


# What is told of an item: its linkId and the code of the fault, or BLANK. None: what was sent stands for no item,
# and its place is told instead.
_Told: TypeAlias = tuple[str | None, str, str]

# Each item can be blank once, and a hundred faults still fit: a blank is no fault until it is known what is shown.
_MOST_TOLD = MOST_FAULTS + MOST_ITEMS + MOST_ITEMS


class Checks:
    """The items of a form by linkId, each ready to check what was sent for it."""

    __slots__ = ("_compiled", "_conditions", "_may_be_blank", "_questions", "_required")

    def __init__(self, items: Sequence[Item]) -> None:
        self._compiled = {compiled.item.link_id: compiled for compiled in _compile(items, None)}
        conditions = Conditions(items)
        self._conditions = conditions if conditions else None
        questions = [it.item for it in self._compiled.values() if isinstance(it, _CompiledQuestion)]
        self._questions = frozenset(question.link_id for question in questions)
        self._required = frozenset(question.link_id for question in questions if question.required)
        # Without conditions nobody asks whether an optional question was answered.
        self._may_be_blank = frozenset[str]() if conditions else self._questions - self._required

    def faults_in(self, response: object) -> tuple[Fault, ...]:
        """The first 100 faults, in the order of the form; what belongs to no question comes last."""
        if not isinstance(response, OBJECT):
            return (about_response("malformed", "answers"),)
        accepted: Accepted = {}
        told: list[_Told] = []
        _check_outside(response, told)
        items = response.get("item", ())
        if isinstance(items, LIST):
            self._walk(items, None, "answers", accepted, told)
        else:
            told.append((None, "malformed", "answers"))
        if not told and self._conditions is None and self._required <= accepted.keys():
            return ()
        return self._worded(accepted, told)

    def shown(self, response: object) -> frozenset[str]:
        """The linkIds of the items that are shown for these answers, whole or partial, sound or not."""
        accepted: Accepted = {}
        items = response.get("item", ()) if isinstance(response, OBJECT) else ()
        if self._conditions is None:
            return frozenset(self._compiled)
        if isinstance(items, LIST):
            self._walk(items, None, "answers", accepted, [])
        return self._conditions.shown(accepted)

    def _walk(
        self, items: Sequence[Any], parent: str | None, place: str, accepted: Accepted, told: list[_Told]
    ) -> None:
        for index, sent in enumerate(items):
            link_id = sent.get("linkId") if isinstance(sent, OBJECT) else None
            compiled = self._compiled.get(link_id) if isinstance(link_id, str) else None
            if link_id is None or compiled is None:
                # Located by position: whatever a sender put where a linkId belongs is not repeated.
                code = "unknown_question" if isinstance(link_id, str) else "malformed"
                _tell(told, None, code, f"{place}.item[{index}]")
                continue
            if link_id in accepted:
                _tell(told, link_id, "answered_twice")
                continue
            fault = compiled.check(sent) if compiled.parent == parent else "misplaced_question"
            if fault is None or (fault == BLANK and link_id in self._may_be_blank):
                accepted[link_id] = sent
            else:
                accepted[link_id] = None
                _tell(told, link_id, fault)
            if isinstance(compiled, _CompiledGroup):
                nested = sent.get("item")
                if isinstance(nested, LIST):
                    self._walk(nested, link_id, f"{place}.item[{index}]", accepted, told)

    def _worded(self, accepted: Accepted, told: list[_Told]) -> tuple[Fault, ...]:
        """What was told, with what is missing and what should not have been answered, as faults in order."""
        answered = accepted.keys() - {link_id for link_id, code, _ in told if code == BLANK}
        missing = self._required - answered
        codes = [(link_id, code) for link_id, code, _ in told if link_id is not None and code != BLANK]
        if self._conditions is not None:
            shown = self._conditions.shown(accepted)
            missing &= shown
            hidden = self._questions & answered - shown
            # Whatever else is wrong with the answer to a hidden question, it must go.
            codes = [(link_id, code) for link_id, code in codes if link_id not in hidden]
            codes += [(link_id, "hidden_question") for link_id in hidden]
        codes += [(link_id, BLANK) for link_id in missing]
        if len(codes) > 1:
            order = {link_id: index for index, link_id in enumerate(self._compiled)}
            codes.sort(key=lambda it: order[it[0]])
        faults = [about_answer(code, self._compiled[link_id].item) for link_id, code in codes[:MOST_FAULTS]]
        strays = [about_response(code, place) for link_id, code, place in told if link_id is None]
        return (*faults, *strays)[:MOST_FAULTS]


def _tell(told: list[_Told], link_id: str | None, code: str, place: str = "") -> None:
    if len(told) < _MOST_TOLD:
        told.append((link_id, code, place))


def _check_outside(response: Mapping[str, Any], told: list[_Told]) -> None:
    if not response.keys() <= _RESPONSE_FIELDS:
        told.append((None, "unknown_field", "answers"))
    if "resourceType" in response and response["resourceType"] != "QuestionnaireResponse":
        told.append((None, "wrong_resource", "answers"))
    if "status" in response and response["status"] != "completed":
        told.append((None, "not_completed", "answers"))


def _compile(items: Sequence[Item], parent: str | None) -> Iterator[_Compiled]:
    for item in items:
        if isinstance(item, Group):
            yield _CompiledGroup(item, parent)
            yield from _compile(item.items, item.link_id)
        elif isinstance(item, Display):
            yield _CompiledDisplay(item, parent)
        else:
            checkers = {value: make(item) for value, make in QUESTION_TYPES[item.type].checkers.items()}
            value, check_value = next(iter(checkers.items()))
            yield _CompiledQuestion(item, parent, checkers, value, check_value, most_answers(item))
            if item.help is not None:
                yield _CompiledDisplay(item.help, parent)
