"""Commands about clinics."""

from typing import ClassVar

from services.admin.application.clinics.wishes import ClinicWish, Move, OpenedClinic
from services.admin.application.commands import AdminCommand
from shared.contracts.message import HsaId


class CreateClinic(AdminCommand):
    """A new clinic."""

    TYPE: ClassVar[str] = "admin.create-clinic.v1"

    wish: OpenedClinic


class MoveClinic(AdminCommand):
    """A clinic belongs to another region."""

    TYPE: ClassVar[str] = "admin.move-clinic.v1"

    clinic_id: HsaId
    expected_version: int
    wish: Move


class ChangeClinic(AdminCommand):
    """A clinic shall be like this."""

    TYPE: ClassVar[str] = "admin.change-clinic.v1"

    clinic_id: HsaId
    expected_version: int
    wish: ClinicWish
