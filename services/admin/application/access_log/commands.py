"""Commands about the access log."""

from typing import ClassVar
from uuid import UUID

from services.admin.application.commands import AdminCommand
from shared.contracts.message import HsaId


class ReadAccessLog(AdminCommand):
    """A reviewer looks into a clinic's log, which is itself an access."""

    TYPE: ClassVar[str] = "admin.read-access-log.v1"

    access_id: UUID
    clinic_id: HsaId
    citizen_ref: str
