"""Conditions by their definition, word by word and slowly: the rival that the real ones are held against."""

import operator
from collections.abc import Callable, Iterator
from typing import Any

from tests.unit.shared.forms.builders import Json

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


def questions_in(items: list[Json]) -> Iterator[Json]:
    for item in items:
        if item["type"] == "group":
            yield from questions_in(item["item"])
        elif item["type"] != "display":
            yield item


def given_in(items: list[Json]) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for item in items:
        found |= given_in(item["item"]) if "item" in item else {item["linkId"]: item["answer"]}
    return found


def shown_by_the_book(questionnaire: Json, response: Json) -> set[str]:
    """Each item asks its group and the questions of its conditions again, whoever asked them before."""
    book = _Book(questionnaire, given_in(response["item"]))
    return {link_id for link_id in book.items if book.is_shown(link_id)}


class _Book:
    def __init__(self, questionnaire: Json, given: dict[str, list[Json]]) -> None:
        self.items: dict[str, Json] = {}
        self._above: dict[str, str] = {}
        self._given = given
        self._place(questionnaire["item"], None)

    def _place(self, items: list[Json], above: str | None) -> None:
        for item in items:
            self.items[item["linkId"]] = item
            if above is not None:
                self._above[item["linkId"]] = above
            self._place(item.get("item", []), item["linkId"])

    def is_shown(self, link_id: str) -> bool:
        if link_id in self._above and not self.is_shown(self._above[link_id]):
            return False
        results = [self._is_true(condition) for condition in self.items[link_id].get("enableWhen", [])]
        behavior = any if self.items[link_id].get("enableBehavior") == "any" else all
        return not results or behavior(results)

    def _is_true(self, condition: Json) -> bool:
        ((field, wanted),) = (it for it in condition.items() if it[0].startswith("answer"))
        answers = self._answers_to(condition["question"])
        if condition["operator"] == "exists":
            return bool(answers) is wanted
        same = [answer[kind] for answer in answers if (kind := field.replace("answer", "value")) in answer]
        if field == "answerCoding":
            same, wanted = [coding["code"] for coding in same], wanted["code"]
        if condition["operator"] == "!=":
            return not any(value == wanted for value in same)
        return any(_COMPARE[condition["operator"]](value, wanted) for value in same)

    def _answers_to(self, link_id: str) -> list[Json]:
        given = self._given.get(link_id, []) if self.is_shown(link_id) else []
        return [answer for answer in given if str(answer.get("valueString", "x")).strip()]
