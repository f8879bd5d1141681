"""Accesses told by the services, and the reviewer's look at them."""

from services.admin.application.access_log.accesses import read_access_log, record_access
from services.admin.application.access_log.commands import ReadAccessLog
from services.admin.entrypoints.handling.keys import ACTOR
from shared.contracts.commands.admin import RecordAccess
from shared.messaging.handlers import on, rows

ACCESS_LOG = (
    on(ReadAccessLog, read_access_log, actor=ACTOR, accesses=rows("access_log", "access_id")),
    on(RecordAccess, record_access, accesses=rows("access_log", "access_id")),
)
