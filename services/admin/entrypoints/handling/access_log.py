"""Accesses told by the services, the reviewer's look at them, and the samples."""

from datetime import date
from typing import Any
from uuid import UUID

from services.admin.application.access_log.accesses import read_access_log, record_access
from services.admin.application.access_log.commands import JudgeAccess, ReadAccessLog, SignOffSample
from services.admin.application.access_log.samples import judge_access, sign_off_sample
from services.admin.entrypoints.handling.keys import ACTOR, body
from shared.contracts.commands.admin import RecordAccess
from shared.messaging.arrival import Arrival
from shared.messaging.handlers import on, row, rows

Wanted = list[tuple[UUID, date]]


def _told(arrival: Arrival, _: Any) -> Wanted:
    """The access, and the day from which on it may be in the log already."""
    told = body(arrival)
    return [(told.access_id, told.accessed_at.date())]


def _made_here(arrival: Arrival, _: Any) -> Wanted:
    """Accesses that can't be in the log yet: their ids are new."""
    return [(access_id, date.max) for access_id in body(arrival).access_ids]


_SAMPLE = row("samples", "sample_id")

ACCESS_LOG = (
    on(ReadAccessLog, read_access_log, actor=ACTOR, accesses=rows("access_log", _made_here)),
    on(RecordAccess, record_access, accesses=rows("access_log", _told)),
    on(JudgeAccess, judge_access, actor=ACTOR, sample=_SAMPLE),
    on(SignOffSample, sign_off_sample, actor=ACTOR, sample=_SAMPLE),
)
