"""The table of contents: which message or command goes to which use case, with which rows."""

from services.admin.entrypoints.handling.access_log import ACCESS_LOG
from services.admin.entrypoints.handling.accounts import ACCOUNTS
from services.admin.entrypoints.handling.catalogue import CATALOGUE
from services.admin.entrypoints.handling.clinics import CLINICS
from services.admin.entrypoints.handling.groups import GROUPS
from services.admin.entrypoints.handling.portals import PORTALS
from services.admin.entrypoints.handling.region import REGION
from services.admin.entrypoints.handling.reviews import REVIEWS
from services.admin.entrypoints.handling.sign_in import SIGN_IN
from services.admin.entrypoints.handling.templates import TEMPLATES
from shared.messaging.handlers import Handlers

HANDLERS = Handlers(
    (
        *CLINICS,
        *ACCOUNTS,
        *REVIEWS,
        *GROUPS,
        *PORTALS,
        *CATALOGUE,
        *TEMPLATES,
        *REGION,
        *SIGN_IN,
        *ACCESS_LOG,
    )
)
