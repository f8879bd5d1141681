"""The parts of a run that can be judged without a system: plan, bodies, planted data, journals, times of recovery."""

import importlib
import random
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest

from services.intake.application.person_id import fault_in
from shared.clock import utc_now
from shared.contracts.catalogue import BY_TYPE
from shared.contracts.commands.intake import PersonId, SubmitCase
from shared.crash_points import POINTS
from shared.forms import parse_form
from shared.messaging.handlers import Handlers
from tests.chaos.bodies import Bodies
from tests.chaos.checker.arrivals import CONSUMED, LEFT_ASIDE
from tests.chaos.entries import Fault, Told
from tests.chaos.journals import Journals
from tests.chaos.people import people_of_the_seed
from tests.chaos.plan import Kind, plan, services_with, together
from tests.chaos.planted import PERSON_IDS, content_of, leaked
from tests.chaos.recovery import Passage, recovery_of

MANY = 2000


def test_the_same_seed_gives_the_same_faults() -> None:
    assert plan(7, 50) == plan(7, 50) != plan(8, 50)


def test_a_long_plan_has_every_kind_and_every_crash_point() -> None:
    steps = plan(1, MANY)
    assert {step.kind for step in steps} == set(Kind)
    crashes = {(step.point, step.service) for step in steps if step.kind is Kind.CRASH}
    assert crashes == {(point, service) for point in POINTS for service in services_with(point)}


def test_steps_that_begin_together_stay_together() -> None:
    steps = plan(1, MANY)
    groups = list(together(steps))
    assert [step for group in groups for step in group] == steps
    assert all(step.with_next for group in groups for step in group[:-1])
    assert max(map(len, groups)) > 1


def test_bodies_are_valid_and_tell_what_is_planted_in_them() -> None:
    people = people_of_the_seed()
    bodies = Bodies(people, random.Random(3))
    forms = {name: parse_form(form) for name, form in people.question_forms.items()}
    sizes = []
    for content in range(1, 300):
        body = bodies.submission(str(uuid4()), content)
        command = SubmitCase.model_validate(body)
        raw = orjson.dumps(body)
        assert not forms[command.case_type].check(command.form)
        assert content_of(orjson.dumps(command.form).decode()) == content
        assert leaked(raw)
        sizes.append(len(raw))
    assert 500 < sorted(sizes)[len(sizes) // 2] < 2500, "about 1 KB at the median"


def test_a_wrong_body_has_the_one_fault_that_it_should_have() -> None:
    people = people_of_the_seed()
    bodies = Bodies(people, random.Random(3))
    body = bodies.submission(str(uuid4()), 1)
    wrong = SubmitCase.model_validate(bodies.with_wrong_person(body))
    assert fault_in(wrong.citizen, utc_now()) is not None
    wrong = SubmitCase.model_validate(bodies.with_wrong_answers(body))
    assert parse_form(people.question_forms[wrong.case_type]).check(wrong.form)


def test_made_up_people_have_valid_numbers() -> None:
    for value in PERSON_IDS:
        assert fault_in(PersonId(kind="personnummer", value=value), utc_now()) is None


@pytest.mark.parametrize("text", (b"", b"KVAST", b"191212121212", b'{"case_id":"2f1c"}'))
def test_what_is_not_planted_is_no_leak(text: bytes) -> None:
    assert not leaked(text)


def test_journals_are_kept_on_disk_line_by_line(tmp_path: Path) -> None:
    journals = Journals(tmp_path)
    journals.told.note(Told(1, 2.0, 202, "t/0/1"))
    journals.told.note(Told(2, 3.0, 0))
    journals.close()
    lines = (tmp_path / "told.jsonl").read_bytes().splitlines()
    assert [orjson.loads(line)["number"] for line in lines] == [1, 2]
    assert [told.number for told in journals.told.since(1)] == [2]


@pytest.mark.parametrize(("topic", "service"), CONSUMED)
def test_what_services_leave_aside_is_what_they_have_no_use_for(topic: str, service: str) -> None:
    used = {message.TYPE for message in _handlers(service).by_message}
    unused = {message.TYPE for message in BY_TYPE.values() if topic == message.TOPIC} - used
    assert unused == {f"{topic.split('.', maxsplit=1)[0]}.{name}.v1" for name in LEFT_ASIDE.get(service, ())}


def _handlers(service: str) -> Handlers:
    """The service's table; some are made with a knob."""
    consumers: Any = importlib.import_module(f"services.{service}.entrypoints.consumers")
    found: Handlers = (
        consumers.HANDLERS if hasattr(consumers, "HANDLERS") else consumers.handlers(timedelta(1))
    )
    return found


def test_recovery_lasts_until_the_last_that_was_held_up_is_through() -> None:
    fault = Fault("kill broker", "", 100.0, 105.0)
    before, during, after = Passage(90, 95, 1), Passage(101, 107, 1), Passage(106, 120, 1)
    assert recovery_of(fault, [before, during, after]) == 7.0
    assert recovery_of(fault, [before, after]) == 0.0
