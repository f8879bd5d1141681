"""Commands about the access log."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from services.admin.application.access_log.wishes import Finding
from services.admin.application.commands import AdminCommand
from shared.contracts.commands.admin import AccessAct
from shared.contracts.message import HsaId


class ReadAccessLog(AdminCommand):
    """A reviewer looks into the log of clinics, which is itself an access to each patient at each of them."""

    TYPE: ClassVar[str] = "admin.read-access-log.v1"

    access_ids: tuple[UUID, ...] = Field(description="One for each reference at each clinic")
    clinic_ids: tuple[HsaId, ...]
    citizen_refs: tuple[str, ...] = Field(description="Of whom; one that is empty: of nobody in particular")
    act: AccessAct = AccessAct.SEARCH


class SampleCommand(AdminCommand):
    """Something about a week's sample at a clinic."""

    clinic_id: HsaId
    sample_id: str
    expected_version: int


class JudgeAccess(SampleCommand):
    """A reviewer says whether one access of the sample was justified."""

    TYPE: ClassVar[str] = "admin.judge-access.v1"

    number: int
    wish: Finding


class SignOffSample(SampleCommand):
    """A reviewer is done with a week's sample."""

    TYPE: ClassVar[str] = "admin.sign-off-sample.v1"
