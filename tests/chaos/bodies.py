"""What citizens and caregivers write: valid bodies of realistic sizes, and bodies with one fault."""

import random
from datetime import date, timedelta
from typing import Any

from shared.forms import parse_form
from tests.chaos.people import People
from tests.chaos.planted import ADULTS, CHILDREN, a_name, planted_text

_WORDS = (
    "Jag har haft besvär sedan en tid och undrar om jag kan få hjälp med det. Det gör ont på kvällarna, "
    "särskilt efter jobbet, och jag sover dåligt. "
)
_MEDIAN, _SPREAD = 600, 1.2
"""Characters of free text, log-normal: with the rest about 1 KB at the median and 16 KB at the 99th percentile."""
_SHORTEST_TO_PLANT_IN = 40


class Bodies:
    """Makes bodies by chance; the same seed gives the same ones."""

    def __init__(self, people: People, chance: random.Random) -> None:
        self._people = people
        self._chance = chance

    def submission(self, case_id: str | None, content: int) -> dict[str, Any]:
        """A valid SubmitCase for one of the clinics."""
        clinic = self._chance.choice(self._people.clinics)
        case_type = self._chance.choice(clinic.case_types)
        citizens = CHILDREN if clinic.for_children else ADULTS
        body = {
            "clinic_id": clinic.clinic_id,
            "case_type": case_type,
            "citizen": {"kind": "personnummer", "value": self._chance.choice(citizens)},
            "citizen_name": a_name(self._chance, content),
            "form": self.filled(self._people.question_forms[case_type], content),
        }
        return body if case_id is None else body | {"case_id": case_id}

    def answer(self, case_type: str, content: int) -> dict[str, Any]:
        """The answer form of this type, filled in."""
        return self.filled(self._people.answer_forms[case_type], content)

    def with_wrong_answers(self, body: dict[str, Any]) -> dict[str, Any]:
        """A question that the form does not have, and nothing else."""
        return body | {"form": {"item": [{"linkId": "no-such-question", "answer": [{"valueString": "x"}]}]}}

    def with_wrong_person(self, body: dict[str, Any]) -> dict[str, Any]:
        """The last digit of the identity number is another one."""
        value = body["citizen"]["value"]
        return body | {
            "citizen": {"kind": "personnummer", "value": value[:-1] + str((int(value[-1]) + 1) % 10)}
        }

    def filled(self, form: dict[str, Any], content: int) -> dict[str, Any]:
        """A FHIR QuestionnaireResponse to any of the region's forms. Each text tells which body it stands in."""
        answers = {"item": self._items(form["item"], content)}
        return {"item": _shown(answers["item"], parse_form(form).visible(answers))}

    def _items(self, items: list[dict[str, Any]], content: int) -> list[dict[str, Any]]:
        return [
            {"linkId": item["linkId"], **self._filled(item, content)}
            for item in items
            if item["type"] != "display" and self._wanted(item)
        ]

    def _wanted(self, item: dict[str, Any]) -> bool:
        """Texts always, so that each body is known by what is planted in it; groups may hold required questions."""
        always = item["type"] in ("text", "group") or item.get("maxLength", 0) >= _SHORTEST_TO_PLANT_IN
        return always or item.get("required", False) or self._chance.random() < 0.5

    def _filled(self, item: dict[str, Any], content: int) -> dict[str, Any]:
        kind = item["type"]
        if kind == "group":
            return {"item": self._items(item["item"], content)}
        value: dict[str, Any]
        if kind in ("text", "string"):
            value = {"valueString": self._text(item.get("maxLength", 1000), content, long=kind == "text")}
        elif kind == "choice":
            value = {
                "valueCoding": {"code": self._chance.choice(item["answerOption"])["valueCoding"]["code"]}
            }
        elif kind == "date":
            day = date(2026, 1, 1) + timedelta(days=self._chance.randrange(300))
            value = {"valueDate": day.isoformat()}
        elif kind == "boolean":
            value = {"valueBoolean": self._chance.random() < 0.5}
        else:
            value = {"valueInteger": self._chance.randrange(1, 30)}
        return {"answer": [value]}

    def _text(self, most: int, content: int, *, long: bool) -> str:
        if most < _SHORTEST_TO_PLANT_IN:
            return "10:30"[:most]
        length = int(self._chance.lognormvariate(0, _SPREAD) * _MEDIAN) if long else 30
        words = (_WORDS * (length // len(_WORDS) + 1))[:length]
        return planted_text(content, words)[:most].rstrip()


def _shown(items: list[dict[str, Any]], visible: frozenset[str]) -> list[dict[str, Any]]:
    """Without what nobody is asked."""
    return [
        item | {"item": _shown(item["item"], visible)} if "item" in item else item
        for item in items
        if item["linkId"] in visible
    ]
