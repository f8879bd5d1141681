"""The checker finds what is wrong, and nothing where nothing is: each invariant is shown violations of its kind."""

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos.checker.evidence import DIRECTORY_EVENTS, Evidence
from tests.chaos.checker.leaks import leaking_logs
from tests.chaos.checker.mail import mail_goes_to_whom_it_concerns
from tests.chaos.checker.verdict import INVARIANTS, judge
from tests.chaos.entries import Ended, Fault
from tests.chaos.plan import Kind
from tests.chaos.planted import PERSON_IDS
from tests.chaos.plants import (
    FIRST,
    PLANTED,
    SEALED,
    THIRD,
    Plant,
    changed,
    mailed_again,
    of_type,
    two_winners,
)
from tests.chaos.totals import totals
from tests.chaos.worlds import ADA, ANNA, BO, START, World, a_world, an_id, iso


def evidence_of(world: World, plant: Plant | None) -> Evidence:
    """Of a world with something planted in it."""
    if plant is not None:
        plant(world)
    if plant not in SEALED:
        broken = world.it.snapshot.broken
        world.evidence().snapshot.broken = broken
    return world.it


def test_nothing_is_found_where_every_promise_was_kept() -> None:
    assert judge(evidence_of(a_world(), None)) == []


def test_whose_account_is_open_again_has_one_mail_about_it() -> None:
    world = a_world()
    at = START - 20
    for version in (2, 3):
        told = {"staff_id": BO, "version": version, "at": iso(at), "reactivated_at": iso(at)}
        world.publish(DIRECTORY_EVENTS, "admin.staff-account-published.v1", at, BO, **told)
    world.copy(an_id("mail", "again"), BO, at + 1)
    assert mail_goes_to_whom_it_concerns(evidence_of(world, None)) == []
    world.copy(an_id("mail", "once more"), BO, at + 2)
    assert mail_goes_to_whom_it_concerns(evidence_of(world, None)) != []


@pytest.mark.parametrize(
    ("plant", "invariant", "what"),
    PLANTED,
    ids=[f"{number}-{invariant}-{what}" for number, (_, invariant, what) in enumerate(PLANTED)],
)
def test_a_planted_violation_is_found(plant: Plant, invariant: str, what: str) -> None:
    found = judge(evidence_of(a_world(), plant))
    assert (invariant, what) in {(violation.invariant, violation.what) for violation in found}


def test_every_invariant_has_been_shown_a_violation_of_its_own() -> None:
    blind = set(INVARIANTS)
    for plant, _, _ in PLANTED:
        evidence = evidence_of(a_world(), plant)
        blind -= {invariant for invariant in blind if invariant(evidence)}
    assert not blind


def test_a_repeated_event_is_no_gap() -> None:
    world = a_world()
    record = next(it for it in world.it.records if of_type("case-answered")(it))
    world.it.records.append(replace(record, offset=999))
    assert judge(evidence_of(world, None)) == []


def test_a_mail_may_come_again_after_a_copy_whose_fate_nobody_knew() -> None:
    world = a_world()
    changed(world.it.mails, lambda it: True, ended=Ended.KEPT_UNTOLD)
    mailed_again(world)
    assert judge(evidence_of(world, None)) == []


@pytest.mark.parametrize(("target", "excused"), (("notify-1", True), ("routing-1", False)))
def test_a_mail_may_come_again_after_notify_was_killed_and_nobody_else(target: str, excused: bool) -> None:
    world = a_world()
    mailed_again(world)
    at = world.it.mails[0].at
    world.it.faults.append(Fault("kill", target, at - 0.1, at + 1))
    assert (judge(evidence_of(world, None)) == []) is excused


@pytest.mark.parametrize(("before", "permitted"), ((4.0, True), (6.0, False)))
def test_five_seconds_of_skew_are_allowed(before: float, permitted: bool) -> None:
    world = a_world()
    answer = next(act for act in world.it.acts if act.act == "answer")
    world.account(ANNA, 2, answer.at - before, ["caregiver"], locked="manual")
    found = [it for it in judge(evidence_of(world, None)) if it.about.startswith(f"{ANNA} answer {FIRST}")]
    assert (not found) is permitted


@pytest.mark.parametrize(
    ("kind", "target", "excused"),
    (
        (Kind.KILL_BROKER, "", True),
        (Kind.FREEZE, "admin-1", True),
        (Kind.KILL, "intake-2", True),
        (Kind.KILL, "routing-1", False),
        (Kind.REPEAT, "", False),
    ),
)
def test_a_lock_that_intake_could_not_hear_of_excuses_the_act(kind: Kind, target: str, excused: bool) -> None:
    world = a_world()
    answer = next(act for act in world.it.acts if act.act == "answer")
    world.account(ANNA, 2, answer.at - 20, ["caregiver"], locked="manual")
    world.it.faults.append(Fault(kind, target, answer.at - 21, answer.at - 1))
    found = [it for it in judge(evidence_of(world, None)) if it.about.startswith(f"{ANNA} answer {FIRST}")]
    assert (not found) is excused


def test_an_act_that_nobody_answered_may_or_may_not_have_taken_effect() -> None:
    world = a_world()
    world.act(ANNA, "answer", THIRD, status=0)
    world.act(ANNA, "read", THIRD, status=0)
    world.logged(ANNA, "read", THIRD)
    assert judge(evidence_of(world, None)) == []


def test_planted_data_is_found_in_logs_plain_and_in_base64(tmp_path: Path) -> None:
    hidden = base64.b64encode(b'{"x":"' + PERSON_IDS[3].encode() + b'"}')
    (tmp_path / "one.log").write_bytes(b"fine\nTolvan Kvastfena-17\n")
    (tmp_path / "two.log").write_bytes(b"fine\n" + hidden + b"\n")
    (tmp_path / "three.log").write_bytes(b"fine\n")
    assert leaking_logs(tmp_path) == {"one.log": 1, "two.log": 1}


def test_the_totals_count_what_was_violated() -> None:
    world = a_world()
    two_winners(world)
    evidence = evidence_of(world, None)
    line = totals(evidence, judge(evidence), 3, 7)
    assert "acknowledged=5 stored=3 refused=2 dead=1 lost=0" in line
    assert " doubly_answered=1 " in line
    assert line.endswith("faults=3 seed=7")


def test_ada_may_lock() -> None:
    world = a_world()
    world.act(ADA, "lock", "", target=BO)
    assert judge(evidence_of(world, None)) == []
