"""What the administrators of a clinic decide about it: its settings, and its texts that have versions."""

from datetime import datetime

from services.admin.application.clinics.changes import to_change
from services.admin.application.clinics.commands import ChangeSettings, PublishText
from services.admin.application.clinics.settings_wishes import LongTextWish, SettingsWish, TextWish
from services.admin.application.clinics.views import SettingsView, settings_view
from services.admin.domain.account import Account
from services.admin.domain.calendar import today
from services.admin.domain.clinic import Clinic
from services.admin.domain.settings_rules import faults_of, faults_of_text
from shared.contracts.clinic_settings import ClinicSettings, LocalText
from shared.errors import Refused


def change_settings(
    command: ChangeSettings, actor: Account | None, clinic: Clinic | None, now: datetime
) -> SettingsView:
    """All settings at once; texts that have versions stay as they are."""
    clinic = to_change(command, actor, clinic)
    clinic.settings = sound_settings(command.wish)
    clinic.publish(command.actor, now)
    return settings_view(clinic)


def publish_text(
    command: PublishText, actor: Account | None, clinic: Clinic | None, now: datetime
) -> SettingsView:
    """The next version of the information or the terms text, from a day on. It never changes again."""
    clinic = to_change(command, actor, clinic)
    text, day = sound_text(command.wish.text), today(now)
    clinic.publish_text(command.kind, text, command.wish.valid_from or day, day)
    clinic.publish(command.actor, now)
    return settings_view(clinic)


def sound_settings(wish: SettingsWish) -> ClinicSettings:
    """The settings that are wished. Raises Refused with everything that is wrong with them."""
    settings = ClinicSettings.model_validate(wish.model_dump())
    if faults := faults_of(settings):
        raise Refused(*faults)
    return settings


def sound_text(wish: TextWish | LongTextWish) -> LocalText:
    """The text that is wished. Raises Refused for one that not everybody can be shown."""
    text = LocalText.model_validate(wish.model_dump())
    if faults := tuple(faults_of_text("text", text)):
        raise Refused(*faults)
    return text
