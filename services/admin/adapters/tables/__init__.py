"""Admin's tables, as the migrations make them."""

from services.admin.adapters.tables.access_log import ACCESS_LOG as ACCESS_LOG
from services.admin.adapters.tables.accounts import ACCOUNTS as ACCOUNTS
from services.admin.adapters.tables.accounts import ALERTS as ALERTS
from services.admin.adapters.tables.accounts import SIGN_IN_TRIES as SIGN_IN_TRIES
from services.admin.adapters.tables.catalogue import CASE_TYPES as CASE_TYPES
from services.admin.adapters.tables.clinics import CLINICS as CLINICS
from services.admin.adapters.tables.groups import GROUPS as GROUPS
from services.admin.adapters.tables.history import metadata as metadata
from services.admin.adapters.tables.keys import OWN_KEYS as OWN_KEYS
from services.admin.adapters.tables.portals import PORTALS as PORTALS
from services.admin.adapters.tables.reviews import PERMISSION_REVIEWS as PERMISSION_REVIEWS
from services.admin.adapters.tables.sign_in import SESSIONS as SESSIONS
