"""Commands about clinics."""

from typing import ClassVar

from services.admin.application.clinics.settings_wishes import Draining, NewText, SettingsWish
from services.admin.application.clinics.wishes import ClinicWish, Move, OpenedClinic
from services.admin.application.commands import AdminCommand
from services.admin.domain.clinic import TextKind
from shared.contracts.message import HsaId


class CreateClinic(AdminCommand):
    """A new clinic."""

    TYPE: ClassVar[str] = "admin.create-clinic.v1"

    wish: OpenedClinic


class ClinicCommand(AdminCommand):
    """Something about one clinic."""

    clinic_id: HsaId
    expected_version: int


class MoveClinic(ClinicCommand):
    """A clinic belongs to another region."""

    TYPE: ClassVar[str] = "admin.move-clinic.v1"

    wish: Move


class ChangeClinic(ClinicCommand):
    """A clinic shall be like this."""

    TYPE: ClassVar[str] = "admin.change-clinic.v1"

    wish: ClinicWish


class OpenClinic(ClinicCommand):
    """It takes cases from now on."""

    TYPE: ClassVar[str] = "admin.open-clinic.v1"


class DrainClinic(ClinicCommand):
    """It takes no new cases any more."""

    TYPE: ClassVar[str] = "admin.drain-clinic.v1"

    wish: Draining


class CloseClinic(ClinicCommand):
    """It has been worked off."""

    TYPE: ClassVar[str] = "admin.close-clinic.v1"


class ChangeSettings(ClinicCommand):
    """Its settings shall be like this."""

    TYPE: ClassVar[str] = "admin.change-clinic-settings.v1"

    wish: SettingsWish


class PublishText(ClinicCommand):
    """The next version of a text."""

    TYPE: ClassVar[str] = "admin.publish-clinic-text.v1"

    kind: TextKind
    wish: NewText
