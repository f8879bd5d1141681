"""Tell a reviewer the references of a person, so that an extract of the access log finds what concerns them."""

from datetime import datetime
from uuid import UUID

from services.intake.application.commands import FindReferences
from services.intake.application.person_id import fault_in
from services.intake.application.policy import Act, may
from services.intake.application.ports import AccessLog, Colleagues
from shared.contracts.commands.admin import AccessAct
from shared.errors import Refused


def find_references(
    command: FindReferences, staff: Colleagues, access_log: AccessLog, access_id: UUID, now: datetime
) -> list[str] | None:
    """None: not for this actor. A look-up that is refused is logged too, so this returns."""
    person = command.citizen
    if (fault := fault_in(person, now)) is not None:
        raise Refused(fault)
    allowed = may(staff.find(command.actor), Act.FIND_REFERENCES, command.clinic_id)
    act = AccessAct.SEARCH if allowed else AccessAct.REFUSED
    found = access_log.look_up(
        access_id, command.actor, command.clinic_id, person.kind, person.value, act, now
    )
    return found if allowed else None
