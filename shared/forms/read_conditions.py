"""Read the conditions of an item: each looks back to a question that the reader has already passed."""

from shared.forms.attributes import read_value
from shared.forms.conditions import OPERATORS
from shared.forms.item_types import QUESTION_TYPES
from shared.forms.items import (
    LONGEST_CODE,
    MOST_CONDITIONS,
    Chosen,
    Condition,
    Question,
    ShownWhen,
    Text,
    Value,
)
from shared.forms.place import Place

_ANSWERS = frozenset(
    field.replace("value", "answer")
    for question_type in QUESTION_TYPES.values()
    if question_type.operators
    for field in question_type.checkers
)
_FIELDS = _ANSWERS | {"question", "operator"}


class Earlier:
    """The items that stand before the one being read, and references to what has not been met yet."""

    def __init__(self) -> None:
        self._passed: dict[str, Question | None] = {}
        self._unmet: list[tuple[Place, str]] = []

    def passed(self, link_id: str, question: Question | None = None) -> None:
        """An item has been read. None for what asks nothing, or can't be read."""
        self._passed[link_id] = question

    def find(self, place: Place, own_link_id: str) -> Question | None:
        """The question that a condition names; otherwise noted, and None."""
        link_id = place.text(LONGEST_CODE)
        if link_id and link_id == own_link_id:
            place.refuse("condition_on_itself")
        elif link_id in self._passed:
            question = self._passed[link_id]
            if question is None:
                place.refuse("condition_on_no_question")
            return question
        elif link_id:
            self._unmet.append((place, link_id))
        return None

    def close(self) -> None:
        """The whole form has been read: what is still unmet stands later, or nowhere."""
        for place, link_id in self._unmet:
            place.refuse("condition_looks_ahead" if link_id in self._passed else "condition_on_unknown")


def read_conditions(holder: Place, link_id: str, earlier: Earlier) -> ShownWhen | None:
    """When the item is shown; None if always."""
    if not holder.has("enableWhen"):
        if holder.has("enableBehavior"):
            holder.at("enableWhen").refuse("missing_field")
        return None
    entries = holder.at("enableWhen")
    conditions = [_condition(entry, link_id, earlier) for entry in entries.each(MOST_CONDITIONS)]
    # FHIR's que-12: who writes several says how they go together.
    behavior = holder.required("enableBehavior") if len(conditions) > 1 else holder.at("enableBehavior")
    if behavior is not None and (len(conditions) > 1 or holder.has("enableBehavior")):
        behavior.one_of(("all", "any"))
    any_of_them = len(conditions) > 1 and holder.at("enableBehavior").value == "any"
    return ShownWhen(tuple(it for it in conditions if it is not None), "any" if any_of_them else "all")


def _condition(place: Place, link_id: str, earlier: Earlier) -> Condition | None:
    if not place.is_object():
        return None
    place.only(_FIELDS)
    named, operator = place.required("question"), place.required("operator")
    question = earlier.find(named, link_id) if named else None
    if operator is None or not operator.one_of(OPERATORS) or question is None:
        return None
    kind = QUESTION_TYPES[question.type]
    allowed = ("exists", *kind.operators)
    if operator.value not in allowed:
        operator.refuse("operator_not_for_type", type=question.type, expects=", ".join(allowed))
        return None
    exists = operator.value == "exists"
    fields = ("answerBoolean",) if exists else tuple(it.replace("value", "answer") for it in kind.checkers)
    value = _value(place, fields, question)
    return None if value is None else Condition(question.link_id, operator.value, value)


def _value(place: Place, fields: tuple[str, ...], question: Question) -> Value | None:
    given = [name for name in sorted(_ANSWERS) if place.has(name)]
    for name in given:
        if name not in fields:
            place.at(name).refuse("answer_not_for_condition", expects=Text(", ".join(fields)))
            return None
    if not given:
        place.at(fields[0]).refuse("missing_field")
        return None
    for name in given[1:]:
        place.at(name).refuse("answer_not_for_condition", expects=Text(given[0]))
    answer = place.at(given[0])
    return _chosen(answer, question) if given[0] == "answerCoding" else read_value(answer, given[0])


def _chosen(place: Place, question: Question) -> Chosen | None:
    if not place.is_object():
        return None
    place.only({"code"})
    code = place.required("code")
    if code is None or not (value := code.text(LONGEST_CODE)):
        return None
    if all(option.code != value for option in question.options):
        code.refuse("unknown_option")
    return Chosen(value)
