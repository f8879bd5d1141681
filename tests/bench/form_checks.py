"""How many filled-in forms are checked per second of one processor, beside Pydantic with the same form as models."""

import gc
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from deploy.local.progress import say
from shared.forms.parse import parse_form
from tests.bench.ground import OURS, RIVAL
from tests.bench.rival.forms import is_sound

RESPONSES = 2_000
"""Different ones, so that no branch is learned by heart."""
BROKEN = 0.1
"""This share has a fault, and costs its words."""


class Disagreed(Exception):
    """Both must say of every response what is true, or their speeds can't be compared."""


def measure_form_checks(rounds: int, passes: int, seed: int) -> dict[str, list[float]]:
    """Checks per second of processor time, round by round, by side; needs nothing that runs."""
    form, dice = parse_form(FORM), random.Random(seed)
    sound = [dice.random() >= BROKEN for _ in range(RESPONSES)]
    responses = [a_response(dice, broken=not whole) for whole in sound]
    checks: dict[str, Callable[[Any], bool]] = {OURS: lambda sent: not form.check(sent), RIVAL: is_sound}
    for side, check in checks.items():
        if [check(response) for response in responses] != sound:
            raise Disagreed(f"{side} takes a wrong form, or refuses a sound one")
    found: dict[str, list[float]] = {side: [] for side in checks}
    for number in range(rounds):
        for side in dice.sample([*checks], len(checks)):
            found[side].append(_per_second(checks[side], responses, passes))
            say(f"forms {number + 1}: {side} {found[side][-1]:,.0f} checks/s")
    return found


def a_response(dice: random.Random, *, broken: bool) -> dict[str, Any]:
    """Somebody's answers: each is given where it is asked for; a broken one misses one, or answers what is hidden."""
    given: list[Any] = [
        _answer("medicine", valueString=dice.choice(_MEDICINES)),
        _answer("supply", valueCoding={"code": dice.choice(["week", "month", "longer"])}),
    ]
    effects = dice.random() < 0.4
    given.append(_answer("effects", valueBoolean=effects))
    if effects or broken:
        chosen = dice.sample(["nausea", "rash", "dizzy", "other"], dice.randint(1, 3))
        given.append({"linkId": "which", "answer": [{"valueCoding": {"code": code}} for code in chosen]})
        if "other" in chosen and effects:
            given.append(_answer("describe", valueString="Torr i munnen och svårt att sova " * 3))
    smokes = dice.random() < 0.2
    habits = [_answer("smokes", valueBoolean=smokes)]
    if smokes:
        habits.append(_answer("per-day", valueInteger=dice.randint(1, 60)))
    given.append({"linkId": "habits", "item": habits})
    if dice.random() < 0.7:
        given.append(_answer("since", valueDate=f"2025-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"))
    if dice.random() < 0.3:
        given.append(_answer("weight", valueDecimal=dice.randint(400, 1200) / 10))
    telephone = dice.random() < 0.5
    given.append(_answer("contact", valueCoding={"code": "telephone" if telephone else "message"}))
    if telephone:
        given.append(_answer("number", valueString=f"070-{dice.randrange(10**7):07}"))
    given.append(_answer("more", valueString=_TEXT[: dice.randint(40, 1_500)]))
    if broken and effects:
        del given[0]
    return {"resourceType": "QuestionnaireResponse", "status": "completed", "item": given}


def _per_second(check: Callable[[Any], bool], responses: Sequence[Any], passes: int) -> float:
    gc.collect()
    started = time.process_time()
    for _ in range(passes):
        for response in responses:
            check(response)
    return passes * len(responses) / (time.process_time() - started)


def _answer(link_id: str, **value: Any) -> dict[str, Any]:
    return {"linkId": link_id, "answer": [value]}


def _question(link_id: str, type_: str, **more: Any) -> dict[str, Any]:
    return {"linkId": link_id, "text": f"Frågan {link_id}?", "type": type_, **more}


def _choice(link_id: str, *codes: str, **more: Any) -> dict[str, Any]:
    options = [{"valueCoding": {"code": code, "display": code.title()}} for code in codes]
    return _question(link_id, "choice", answerOption=options, **more)


def _limit(name: str, **value: Any) -> dict[str, Any]:
    return {"url": f"http://hl7.org/fhir/StructureDefinition/{name}", **value}


def _when(question: str, **answer: Any) -> dict[str, Any]:
    return {"enableWhen": [{"question": question, "operator": "=", **answer}]}


FORM: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "language": "sv",
    "status": "active",
    "item": [
        _question("medicine", "string", required=True, maxLength=200),
        _choice("supply", "week", "month", "longer", required=True),
        _question("effects", "boolean", required=True),
        _choice(
            "which",
            "nausea",
            "rash",
            "dizzy",
            "other",
            required=True,
            repeats=True,
            **_when("effects", answerBoolean=True),
        ),
        _question(
            "describe",
            "text",
            required=True,
            maxLength=1_000,
            **_when("which", answerCoding={"code": "other"}),
        ),
        _question(
            "habits",
            "group",
            item=[
                _question("smokes", "boolean", required=True),
                _question(
                    "per-day",
                    "integer",
                    required=True,
                    extension=[_limit("minValue", valueInteger=1), _limit("maxValue", valueInteger=100)],
                    **_when("smokes", answerBoolean=True),
                ),
            ],
        ),
        _question("since", "date"),
        _question(
            "weight",
            "decimal",
            extension=[_limit("minValue", valueDecimal=2), _limit("maxValue", valueDecimal=400)],
        ),
        _choice("contact", "message", "telephone", required=True),
        _question(
            "number",
            "string",
            required=True,
            maxLength=30,
            **_when("contact", answerCoding={"code": "telephone"}),
        ),
        _question("more", "text", maxLength=2_000),
    ],
}
"""To renew a prescription, as a region might ask: eleven questions, four of them under conditions."""

_MEDICINES = ("Levaxin 75 mikrogram", "Alvedon 500 mg", "Metformin 850 mg", "Waran 2,5 mg")
_TEXT = "Jag har tagit tabletterna sedan våren och skulle behöva ett nytt recept före resan. " * 20
