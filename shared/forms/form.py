"""A form that has been read and found sound, ready to check answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from shared.faults import Fault
from shared.forms.check import Checks
from shared.forms.export import to_questionnaire
from shared.forms.items import Group, Item, Question

_Placed: TypeAlias = tuple[tuple[Group, ...], Question]


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of a case type, or what its caregiver fills in. Made by `parse_form`, never changed."""

    items: tuple[Item, ...]
    _checks: Checks = field(init=False, repr=False, compare=False)
    takes_files: bool = field(init=False, repr=False, compare=False)
    """Whether it asks for any."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_checks", Checks(self.items))
        takes_files = any(question.type == "attachment" for _, question in self.questions())
        object.__setattr__(self, "takes_files", takes_files)

    def check(self, response: Mapping[str, Any]) -> tuple[Fault, ...]:
        """What is wrong with a QuestionnaireResponse; () if nothing is. Never raises, whatever JSON it gets.

        Shape: {"item": [{"linkId": "reason", "answer": [{"valueString": "…"}]}, …]}, for a group
        {"linkId": "group", "item": [{…}, …]}; optionally with resourceType "QuestionnaireResponse" and status
        "completed", and nothing else.

        A fault's `field` is `answers.<linkId>`, or the position, `answers.item[2]`, where no question of the
        form is meant, or `answers` for the whole. At most 100, in the order of the form, what belongs to no
        question last. Nothing that was sent is repeated in a fault, not even a linkId.

        A question that isn't `visible` is never required, and an answer to it is a fault.

        Stricter than FHIR: a required question that is visible must be answered also when its group was left
        out, an answer of blanks is none, and a display beside a code must be the option's own.
        Source: https://hl7.org/fhir/R4/questionnaireresponse.html
        """
        return self._checks.faults_in(response)

    def visible(self, answers: Mapping[str, Any]) -> frozenset[str]:
        """The linkIds of the items to show for answers so far, whole or partial. Never raises.

        Same shape as for `check`. An item is shown when its conditions hold and the groups it lies in are
        shown; the help to a question goes with the question. Only an answer that `check` has nothing against
        counts, and one to a hidden question counts as none: what `check` accepts is answered as shown here.
        Source: https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen
        """
        return self._checks.shown(answers)

    def files_in(self, answers: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """What answers that `check` has nothing against say of attached files, in their order."""
        return list(_files(answers)) if self.takes_files else []

    def questions(self) -> Iterator[_Placed]:
        """Every question in the order of the form, with the groups it lies in, outermost first."""
        return _questions(self.items, ())

    def to_questionnaire(self) -> dict[str, Any]:
        """The form as FHIR JSON; `parse_form` makes an equal form of it."""
        return to_questionnaire(self.items)


def _files(answers: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for item in answers.get("item", ()):
        yield from (it["valueAttachment"] for it in item.get("answer", ()) if "valueAttachment" in it)
        yield from _files(item)


def _questions(items: tuple[Item, ...], above: tuple[Group, ...]) -> Iterator[_Placed]:
    for item in items:
        if isinstance(item, Group):
            yield from _questions(item.items, (*above, item))
        elif isinstance(item, Question):
            yield above, item
