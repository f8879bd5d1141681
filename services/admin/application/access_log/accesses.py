"""Write down who saw which patient's data, and who looked that up."""

from datetime import UTC, datetime
from itertools import product

from services.admin.application.access_log.commands import ReadAccessLog
from services.admin.application.policy import Act, Subject, must
from services.admin.application.ports import Accesses
from services.admin.domain.access_chain import NO_CASE, Access
from services.admin.domain.account import Account
from shared.contracts.commands.admin import RecordAccess
from shared.contracts.ids import ClinicId


def record_access(command: RecordAccess, accesses: Accesses, now: datetime) -> None:
    """One more entry at the end of the chain."""
    at = command.accessed_at
    accesses.add(
        Access(
            command.access_id,
            command.actor_kind,
            command.actor_id,
            command.clinic_id,
            command.citizen_ref,
            command.case_id,
            command.act.value,
            at if at.tzinfo else at.replace(tzinfo=UTC),
            now,
        )
    )


def read_access_log(command: ReadAccessLog, actor: Account | None, accesses: Accesses, now: datetime) -> None:
    """Note that a reviewer reads the log; only when that is committed is anything shown."""
    for clinic_id in command.clinic_ids:
        must(actor, Act.READ_ACCESS_LOG, Subject(frozenset({ClinicId(clinic_id)})))
    places = product(command.clinic_ids, command.citizen_refs)
    for access_id, (clinic_id, reference) in zip(command.access_ids, places, strict=True):
        accesses.add(
            Access(
                access_id,
                "staff",
                command.actor,
                clinic_id,
                reference,
                NO_CASE,
                command.act.value,
                now,
                now,
            )
        )
