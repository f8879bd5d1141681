"""The composition root: the one place that knows every part of admin."""

from collections.abc import Sequence
from functools import partial

from services.admin.adapters.access_heads import AccessHeads
from services.admin.adapters.access_log import AccessLogDays
from services.admin.adapters.access_reading import AccessReading
from services.admin.adapters.access_sampling import Sampling
from services.admin.adapters.account_history import AccountHistory
from services.admin.adapters.cards import Cards, Trust
from services.admin.adapters.directory import Directory
from services.admin.adapters.documents import DocumentReading
from services.admin.adapters.heartbeat import Heartbeats
from services.admin.adapters.identity_provider import IdentityProvider, Provider
from services.admin.adapters.national_directory import AskedDirectory, DirectoryFile
from services.admin.adapters.portal_secrets import EndingSecrets
from services.admin.adapters.portal_use import PortalUse
from services.admin.adapters.reading_by_id import ReadingById
from services.admin.adapters.review_opening import ReviewOpening
from services.admin.adapters.review_reading import ReviewReading
from services.admin.adapters.rows.adaptations import AdaptationRows
from services.admin.adapters.rows.approval_rules import ApprovalRuleRows
from services.admin.adapters.rows.catalogue import CaseTypeRows, TemplateRows
from services.admin.adapters.secrets import PortalSecrets
from services.admin.adapters.sessions import Sessions
from services.admin.adapters.sign_in_tries import SignInTries
from services.admin.adapters.signing import SigningKeys
from services.admin.adapters.upkeep import Upkeep
from services.admin.adapters.work import AdminWork
from services.admin.domain.account import BY_SYSTEM
from services.admin.entrypoints.asking import Asking
from services.admin.entrypoints.browser import Cookies
from services.admin.entrypoints.consumers import HANDLERS
from services.admin.entrypoints.http.access_log import access_log_routes
from services.admin.entrypoints.http.accounts import account_routes
from services.admin.entrypoints.http.adaptations import adaptation_routes
from services.admin.entrypoints.http.approval_rules import approval_rule_routes
from services.admin.entrypoints.http.catalogue import case_type_routes
from services.admin.entrypoints.http.clinic_life import life_routes
from services.admin.entrypoints.http.clinic_settings import settings_routes
from services.admin.entrypoints.http.clinics import clinic_routes
from services.admin.entrypoints.http.grid import grid_routes
from services.admin.entrypoints.http.groups import group_routes
from services.admin.entrypoints.http.locks import lock_routes
from services.admin.entrypoints.http.portals import portal_routes
from services.admin.entrypoints.http.reviews import review_routes
from services.admin.entrypoints.http.sessions import session_routes
from services.admin.entrypoints.http.sign_in import sign_in_routes
from services.admin.entrypoints.http.templates import template_routes
from services.admin.entrypoints.http.terms import terms_routes
from services.admin.entrypoints.http.tokens import development_routes, token_routes
from services.admin.entrypoints.performing import perform
from services.admin.entrypoints.schedules import account_schedules, directory_schedules, schedules
from services.admin.entrypoints.signing_in import SigningIn
from services.admin.invariants import INVARIANTS
from services.admin.settings import AdminSettings
from shared.clock import utc_now
from shared.composition import Assembly
from shared.contracts.topics import ACCESS_LOG_COMMANDS
from shared.messaging.batch import NoReplies
from shared.messaging.broker import Subscription
from shared.process import Service
from shared.settings import Environment


def identity_provider(settings: AdminSettings) -> IdentityProvider | None:
    """The provider that is configured."""
    if not settings.oidc_issuer:
        return None
    enough = settings.oidc_levels[settings.oidc_levels.index(settings.oidc_least_level) :]
    provider = Provider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value(),
        f"{settings.public_url.rstrip('/')}/sign-in/callback",
        settings.oidc_scope,
        settings.oidc_algorithms,
        enough,
        plain_http=settings.environment is Environment.DEVELOPMENT,
    )
    return IdentityProvider(provider, utc_now)


def cards(settings: AdminSettings) -> Cards | None:
    """The judge of cards, where a proxy takes them."""
    if settings.card_roots is None or settings.card_revocations is None:
        return None
    secret = settings.card_proxy_secret.get_secret_value()
    return Cards(Trust(secret, settings.card_roots, settings.card_revocations, settings.card_policies))


def build(settings: AdminSettings) -> Service:
    """Admin, ready to run."""
    assembly = Assembly("admin", settings, HANDLERS, AdminWork, NoReplies(), invariants=INVARIANTS)
    database, app = assembly.database, assembly.app
    directory = Directory(database)
    secrets, use = PortalSecrets(settings.master_key()), PortalUse(database)
    keys = SigningKeys(database, settings.master_key(), utc_now)
    itself = partial(perform, assembly.runner, who=BY_SYSTEM)
    upkeep, tries = Upkeep(database, utc_now, itself), SignInTries(database, utc_now, itself)
    national = (
        AskedDirectory(DirectoryFile(settings.national_directory)) if settings.national_directory else None
    )
    asking = Asking(assembly.commands, directory)
    app.include_router(clinic_routes(asking))
    app.include_router(settings_routes(asking))
    app.include_router(life_routes(asking))
    app.include_router(account_routes(asking))
    app.include_router(grid_routes(asking))
    app.include_router(review_routes(asking, ReviewReading(database), utc_now))
    app.include_router(group_routes(asking))
    app.include_router(lock_routes(asking, AccountHistory(database), national))
    app.include_router(portal_routes(asking, secrets, use, utc_now))
    case_types = DocumentReading(database, CaseTypeRows)
    app.include_router(case_type_routes(asking, case_types))
    app.include_router(template_routes(asking, DocumentReading(database, TemplateRows)))
    app.include_router(approval_rule_routes(asking, ReadingById(database, ApprovalRuleRows)))
    app.include_router(adaptation_routes(asking, case_types, ReadingById(database, AdaptationRows)))
    app.include_router(access_log_routes(asking, AccessReading(database), utc_now))
    app.include_router(token_routes(directory, secrets, keys, use, utc_now))
    sessions = Sessions(database, utc_now)
    signing_in = SigningIn(
        assembly.runner, directory, sessions, tries, Cookies(settings.master_key()), utc_now, national
    )
    app.include_router(terms_routes(asking, sessions))
    app.include_router(session_routes(signing_in, keys))
    app.include_router(
        sign_in_routes(
            signing_in,
            identity_provider(settings),
            cards(settings),
            return_paths=settings.return_paths,
            levels=settings.oidc_levels,
            least_level=settings.oidc_least_level,
        )
    )
    if settings.signs_in_without_proof:
        app.include_router(development_routes(directory, keys))

    def subscribe(slot: int) -> tuple[Sequence[Subscription], Sequence[Subscription]]:
        log = assembly.subscription(
            slot, "admin-access-log", assembly.runner.take, topics=[ACCESS_LOG_COMMANDS.name]
        )
        return (), (log,)

    days = AccessLogDays(database, utc_now, settings.access_log_years)
    service = assembly.finish(
        subscribe,
        (
            *schedules(
                Heartbeats(database, utc_now),
                keys,
                days,
                AccessHeads(database, keys, utc_now),
                Sampling(database, utc_now, settings.access_sample_size),
                EndingSecrets(database, utc_now),
            ),
            *account_schedules(
                upkeep,
                ReviewOpening(database, utc_now, settings.permission_review_months),
                tries,
                sessions,
                settings,
            ),
            *directory_schedules(upkeep, national, settings),
        ),
    )
    service.opened = (keys.ensure, days.keep)
    return service
