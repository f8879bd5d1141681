"""The references of a person, for an extract of the access log."""

from uuid import uuid4

import pytest

from services.intake.adapters.access_log import AccessJournal, References
from services.intake.application.commands import FindReferences
from services.intake.application.find_references import find_references
from services.intake.domain.neighbours import Staff
from shared.contracts.commands.admin import AccessAct, RecordAccess
from shared.contracts.commands.intake import PersonId
from shared.contracts.events.admin import Role
from shared.errors import Refused
from tests.unit.intake.builders import ANNA, CLINIC, NOW, Desk

GRETA = "SE2321000016-GRETA"
PERSON = PersonId(kind="personnummer", value="198112289874")


def asking(actor: str, person: PersonId = PERSON) -> tuple[list[str] | None, RecordAccess]:
    desk = Desk()
    desk.staff.add(Staff(GRETA, 1, "Greta", "", "", False, {CLINIC: [Role.REVIEWER]}))
    log = AccessJournal(References(b"2" * 32, 2, {1: b"1" * 32}))
    command = FindReferences(actor=actor, clinic_id=CLINIC, citizen=person)
    found = find_references(command, desk.staff, log, uuid4(), NOW)
    [access] = log.events
    assert isinstance(access, RecordAccess)
    return found, access


def test_a_reviewer_gets_a_reference_for_each_key_and_the_look_up_is_logged() -> None:
    found, access = asking(GRETA)
    assert found is not None
    assert [reference.partition(":")[0] for reference in found] == ["2", "1"]
    assert found[1] == References(b"1" * 32, 1).of(PERSON.kind, PERSON.value)
    assert (access.act, access.actor_id, access.clinic_id) == (AccessAct.SEARCH, GRETA, CLINIC)
    assert access.citizen_ref == found[0]
    assert PERSON.value not in access.model_dump_json()


def test_nobody_else_gets_them_and_that_is_logged_too() -> None:
    found, access = asking(ANNA)
    assert found is None
    assert access.act is AccessAct.REFUSED


def test_a_number_that_nobody_can_have_is_refused() -> None:
    with pytest.raises(Refused):
        asking(GRETA, PersonId(kind="personnummer", value="198112289875"))
