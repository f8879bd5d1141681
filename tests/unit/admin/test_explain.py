"""Explanations say what intake and routing would decide, for every role, relation, act, lock and setting."""

from datetime import date
from itertools import product

import pytest

from services.admin.application.accounts.explain import CaseAct, Relation, explain
from services.intake.application import policy as intake
from services.intake.domain.neighbours import Staff
from services.routing.application import policy as routing
from services.routing.domain.directory import Person
from shared.contracts.case_rights import CONVERSATION, RESPONSIBILITY
from shared.contracts.clinic_settings import ClinicState
from shared.contracts.events.admin import LockReason, Role
from tests.unit.admin.builders import HILL, a_clinic, an_account
from tests.unit.intake.builders import a_case_of

COLLEAGUE = "SE2321000016-COLLEAGUE"


def intake_says(act: str, roles: frozenset[Role], relation: Relation, *, locked: bool, me: str) -> bool:
    holder = {Relation.OWN: me, Relation.OTHER: COLLEAGUE, Relation.QUEUE: ""}[relation]
    staff = Staff(me, 1, "N", "", "", locked, {HILL: sorted(roles)})
    return intake.may(staff, intake.Act(act), a_case_of(HILL, holder))


def routing_says(
    act: str, roles: frozenset[Role], relation: Relation, *, locked: bool, claim: bool, me: str
) -> bool:
    person = Person(me, 1, "N", "manual" if locked else None, True, {HILL: frozenset(map(str, roles))})
    owner = {Relation.OWN: me, Relation.OTHER: COLLEAGUE, Relation.QUEUE: None}[relation]
    subject = routing.Subject(HILL, claim, relation is Relation.QUEUE, owner)
    return routing.may(person, routing.Act(act), subject)


@pytest.mark.parametrize(
    ("relation", "claim", "locked"), tuple(product(Relation, (False, True), (False, True)))
)
def test_an_explanation_is_what_the_services_decide(relation: Relation, claim: bool, locked: bool) -> None:
    clinic = a_clinic(claim_allowed=claim)
    for first, second in product(Role, Role):
        account = an_account(hill=(first, second))
        account.locked = LockReason.MANUAL if locked else None
        roles, me = account.permissions[HILL], account.id
        for line in explain(account, clinic, relation).acts:
            decided = (
                intake_says(line.act, roles, relation, locked=locked, me=me)
                if line.act in CONVERSATION
                else routing_says(line.act, roles, relation, locked=locked, claim=claim, me=me)
            )
            assert line.permitted is decided, (line, roles)
            assert line.sv.startswith("Ja" if decided else "Nej")
            assert line.en.startswith("Yes" if decided else "No")


def test_every_act_on_a_case_stands_in_the_table() -> None:
    # These two are about persons and what they may use, not about a case.
    elsewhere = {intake.Act.FIND_REFERENCES, intake.Act.GRANT}
    of_staff = {act for actor, act in intake.RULES if actor is Staff} - elsewhere

    assert set(CONVERSATION) == of_staff
    assert set(RESPONSIBILITY) == set(routing.Act)
    assert set(CONVERSATION).isdisjoint(RESPONSIBILITY)


def test_each_step_says_what_is_in_the_way() -> None:
    anna = an_account(hill=Role.CAREGIVER)
    anna.last_on[HILL] = date(2026, 8, 31)
    open_clinic = a_clinic(state=ClinicState.OPEN)
    steps = {step.code: step for step in explain(anna, open_clinic, Relation.OWN).steps}
    assert [step.met for step in steps.values()] == [True, True, True]
    assert "2026-08-31" in steps["in_time"].sv
    assert "vårdgivare" in steps["has_role"].sv

    anna.ended, anna.locked, anna.present = frozenset({HILL}), LockReason.LEAVE, False
    explained = explain(anna, a_clinic(), Relation.OWN, CaseAct("read"))
    assert {step.code: step.met for step in explained.steps} == {
        "not_locked": False,
        "in_time": False,
        "has_role": False,
        "absence_is_no_bar": True,
        "closed_clinic_is_no_bar": True,
    }
    assert [(line.act, line.permitted) for line in explained.acts] == [("read", False)]
    assert "(leave)" in explained.steps[0].en


def test_an_administrator_is_told_that_the_role_alone_shows_no_case() -> None:
    boss = an_account("BOSS", hill=Role.CLINIC_ADMIN)

    [line] = explain(boss, a_clinic(), Relation.OTHER, CaseAct("read")).acts

    assert not line.permitted
    assert line.sv == (
        "Nej: ärendemottagare får det för alla mottagningens ärenden, och personen är inget av det."
    )
