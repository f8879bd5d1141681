"""What admin does by itself, and how often."""

from services.admin.adapters.access_heads import AccessHeads
from services.admin.adapters.access_log import AccessLogDays
from services.admin.adapters.access_sampling import Sampling
from services.admin.adapters.heartbeat import EVERY, Heartbeats
from services.admin.adapters.national_directory import NationalDirectory
from services.admin.adapters.portal_secrets import EndingSecrets
from services.admin.adapters.review_opening import ReviewOpening
from services.admin.adapters.sessions import Sessions
from services.admin.adapters.sign_in_tries import SignInTries
from services.admin.adapters.signing import SigningKeys
from services.admin.adapters.upkeep import Upkeep
from services.admin.settings import AdminSettings
from shared.process import Schedule


def schedules(
    heartbeats: Heartbeats,
    keys: SigningKeys,
    days: AccessLogDays,
    heads: AccessHeads,
    sampling: Sampling,
    secrets: EndingSecrets,
) -> tuple[Schedule, ...]:
    """All of them."""
    return (
        Schedule("heartbeats", EVERY.total_seconds(), heartbeats.beat),
        Schedule("retire signing keys", 30.0, keys.retire),
        Schedule("access log days", 3600.0, days.keep),
        Schedule("access log heads", 3600.0, heads.sign),
        Schedule("access log samples", 3600.0, sampling.draw),
        Schedule("portals' secrets", 60.0, secrets.measure),
    )


def account_schedules(
    upkeep: Upkeep, opening: ReviewOpening, tries: SignInTries, sessions: Sessions, settings: AdminSettings
) -> tuple[Schedule, ...]:
    """What accounts are looked at for."""
    return (
        Schedule("end permissions", 1.0, upkeep.end_permissions),
        Schedule("absences", 5.0, upkeep.follow_absences),
        Schedule("inactivity", 600.0, lambda: upkeep.look_at_inactivity(*settings.inactivity_days)),
        Schedule("clinics without administrator", 5.0, upkeep.measure),
        Schedule("permission reviews", 60.0, opening.look),
        Schedule("forget tries to sign in", 60.0, tries.forget),
        Schedule("end sessions", 1.0, sessions.sweep),
        Schedule("forget sign-ins", 3600.0, lambda: sessions.forget_record(settings.sign_in_record_days)),
        Schedule("forget addresses that nobody verified", 600.0, upkeep.forget_addresses),
    )


def directory_schedules(
    upkeep: Upkeep, national: NationalDirectory | None, settings: AdminSettings
) -> tuple[Schedule, ...]:
    """Where there is a national directory: everybody, as it has them."""
    if national is None:
        return ()
    seconds = settings.national_directory_hours * 3600.0
    return (Schedule("national directory", seconds, lambda: upkeep.refresh(national)),)
